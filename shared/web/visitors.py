"""Who a browser is from one answer to the next: a random name in a cookie. There is no session."""

import re
import secrets

from starlette.requests import Request
from starlette.responses import Response

from shared.web.cookies import Cookies

COOKIE = "tribune_visitor"
_NAME = re.compile("[0-9a-f]{32}")


def known_visitor(request: Request) -> str:
    """The browser's name; nothing if it has none."""
    known = request.cookies.get(COOKIE, "")
    return known if _NAME.fullmatch(known) else ""


def visitor_of(request: Request) -> str:
    """The browser's name, a fresh one if it has none."""
    return known_visitor(request) or secrets.token_hex(16)


def know(cookies: Cookies, request: Request, response: Response, name: str) -> None:
    cookies.put(request, response, COOKIE, name, None)
