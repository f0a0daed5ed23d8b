"""The public site over HTTP: pages, the parts of open ones, feeds, and what programs may ask."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as FromPath
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from services.publishing.projections.kept import By
from services.publishing.projections.register import State
from services.publishing.site.check_pages import API, CHECKS
from services.publishing.site.checks import ON_A_PAGE, ChecksTold, checks_asked
from services.publishing.site.desk import Desk, Handed
from services.publishing.site.due import DueExplained
from services.publishing.site.feeds import Asked
from services.publishing.site.figures import Figures
from services.publishing.site.late import MOST, Late, LateAsked, after_of
from services.publishing.site.open311_desk import Open311Desk
from services.publishing.site.owners import OwnersAsked, Patterns, owners_asked, patterns_asked
from services.publishing.site.page import Page
from services.publishing.site.pages import LISTS, OWNERS, PATTERNS, Pages
from services.publishing.site.pictures import Get, Pictures, nothing_there
from services.publishing.site.preferences import USUAL, PreferencesPage, rows_for
from services.publishing.site.progress import Goals
from services.publishing.site.shelf import Shelf
from services.publishing.site.sorry import NotFoundError, NotWholeError
from services.publishing.site.source import Source
from services.publishing.site.standing import Standing, Watchman
from shared.contracts.identity import is_ours
from shared.contracts.values import MOST_TIERS
from shared.runtime.charter import Charter
from shared.runtime.live_stream import Telling
from shared.web.answers import ASK_AGAIN, FOR_A_MINUTE, Kept, answer, once
from shared.web.direct import KeptRoute
from shared.web.frame import Frame
from shared.web.live import Live
from shared.web.paging import address
from shared.web.problems import RESPONSES

MOST_DIGITS = 18
LOOK_EVERY_S = 1.0
AS_A_FILE = 'attachment; filename="{}.csv"'
MOST_CHECKS = 1_000
NO_SUCH = "There is no such place, sector or state, or no such day, number or check."
NO_CHECK = "There is no such check, or it was withdrawn."


def routes(site: "Site") -> list[BaseRoute]:
    """Everything under `/`; whatever is more special has to come before it."""
    return [
        KeptRoute("/", site.front),
        KeptRoute("/place/{code}", site.place),
        Route("/live", site.telling.changes),
        KeptRoute("/live/front", site.front_parts),
        KeptRoute("/live/place/{code}", site.place_parts),
        Route(CHECKS, site.checks),
        Route(f"{CHECKS}.csv", site.checks_as_csv),
        Route(f"{CHECKS}.ics", site.checks_as_calendar),
        Route("/checks/{check}", site.check),
        Route("/reports/{report}", site.report),
        Route("/reports/{report}/{picture}.jpg", site.picture),
        Route(OWNERS, site.owners),
        Route(f"{OWNERS}.csv", site.owners_as_csv),
        Route(PATTERNS, site.patterns),
        Route(f"{PATTERNS}.csv", site.patterns_as_csv),
        Route("/feed/{kind}.atom", site.feed),
        Route("/feed/{kind}/{archive}.atom", site.feed),
        *site.preferences.routes(),
        *site.open311.routes(),
        Route("/{kind}", site.listing),
        Route("/{path:path}", site.nothing),
    ]


class ChecksQuery(BaseModel):
    """What is asked of the register; all of it where nothing is said."""

    owner: str | None = Field(None, max_length=300, description="by any of its names")
    place: str | None = Field(None, max_length=120, description="a place's code, with all in it")
    sector: str | None = Field(None, max_length=60)
    state: State | None = None
    first: date | None = Field(None, alias="from", description="the first due day")
    until: date | None = Field(None, description="the last due day")
    age: int | None = Field(None, ge=0, le=400_000, description="due at least so many days ago")
    tier: int | None = Field(None, ge=1, le=MOST_TIERS, description="the highest it was raised in")
    after: str | None = Field(None, max_length=60, description="from the answer before")
    limit: int = Field(ON_A_PAGE, ge=1, le=MOST_CHECKS)


class PatternsQuery(BaseModel):
    """Of checks due on some days, at a place and in a sector, or of all."""

    by: By = "place"
    place: str | None = Field(None, max_length=120, description="a place's code, with all in it")
    sector: str | None = Field(None, max_length=60)
    first: date | None = Field(None, alias="from", description="the first due day")
    until: date | None = Field(None, description="the last due day")
    after: str | None = Field(None, max_length=300, description="from the answer before")


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

    @api.head("/checks", include_in_schema=False)
    @api.get("/checks", summary="The register of checks, by due day")
    async def checks(response: Response, asked: Annotated[ChecksQuery, Query()]) -> ChecksTold:
        response.headers["Cache-Control"] = ASK_AGAIN
        given = asked.model_dump(mode="json", by_alias=True, exclude_none=True)
        limit = given.pop("limit")
        return await site.checks_told({name: str(text) for name, text in given.items()}, limit)

    @api.head("/checks/{check}/due", include_in_schema=False)
    @api.get("/checks/{check}/due", summary="Why a check is due on its day")
    async def due(
        response: Response, check: Annotated[str, FromPath(description="the id of its page")]
    ) -> DueExplained:
        response.headers["Cache-Control"] = ASK_AGAIN
        return await site.due(check)

    @api.head("/late", include_in_schema=False)
    @api.get("/late", summary="What was late on one day, as was public on another")
    async def late(
        response: Response,
        on: Annotated[date, Query(description="the day, at whose end it was late")],
        known: Annotated[
            date | None, Query(description="the day at whose end that was known; by default today")
        ] = None,
        place: Annotated[str | None, Query(max_length=120, description="a place's code")] = None,
        after: Annotated[str | None, Query(max_length=43, description="as an answer said")] = None,
        limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    ) -> Late:
        response.headers["Cache-Control"] = ASK_AGAIN
        try:
            asked = LateAsked(on, known or date.max, place, after_of(after), limit)
        except ValueError as error:
            raise HTTPException(HTTPStatus.BAD_REQUEST, str(error)) from None
        return await site.late(asked)

    @api.head("/patterns", include_in_schema=False)
    @api.get("/patterns", summary="How commitments were kept, by owner, place, sector or month")
    async def patterns(response: Response, asked: Annotated[PatternsQuery, Query()]) -> Patterns:
        response.headers["Cache-Control"] = ASK_AGAIN
        given = asked.model_dump(mode="json", by_alias=True, exclude_none=True)
        return await site.patterns_told(given)

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
        picture: Get = nothing_there,
    ) -> None:
        self._pictures = Pictures(picture)
        self._places, self._sectors = charter.places, charter.sectors
        self._live = live
        self._frame = frame
        self.preferences = PreferencesPage(frame)
        self.open311 = Open311Desk(source, charter, now, frame.sites.base)
        self._pages = Pages(source, goals, charter, tracks, now, frame)
        self.watchman = Watchman(source, goals, connected, now)
        self._desk = Desk(source, self.watchman)
        self._shelf = Shelf(lambda: (live.turn, goals.version()))
        self._endless = Shelf(lambda: (live.turn, goals.version()), rare=True)
        self.telling = Telling(live)

    async def watch(self) -> None:
        """Until cancelled: looks whether the database is back, and whether open pages have to say
        something else than before."""
        while True:
            if await self.watchman.look():
                self._live.stir()
            await asyncio.sleep(LOOK_EVERY_S)

    async def front(self, request: Request) -> Response:
        return self._page(request, await self._front())

    async def front_parts(self, request: Request) -> Response:
        return self._parts(request, await self._front())

    async def place(self, request: Request) -> Response:
        return self._page(request, await self._place(request))

    async def place_parts(self, request: Request) -> Response:
        return self._parts(request, await self._place(request))

    async def _front(self) -> Handed:
        return await self._handed(self._shelf, "/", self._pages.front)

    async def _place(self, request: Request) -> Handed:
        code = self._registered(request.path_params["code"])
        return await self._handed(self._shelf, f"/place/{code}", partial(self._pages.place, code))

    async def listing(self, request: Request) -> Response:
        kind, code = _kind(request), request.query_params.get("place")
        place = self._registered(code) if code else None
        before = _sequence(request.query_params.get("before"))
        rows = rows_for(request)
        is_usual = before is None and rows == USUAL
        shelf = self._shelf if is_usual else self._endless
        render = partial(self._pages.listing, kind, place, before, rows)
        key = f"/{kind}?place={place}&before={before}&rows={rows}"
        return self._page(request, await self._handed(shelf, key, render))

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
        asked = self._asked(request)
        render = partial(self._pages.feed, asked, self._frame.sites.base)
        handed = await self._desk.hand(self._endless, asked.path(asked.archive), render)
        if handed.standing.missing:
            raise NotWholeError
        kept = handed.page.kept("feed", lambda: _feed(handed.page))
        return answer(request, kept, FOR_A_MINUTE)

    def _asked(self, request: Request) -> Asked:
        kind, place = _kind(request), request.query_params.get("place")
        sector = request.query_params.get("sector")
        if sector and (sector not in self._sectors or kind != "overdue"):
            raise NotFoundError
        archive = _sequence(request.path_params.get("archive"))
        return Asked(kind, self._registered(place) if place else None, sector or None, archive)

    async def check(self, request: Request) -> Response:
        check = request.path_params["check"]
        if not is_ours(check):
            raise NotFoundError
        render = partial(self._pages.checks.one, check)
        return self._page(request, await self._handed(self._endless, f"/checks/{check}", render))

    async def report(self, request: Request) -> Response:
        report = request.path_params["report"]
        if not is_ours(report):
            raise NotFoundError
        render = partial(self._pages.report, report)
        return self._page(request, await self._handed(self._endless, f"/reports/{report}", render))

    async def picture(self, request: Request) -> Response:
        """Under the report that it goes with, and no other; it is looked up each time whether it
        is public still."""
        report, picture = request.path_params["report"], request.path_params["picture"]
        if not (is_ours(report) and is_ours(picture)):
            raise NotFoundError
        render = partial(self._pages.pictures_of, report)
        handed = await self._desk.hand(self._endless, f"/reports/{report}/pictures", render)
        if picture not in handed.page.text.split():
            raise NotFoundError
        return await self._pictures.shown(picture)

    async def due(self, check: str) -> DueExplained:
        if not is_ours(check):
            raise HTTPException(HTTPStatus.NOT_FOUND, NO_CHECK)
        try:
            render = partial(self._pages.checks.due, check)
            handed = await self._desk.hand(self._endless, f"/api/checks/{check}/due", render)
        except NotFoundError:
            raise HTTPException(HTTPStatus.NOT_FOUND, NO_CHECK) from None
        return DueExplained.model_validate_json(handed.page.text)

    async def checks(self, request: Request) -> Response:
        asked = checks_asked(request.query_params, self._places, self._sectors)
        render = partial(self._pages.checks.listed, asked)
        return self._page(request, await self._handed(self._endless, f"{CHECKS}?{asked}", render))

    async def checks_as_csv(self, request: Request) -> Response:
        """A file can't say that it is not the whole, so it is not there until it is; where the next
        one begins, its header does."""
        asked = checks_asked(request.query_params, self._places, self._sectors)
        render = partial(self._pages.checks.as_csv, asked)
        handed = await self._desk.hand(self._endless, f"{CHECKS}.csv?{asked}", render)
        if handed.standing.missing:
            raise NotWholeError
        after, _, text = handed.page.text.partition("\n")
        headers = {"Cache-Control": ASK_AGAIN, "Content-Disposition": AS_A_FILE.format("checks")}
        if after:
            onward = address(f"{self._frame.sites.base}checks.csv", **asked.told, after=after)
            headers["Link"] = f'<{onward}>; rel="next"'
        return Response(text, headers=headers, media_type="text/csv; charset=utf-8")

    async def checks_as_calendar(self, request: Request) -> Response:
        """What is not whole would take days out of calendars."""
        asked = checks_asked(request.query_params, self._places, self._sectors)
        render = partial(self._pages.checks.as_calendar, asked)
        handed = await self._desk.hand(self._endless, f"{CHECKS}.ics?{asked}", render)
        if handed.standing.missing:
            raise NotWholeError
        headers = {"Cache-Control": ASK_AGAIN}
        return Response(handed.page.text, headers=headers, media_type="text/calendar")

    async def checks_told(self, given: Mapping[str, str], limit: int) -> ChecksTold:
        try:
            asked = checks_asked(given, self._places, self._sectors)
        except NotFoundError:
            raise HTTPException(HTTPStatus.NOT_FOUND, NO_SUCH) from None
        render = partial(self._pages.checks.as_json, asked, limit)
        handed = await self._desk.hand(self._endless, f"{API}?{asked}&{limit}", render)
        return ChecksTold.model_validate_json(handed.page.text)

    async def late(self, asked: LateAsked) -> Late:
        if asked.place is not None and asked.place not in self._places:
            raise HTTPException(HTTPStatus.NOT_FOUND, "There is no such place in the register.")
        render = partial(self._pages.late, asked)
        handed = await self._desk.hand(self._endless, f"/api/late?{asked}", render)
        return Late.model_validate_json(handed.page.text)

    async def owners(self, request: Request) -> Response:
        asked = owners_asked(request.query_params, self._places, self._sectors)
        render = partial(self._pages.of_owners, asked)
        return self._page(request, await self._handed(self._endless, f"{OWNERS}?{asked}", render))

    async def owners_as_csv(self, request: Request) -> Response:
        asked = owners_asked(request.query_params, self._places, self._sectors)
        return await self._kept_as_csv("owners", asked)

    async def patterns(self, request: Request) -> Response:
        asked = patterns_asked(request.query_params, self._places, self._sectors)
        render = partial(self._pages.of_patterns, asked)
        return self._page(request, await self._handed(self._endless, f"{PATTERNS}?{asked}", render))

    async def patterns_as_csv(self, request: Request) -> Response:
        asked = patterns_asked(request.query_params, self._places, self._sectors)
        return await self._kept_as_csv("patterns", asked)

    async def _kept_as_csv(self, name: str, asked: OwnersAsked) -> Response:
        """A file can't say that it is not the whole, so it is not there until it is."""
        render = partial(self._pages.of_owners_as_csv, asked)
        handed = await self._desk.hand(self._endless, f"/{name}.csv?{asked}", render)
        if handed.standing.missing:
            raise NotWholeError
        headers = {"Cache-Control": ASK_AGAIN, "Content-Disposition": AS_A_FILE.format(name)}
        return Response(handed.page.text, headers=headers, media_type="text/csv; charset=utf-8")

    async def patterns_told(self, given: Mapping[str, str]) -> Patterns:
        try:
            asked = patterns_asked(given, self._places, self._sectors)
        except NotFoundError:
            raise HTTPException(HTTPStatus.NOT_FOUND, NO_SUCH) from None
        render = partial(self._pages.of_patterns_as_json, asked)
        handed = await self._desk.hand(self._endless, f"/api{PATTERNS}?{asked}", render)
        return Patterns.model_validate_json(handed.page.text)

    async def nothing(self, _: Request) -> Response:
        raise NotFoundError

    async def _handed(self, shelf: Shelf, key: str, render: Callable[[], Page]) -> Handed:
        """Packed in the thread that renders it: a long page would keep all others waiting."""

        def packed() -> Page:
            page = render()
            _ = self._kept(page, Standing(page.missing)).packed
            return page

        return await self._desk.hand(shelf, key, packed)

    def _page(self, request: Request, handed: Handed) -> Response:
        page, standing = handed.page, handed.standing
        if self._frame.flash.waiting(request):
            return self._frame.shown(request, page.with_standing(self._pages.standing(standing)))
        kept = self._kept(page, standing)
        if standing.good:
            return answer(request, kept, vary="Cookie")
        return once(request, kept)

    def _parts(self, request: Request, handed: Handed) -> Response:
        """What an open page puts in, for all who have it open; no message for one reader."""
        page, standing = handed.page, handed.standing

        def cut() -> Kept:
            return Kept(page.parts(self._pages.standing(standing)).encode())

        return answer(request, page.kept(("parts", standing), cut))

    def _kept(self, page: Page, standing: Standing) -> Kept:
        def finished() -> Kept:
            text = page.with_standing(self._pages.standing(standing))
            return Kept(self._frame.with_message(text).encode())

        return page.kept(("page", standing), finished)

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
