"""A cookie whose few words only we can have written."""

from dataclasses import dataclass
from typing import Literal

from itsdangerous import BadData
from starlette.requests import Request
from starlette.responses import Response

from shared.web.cookies import Cookies


@dataclass(frozen=True)
class SignedCookie:
    cookies: Cookies
    name: str
    lasts_s: int
    same_site: Literal["lax", "strict"] = "strict"

    def of(self, request: Request, words: int) -> list[str] | None:
        """None where there is none, or none with so many words."""
        try:
            given = request.cookies.get(self.name, "")
            found = self.cookies.signer(f"cookie {self.name}").loads(given, max_age=self.lasts_s)
        except BadData:
            return None
        return found if isinstance(found, list) and len(found) == words else None

    def put(self, request: Request, response: Response, *words: str) -> None:
        signed = self.cookies.signer(f"cookie {self.name}").dumps(words)
        self.cookies.put(request, response, self.name, signed, self.lasts_s, self.same_site)

    def drop(self, request: Request, response: Response) -> None:
        self.cookies.put(request, response, self.name, "", 0, self.same_site)
