"""Browsers that somebody called theirs: a signed cookie, which tells them from any other."""

from dataclasses import dataclass
from secrets import token_hex

from itsdangerous import BadData
from starlette.requests import Request
from starlette.responses import Response

from shared.web.cookies import Cookies

COOKIE, LASTS_S = "tribune_browser", 30 * 24 * 60 * 60


@dataclass(frozen=True)
class OwnBrowsers:
    cookies: Cookies

    def of(self, request: Request) -> tuple[str, str]:
        """Whose it is, and its own random name; nothing for any other one."""
        try:
            given = request.cookies.get(COOKIE, "")
            whose, browser = self.cookies.signer("browser").loads(given, max_age=LASTS_S)
        except (BadData, ValueError, TypeError):
            return "", ""
        return str(whose), str(browser)

    def remember(self, request: Request, response: Response, whose: str) -> None:
        signed = self.cookies.signer("browser").dumps([whose, token_hex(8)])
        self.cookies.put(request, response, COOKIE, signed, LASTS_S, "strict")
