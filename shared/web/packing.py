"""Packs what is made for one reader; what is kept for all was packed before."""

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.web.answers import unpacks

ACCEPTS = "accept-encoding"
LEVEL = 5


class Packing(GZipMiddleware):
    """Starlette packs for `gzip;q=0` as well, which says that it must not be."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not unpacks(Headers(scope=scope).get(ACCEPTS, "")):
            others = [each for each in scope["headers"] if each[0] != ACCEPTS.encode()]
            scope = {**scope, "headers": others}
        await super().__call__(scope, receive, send)


def packed(app: ASGIApp) -> ASGIApp:
    return Packing(app, compresslevel=LEVEL)
