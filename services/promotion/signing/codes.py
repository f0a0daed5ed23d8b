"""Codes that an authenticator shows (RFC 6238), and codes for the day when it is lost."""

import hmac
import secrets
from base64 import b32encode
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote

STEP_S, DIGITS, STEPS_APART = 30, 6, 1
SEED_BYTES = 20
RECOVERY_CODES = 8


def new_seed() -> bytes:
    return secrets.token_bytes(SEED_BYTES)


def step_of(now: datetime) -> int:
    return int(now.timestamp()) // STEP_S


def code_at(seed: bytes, step: int) -> str:
    digest = hmac.digest(seed, step.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 0xF
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def step_shown_by(seed: bytes, typed: str, now: datetime) -> int | None:
    """The step whose code was typed, of those that a clock may be at; None if it is none of them.
    Whoever asks sees to it that no step counts twice."""
    given = without_spaces(typed)
    found = None
    for step in range(step_of(now) - STEPS_APART, step_of(now) + STEPS_APART + 1):
        if hmac.compare_digest(code_at(seed, step).encode(), given.encode("utf-8", "replace")):
            found = step
    return found


def seed_in_words(seed: bytes) -> str:
    """As people type it into an authenticator, in groups of four."""
    text = b32encode(seed).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def address_of(seed: bytes, house: str, who: str) -> str:
    """For an authenticator on the same device."""
    label, issuer = quote(f"{house}:{who}", safe=""), quote(house, safe="")
    return f"otpauth://totp/{label}?secret={b32encode(seed).decode()}&issuer={issuer}"


def new_word(octets: int = 10) -> str:
    """A random word to type once, such as an invitation: `k3jd-9s2f-…`."""
    text = b32encode(secrets.token_bytes(octets)).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def new_recovery_codes() -> list[str]:
    return [new_word() for _ in range(RECOVERY_CODES)]


def hashed_word(word: str) -> str:
    """What may be told of it: SHA-256, in hexadecimal digits."""
    return sha256(without_spaces(word).encode("utf-8", "surrogatepass")).hexdigest()


def without_spaces(typed: str) -> str:
    return "".join(sign for sign in typed.lower() if sign not in " -\u00a0\u202f")
