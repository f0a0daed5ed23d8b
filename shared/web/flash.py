"""Messages that are shown once, on the next page that a visitor opens."""

from dataclasses import dataclass

from itsdangerous import BadData
from starlette.requests import Request
from starlette.responses import Response

from shared.web.cookies import Cookies

COOKIE = "tribune_message"
LASTS_S = 300
LONGEST = 500

ROOM = "<!-- message -->"
"""Where a page leaves room; text from elsewhere is escaped and cannot contain it."""


@dataclass(frozen=True)
class Flash:
    """Signed, so that nobody else can put words into our mouth; any service may show it."""

    cookies: Cookies

    def leave(self, request: Request, response: Response, text: str) -> None:
        signed = self.cookies.signer("message").dumps(text[:LONGEST])
        self.cookies.put(request, response, COOKIE, signed, LASTS_S)

    def waiting(self, request: Request) -> str:
        """What is to be shown, if anything is."""
        try:
            text = self.cookies.signer("message").loads(
                request.cookies.get(COOKIE, ""), max_age=LASTS_S
            )
        except BadData:
            return ""
        return text if isinstance(text, str) else ""

    def shown(self, request: Request, response: Response) -> None:
        """From now on it waits no more."""
        self.cookies.drop(request, response, COOKIE)
