"""A device that keeps a passkey, in a few lines: it says whatever a test wants."""

import json
import os
import re
import struct
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from html import unescape

import cbor2
import httpx
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from promotion_site import BASE
from visiting import GOOD, sent

HOST = "tribune.test"
CHALLENGE = re.compile(r'"challenge":\s*"([^"]+)"')
ATTESTED, UNLOCKED = 0x45, 0x05


@dataclass
class Device:
    credential: bytes = field(default_factory=lambda: os.urandom(16))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def made(self, challenge: str) -> str:
        """Its answer to who asks for a new passkey."""
        numbers = self.key.public_key().public_numbers()
        x, y = [each.to_bytes(32, "big") for each in (numbers.x, numbers.y)]
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        length = struct.pack(">H", len(self.credential))
        data = _about(ATTESTED) + bytes(16) + length + self.credential + public
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = _said("webauthn.create", challenge)
        return self._told(clientDataJSON=said, attestationObject=attested)

    def shown(self, challenge: str) -> str:
        """Its answer to who wants to sign in."""
        said, data = _said("webauthn.get", challenge), _about(UNLOCKED)
        signed = self.key.sign(data + sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._told(clientDataJSON=said, authenticatorData=data, signature=signed)

    def _told(self, **response: bytes) -> str:
        told = {name: _text(octets) for name, octets in response.items()}
        ours = _text(self.credential)
        return json.dumps({"id": ours, "rawId": ours, "type": "public-key", "response": told})


async def adds(
    visitor: httpx.AsyncClient, device: Device, passphrase: str = GOOD
) -> httpx.Response:
    page = await visitor.get("/me/passkey")
    made = device.made(challenge_in(page))
    return await sent(visitor, page, "/me/passkey", credential=made, passphrase=passphrase)


async def shows(visitor: httpx.AsyncClient, device: Device) -> httpx.Response:
    page = await visitor.get("/passkey")
    return await sent(visitor, page, "/passkey", credential=device.shown(challenge_in(page)))


def challenge_in(page: httpx.Response) -> str:
    found = CHALLENGE.search(unescape(page.text))
    assert found, page.text
    return found[1]


def _about(flags: int) -> bytes:
    return sha256(HOST.encode()).digest() + bytes([flags]) + bytes(4)


def _said(kind: str, challenge: str) -> bytes:
    return json.dumps({"type": kind, "challenge": challenge, "origin": BASE}).encode()


def _text(octets: bytes) -> str:
    return urlsafe_b64encode(octets).decode().rstrip("=")
