"""An OpenID provider at which the staff sign in: code flow with PKCE, state and nonce."""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.promotion.signing.errors import WrongError
from shared.eventsourcing.errors import TryLaterError
from shared.runtime.this_machine import is_loopback, is_safe
from shared.web.now import Now, utc_now

ALGORITHMS = ["RS256", "PS256", "ES256", "Ed25519"]
ANSWERS_WITHIN_S = 10.0
CLOCKS_APART_S = 60
LARGEST_ANSWER = 256 * 1024


class ProviderAwayError(TryLaterError):
    """It does not answer, or not as the standard has it."""


@dataclass(frozen=True)
class Begun:
    """What has to come back, or to be shown once more, when somebody comes back from there."""

    state: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    nonce: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))

    @property
    def challenge(self) -> str:
        digest = sha256(self.verifier.encode()).digest()
        return urlsafe_b64encode(digest).decode().rstrip("=")


@dataclass
class Provider:
    """`name` is what people call it. It is asked for its addresses once, and for its keys whenever
    one is not known."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    now: Now = utc_now
    _about: dict[str, Any] = field(default_factory=dict, repr=False)
    _keys: KeySet | None = field(default=None, repr=False)

    async def address(self, begun: Begun, comes_back_to: str) -> str:
        """Where to send somebody. Raises ProviderAwayError."""
        about = await self._addresses()
        asked = {
            "response_type": "code",
            "scope": "openid",
            "client_id": self.client_id,
            "redirect_uri": comes_back_to,
            "state": begun.state,
            "nonce": begun.nonce,
            "code_challenge": begun.challenge,
            "code_challenge_method": "S256",
        }
        there = about["authorization_endpoint"]
        return f"{there}{'&' if urlsplit(there).query else '?'}{urlencode(asked)}"

    async def subject(self, begun: Begun, code: str, comes_back_to: str) -> str:
        """Who they are there. Raises WrongError, ProviderAwayError."""
        about = await self._addresses()
        body = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": comes_back_to,
            "code_verifier": begun.verifier,
        }
        who = (quote(self.client_id, safe=""), quote(self.client_secret, safe=""))
        answer = await self._ask("POST", about["token_endpoint"], data=body, auth=who)
        if answer.status_code in (HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED):
            raise WrongError
        token = str(_object(answer).get("id_token", ""))
        claims = await self._claims(token)
        self._look_at(claims, begun)
        return str(claims["sub"])

    async def _claims(self, token: str) -> dict[str, Any]:
        for keys in (self._keys, None):
            known = keys or await self._fresh_keys()
            try:
                return dict(jwt.decode(token, known, ALGORITHMS).claims)
            except (JoseError, ValueError, TypeError):
                if keys is None:
                    raise WrongError from None
        raise WrongError

    def _look_at(self, claims: dict[str, Any], begun: Begun) -> None:
        """Raises WrongError."""
        audience = claims.get("aud")
        for_us = audience == self.client_id or (
            isinstance(audience, list)
            and self.client_id in audience
            and (len(audience) == 1 or claims.get("azp") == self.client_id)
        )
        expires, at = claims.get("exp"), self.now().timestamp()
        is_fresh = isinstance(expires, int | float) and at < expires + CLOCKS_APART_S
        is_mine = secrets.compare_digest(str(claims.get("nonce", "")), begun.nonce)
        subject = claims.get("sub")
        if (
            claims.get("iss") != self.issuer
            or not (for_us and is_fresh and is_mine)
            or not isinstance(subject, str)
            or not subject
        ):
            raise WrongError

    async def _addresses(self) -> dict[str, Any]:
        if not self._about:
            there = f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
            about = _object(await self._ask("GET", there))
            wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
            if about.get("issuer") != self.issuer or not all(
                is_safe(str(about.get(each, ""))) for each in wanted
            ):
                raise ProviderAwayError("the provider says other things of itself than we know")
            self._about = about
        return self._about

    async def _fresh_keys(self) -> KeySet:
        about = await self._addresses()
        try:
            answer = _object(await self._ask("GET", about["jwks_uri"]))
            self._keys = KeySet.import_key_set(answer)  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise ProviderAwayError("the provider's keys can't be read") from error
        return self._keys

    async def _ask(self, method: str, address: str, **more: Any) -> httpx.Response:
        by_proxy = not is_loopback(address)
        try:
            async with httpx.AsyncClient(timeout=ANSWERS_WITHIN_S, trust_env=by_proxy) as client:
                return await client.request(method, address, **more)
        except httpx.HTTPError as error:
            raise ProviderAwayError("the provider does not answer") from error


def _object(answer: httpx.Response) -> dict[str, Any]:
    if answer.status_code != HTTPStatus.OK or len(answer.content) > LARGEST_ANSWER:
        raise ProviderAwayError(f"the provider answers {answer.status_code}")
    try:
        found = answer.json()
    except ValueError as error:
        raise ProviderAwayError("the provider answers with no JSON") from error
    if not isinstance(found, dict):
        raise ProviderAwayError("the provider answers with no object")
    return found
