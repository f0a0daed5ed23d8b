"""Cookies as all of ours are: for every service on this host, and out of reach of scripts."""

import hashlib
from dataclasses import dataclass
from typing import Any, Literal

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response


@dataclass(frozen=True)
class Cookies:
    """`key` is the same for all services of an instance; `is_secure` is known from settings, for a
    proxy may speak plainly with us."""

    key: bytes
    is_secure: bool = False

    def put(
        self,
        request: Request,
        response: Response,
        name: str,
        value: str,
        lasts_s: int | None,
        same_site: Literal["lax", "strict"] = "lax",
    ) -> None:
        """Without a Domain it is sent to every port of the host. None: until the browser ends."""
        response.set_cookie(
            name,
            value,
            max_age=lasts_s,
            path="/",
            secure=self.is_safe(request),
            httponly=True,
            samesite=same_site,
        )

    def is_safe(self, request: Request) -> bool:
        """Whether nobody on the way reads or writes what goes to and fro."""
        return self.is_secure or request.url.scheme == "https"

    def drop(self, request: Request, response: Response, name: str) -> None:
        self.put(request, response, name, "", 0)

    def sign(self, purpose: str, said: Any) -> str:
        """A word that only we can have given."""
        return str(self.signer(purpose).dumps(said))

    def signed(self, purpose: str, word: str, within_s: int) -> Any:
        """None for a word that we did not give for this purpose, or too long ago."""
        try:
            return self.signer(purpose).loads(word, max_age=within_s)
        except BadData:
            return None

    def signer(self, purpose: str) -> URLSafeTimedSerializer:
        """What is signed for one purpose is good for no other."""
        how = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
        return URLSafeTimedSerializer(self.key, salt=f"tribune {purpose}", signer_kwargs=how)
