"""The public site over HTTP: pages, feeds, the stream that tells of changes, style and script."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import aclosing
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from services.publishing.live import Live
from services.publishing.site.desk import Desk
from services.publishing.site.figures import Figures
from services.publishing.site.page import Page
from services.publishing.site.pages import LISTS, Pages
from services.publishing.site.preferences import USUAL, PreferencesPage, rows_for
from services.publishing.site.progress import Goals
from services.publishing.site.shelf import Shelf
from services.publishing.site.sorry import NotFoundError, NotWholeError
from services.publishing.site.source import Source
from services.publishing.site.standing import Standing, Watchman
from shared.runtime.charter import Charter
from shared.runtime.open_files import most_connections
from shared.web.answers import ASK_AGAIN, FOR_A_MINUTE, Kept, answer
from shared.web.frame import Frame
from shared.web.problems import RESPONSES

SHARE_OF_STREAMS = 0.8  # of all connections; other readers ask every 30 s
MOST_DIGITS = 18
LOOK_EVERY_S = 1.0
COME_BACK_MS = (2_000, 5_000)


def routes(site: "Site") -> list[BaseRoute]:
    """Everything under `/`; whatever is more special has to come before it."""
    return [
        Route("/", site.front),
        Route("/place/{code}", site.place),
        Route("/live", site.changes),
        Route("/feed/{kind}.atom", site.feed),
        *site.preferences.routes(),
        Route("/{kind}", site.listing),
        Route("/{path:path}", site.nothing),
    ]


def router(site: "Site") -> APIRouter:
    """What programs can ask."""
    api = APIRouter(prefix="/api", tags=["What is public"], responses=RESPONSES)

    @api.head("/figures", include_in_schema=False)
    @api.get("/figures", summary="Figures of a place, or of all")
    async def figures(
        response: Response,
        place: Annotated[str | None, Query(max_length=120, description="a place's code")] = None,
    ) -> Figures:
        response.headers["Cache-Control"] = ASK_AGAIN
        return await site.figures(place)

    return api


class Site:
    """One method answers one kind of address.

    `goals` tell what a page must hold to be whole, `connected` whether there is the log.
    """

    def __init__(
        self,
        source: Source,
        charter: Charter,
        live: Live,
        tracks: Mapping[str, str],
        now: Callable[[], datetime],
        goals: Goals,
        connected: Callable[[], bool],
        frame: Frame,
    ) -> None:
        self._places = charter.places
        self._live = live
        self._frame = frame
        self.preferences = PreferencesPage(frame)
        self._pages = Pages(source, goals, charter, tracks, now, frame)
        self.watchman = Watchman(source, goals, connected, now)
        self._desk = Desk(source, self.watchman)
        self._shelf = Shelf(lambda: (live.turn, goals.version()))
        self._endless = Shelf(lambda: (live.turn, goals.version()), rare=True)
        self._streams = asyncio.Semaphore(int(SHARE_OF_STREAMS * most_connections()))

    async def watch(self) -> None:
        """Until cancelled: looks whether the database is back, and whether open pages have to say
        something else than before."""
        while True:
            if await self.watchman.look():
                self._live.stir()
            await asyncio.sleep(LOOK_EVERY_S)

    async def front(self, request: Request) -> Response:
        return await self._page(request, self._shelf, "/", self._pages.front)

    async def place(self, request: Request) -> Response:
        code = self._registered(request.path_params["code"])
        render = partial(self._pages.place, code)
        return await self._page(request, self._shelf, f"/place/{code}", render)

    async def listing(self, request: Request) -> Response:
        kind, code = _kind(request), request.query_params.get("place")
        place = self._registered(code) if code else None
        before = _sequence(request.query_params.get("before"))
        rows = rows_for(request)
        is_usual = before is None and rows == USUAL
        shelf = self._shelf if is_usual else self._endless
        render = partial(self._pages.listing, kind, place, before, rows)
        key = f"/{kind}?place={place}&before={before}&rows={rows}"
        return await self._page(request, shelf, key, render)

    async def figures(self, place: str | None) -> Figures:
        if place is not None and place not in self._places:
            raise HTTPException(HTTPStatus.NOT_FOUND, "There is no such place in the register.")
        render = partial(self._pages.figures, place)
        handed = await self._desk.hand(self._endless, f"/api/figures?place={place}", render)
        told = Figures.model_validate_json(handed.page.text)
        at, missing = handed.standing.of or told.as_of, handed.standing.missing
        return told.model_copy(update={"as_of": at, "whole": missing is None})

    async def feed(self, request: Request) -> Response:
        """A feed can't say that it is not the whole, so it is not there until it is."""
        kind = _kind(request)
        render = partial(self._pages.feed, kind, self._frame.sites.base)
        handed = await self._desk.hand(self._endless, f"/feed/{kind}", render)
        if handed.standing.missing:
            raise NotWholeError
        return answer(request, handed.page.kept(_feed), FOR_A_MINUTE)

    async def changes(self, _: Request) -> Response:
        if self._streams.locked():
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "60"})
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(
            self._server_sent(), media_type="text/event-stream", headers=headers
        )

    async def _server_sent(self) -> AsyncIterator[str]:
        """`changed` with the position reached, and before it over how many ms to come for it; a
        comment now and then keeps proxies awake. After a restart they do not come all at once."""
        async with self._streams, aclosing(self._live.changes()) as changes:
            yield f"retry: {random.randint(*COME_BACK_MS)}\n\n"  # noqa: S311  no secret
            async for position in changes:
                spread = f"event: spread\ndata: {self._live.spread_ms}\n\n"
                changed = f"event: changed\ndata: {position}\n\n"
                yield ": alive\n\n" if position is None else spread + changed

    async def nothing(self, _: Request) -> Response:
        raise NotFoundError

    async def _page(
        self, request: Request, shelf: Shelf, key: str, render: Callable[[], Page]
    ) -> Response:
        handed = await self._desk.hand(shelf, key, render)
        if self._frame.flash.waiting(request) or not handed.standing.good:
            return self._frame.shown(request, self._with_standing(handed.page, handed.standing))
        return answer(request, handed.page.kept(self._finished), vary="Cookie")

    def _finished(self, page: Page) -> Kept:
        return Kept(self._frame.with_message(self._with_standing(page, Standing())).encode())

    def _with_standing(self, page: Page, standing: Standing) -> str:
        return page.with_standing(self._pages.standing(standing))

    def _registered(self, code: str) -> str:
        if code not in self._places:
            raise NotFoundError
        return code


def _feed(page: Page) -> Kept:
    return Kept(page.text.encode(), "application/atom+xml")


def _kind(request: Request) -> str:
    kind = str(request.path_params["kind"])
    if kind not in LISTS:
        raise NotFoundError
    return kind


def _sequence(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise NotFoundError
    return int(text)
