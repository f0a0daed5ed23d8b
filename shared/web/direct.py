"""Answers that are kept for all their readers go past what only other ones need."""

from collections.abc import Sequence

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.web.packing import packed

OTHERWISE = {b"cookie", b"content-length", b"transfer-encoding", b"expect"}
"""Whoever sends one of these is somebody in particular, or sends something."""


class KeptRoute(Route):
    """Of a page that is made once for all its readers."""


class Direct:
    """The routes stand among all others as well: whatever is not plainly asked for, and whatever
    does not succeed, goes the usual way."""

    def __init__(self, app: ASGIApp, routes: Sequence[KeptRoute]) -> None:
        self._app = app
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._answer(scope) if _is_plain(scope) else None
        await (answer or self._app)(scope, receive, send)

    async def _answer(self, scope: Scope) -> ASGIApp | None:
        for route in self._routes:
            match, child = route.matches(scope)
            if match is Match.FULL:
                try:
                    response: Response = await route.endpoint(Request({**scope, **child}))
                except HTTPException:
                    return None
                except Exception:  # noqa: BLE001  the usual way fails as well, and tells it
                    structlog.get_logger().debug("not answered at once", exc_info=True)
                    return None
                return response if "content-encoding" in response.headers else packed(response)
        return None


def _is_plain(scope: Scope) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET" or scope["query_string"]:
        return False
    return not any(name in OTHERWISE for name, _ in scope["headers"])
