"""The public site over HTTP: pages, feeds, the stream that tells of changes, style and script."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import datetime
from http import HTTPStatus

import structlog
from sqlalchemy import Engine
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route

from services.publishing.live import Live
from services.publishing.site.assets import read_assets
from services.publishing.site.headers import SecurityHeaders
from services.publishing.site.pages import LISTS, Pages
from services.publishing.site.shelf import Page, Shelf
from shared.runtime.charter import Charter

ASK_AGAIN = "no-cache"
FOR_A_MINUTE = "public, max-age=60"
FOR_EVER = "public, max-age=31536000, immutable"
MOST_STREAMS = 800  # below the usual limit of 1,024 open files; other readers ask every 30 s
MOST_DIGITS = 18

NOT_FOUND = ("Not found", "There is no such page here. The place may not be in the register.")
FAILED = ("Something went wrong", "The page cannot be shown just now. Please try again shortly.")


def routes(
    engine: Engine,
    charter: Charter,
    live: Live,
    tracks: Mapping[str, str],
    now: Callable[[], datetime],
) -> list[BaseRoute]:
    """Everything under `/`; whatever is more special has to come before it."""
    site = Site(engine, charter, live, tracks, now)
    return [
        Mount(
            "",
            routes=[
                Route("/", site.front),
                Route("/place/{code}", site.place),
                Route("/live", site.changes),
                Route("/feed/{kind}.atom", site.feed),
                Route("/static/{digest}/{name}", site.static),
                Route("/{kind}", site.listing),
                Route("/{path:path}", site.nothing),
            ],
            middleware=[
                Middleware(SecurityHeaders),
                Middleware(GZipMiddleware, compresslevel=5),
                Middleware(
                    ExceptionMiddleware,
                    handlers={HTTPException: site.refused, Exception: site.failed},
                ),
            ],
        )
    ]


class Site:
    """One method answers one kind of address."""

    def __init__(
        self,
        engine: Engine,
        charter: Charter,
        live: Live,
        tracks: Mapping[str, str],
        now: Callable[[], datetime],
    ) -> None:
        self._places = charter.places
        self._live = live
        self._assets = read_assets()
        self._pages = Pages(engine, charter, tracks, now, self._assets)
        self._shelf = Shelf(lambda: live.position)
        self._streams = asyncio.Semaphore(MOST_STREAMS)

    async def front(self, request: Request) -> Response:
        return _answer(request, await self._shelf.page("/", self._pages.front))

    async def place(self, request: Request) -> Response:
        code = self._registered(request.path_params["code"])
        page = await self._shelf.page(f"/place/{code}", lambda: self._pages.place(code))
        return _answer(request, page)

    async def listing(self, request: Request) -> Response:
        kind, code = _kind(request), request.query_params.get("place")
        place = self._registered(code) if code else None
        before = _sequence(request.query_params.get("before"))
        page = await self._shelf.page(
            f"/{kind}?place={place}&before={before}",
            lambda: self._pages.listing(kind, place, before),
        )
        return _answer(request, page)

    async def feed(self, request: Request) -> Response:
        kind, base = _kind(request), str(request.base_url)
        page = await self._shelf.page(f"/feed/{kind} {base}", lambda: self._pages.feed(kind, base))
        return _answer(request, page, "application/atom+xml", FOR_A_MINUTE)

    async def changes(self, _: Request) -> Response:
        if self._streams.locked():
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "60"})
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(
            self._server_sent(), media_type="text/event-stream", headers=headers
        )

    async def _server_sent(self) -> AsyncIterator[str]:
        """`changed` with the position reached; a comment now and then keeps proxies awake."""
        async with self._streams:
            yield "retry: 3000\n\n"
            async for position in self._live.changes():
                yield ": alive\n\n" if position is None else f"event: changed\ndata: {position}\n\n"

    async def static(self, request: Request) -> Response:
        asset = self._assets.get(request.path_params["name"])
        if asset is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        current = request.path_params["digest"] == asset.digest
        headers = {"Cache-Control": FOR_EVER if current else ASK_AGAIN}
        return Response(asset.body, media_type=asset.media_type, headers=headers)

    async def nothing(self, _: Request) -> Response:
        raise HTTPException(HTTPStatus.NOT_FOUND)

    async def refused(self, _: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        missing = error.status_code == HTTPStatus.NOT_FOUND
        title, text = NOT_FOUND if missing else (error.detail, FAILED[1])
        return self._error_page(error.status_code, title, text, error.headers)

    async def failed(self, request: Request, error: Exception) -> Response:
        structlog.get_logger().error("a page failed", path=request.url.path, exc_info=error)
        return self._error_page(HTTPStatus.INTERNAL_SERVER_ERROR, *FAILED)

    def _error_page(
        self, status: int, title: str, text: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        body = self._pages.error(title, text)
        return HTMLResponse(body, status, {"Cache-Control": "no-store"} | dict(headers or {}))

    def _registered(self, code: str) -> str:
        if code not in self._places:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return code


def _answer(
    request: Request, page: Page, media_type: str = "text/html", cache: str = ASK_AGAIN
) -> Response:
    headers = {"ETag": page.etag, "Cache-Control": cache}
    if page.etag in request.headers.get("If-None-Match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(page.body, media_type=f"{media_type}; charset=utf-8", headers=headers)


def _kind(request: Request) -> str:
    kind = str(request.path_params["kind"])
    if kind not in LISTS:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return kind


def _sequence(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return int(text)
