"""The cookie that a session lies in."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from shared.web.cookies import Cookies
from shared.web.sessions import LONGEST

NAME = "tribune_session"


@dataclass(frozen=True)
class SessionCookie:
    """Sent by our own pages alone, to this very host."""

    cookies: Cookies

    def name(self, request: Request) -> str:
        """Browsers take the prefix only where nobody on the way can write."""
        return f"__Host-{NAME}" if self.cookies.is_safe(request) else NAME

    def of(self, request: Request) -> str:
        return request.cookies.get(self.name(request), "")

    def give(self, request: Request, response: Response, token: str) -> None:
        name, lasts = self.name(request), int(LONGEST.total_seconds())
        self.cookies.put(request, response, name, token, lasts, "strict")

    def take_away(self, request: Request, response: Response) -> None:
        self.cookies.put(request, response, self.name(request), "", 0, "strict")
