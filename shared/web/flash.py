"""Messages that are shown once, on the next page that a visitor opens."""

from dataclasses import dataclass

from itsdangerous import BadData, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import Response

from shared.web.cookies import Cookies
from shared.web.visitors import know, known_visitor, visitor_of

COOKIE = "tribune_message"
LASTS_S = 300
LONGEST = 500

ROOM = "<!-- message -->"
"""Where a page leaves room; text from elsewhere is escaped and cannot contain it."""


@dataclass(frozen=True)
class Flash:
    """Signed for one visitor, so that nobody else can put words into our mouth, or show somebody
    what was said to another; any service may show it."""

    cookies: Cookies

    def leave(self, request: Request, response: Response, text: str) -> None:
        name = visitor_of(request)
        signed = self._signer(name).dumps(text[:LONGEST])
        self.cookies.put(request, response, COOKIE, signed, LASTS_S)
        know(self.cookies, request, response, name)

    def waiting(self, request: Request) -> str:
        """What is to be shown, if anything is; not where a form is answered with a page."""
        name = known_visitor(request)
        if not name or request.method not in ("GET", "HEAD"):
            return ""
        try:
            given = request.cookies.get(COOKIE, "")
            text = self._signer(name).loads(given, max_age=LASTS_S)
        except BadData:
            return ""
        return text if isinstance(text, str) else ""

    def shown(self, request: Request, response: Response) -> None:
        """From now on it waits no more, if there was anybody to see it."""
        if request.method == "GET":
            self.cookies.drop(request, response, COOKIE)

    def _signer(self, name: str) -> URLSafeTimedSerializer:
        return self.cookies.signer(f"message to {name}")
