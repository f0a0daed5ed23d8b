"""The public site for readers: its pages, and the parts of those that are open."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from services.publishing.newsroom.words import Told, nothing_told
from services.publishing.site.asking import kind_of, registered, sequence_of
from services.publishing.site.bulletin_pages import BULLETINS
from services.publishing.site.chart_pages import CHARTS, charts_asked
from services.publishing.site.check_pages import CHECKS
from services.publishing.site.checks import checks_asked
from services.publishing.site.desk import Desk, Handed
from services.publishing.site.downloads import Downloads
from services.publishing.site.handing import Handing
from services.publishing.site.open311_desk import Open311Desk
from services.publishing.site.opendata.data_desk import DataDesk
from services.publishing.site.opendata.edition import Editor
from services.publishing.site.opendata.editions import GAP_S, Editions
from services.publishing.site.owners import owners_asked, patterns_asked
from services.publishing.site.page import Page
from services.publishing.site.pages import OWNERS, PATTERNS, Pages
from services.publishing.site.pictures import Get, Pictures, nothing_there
from services.publishing.site.preferences import USUAL, PreferencesPage, rows_for
from services.publishing.site.programs import Programs
from services.publishing.site.progress import Goals
from services.publishing.site.question_pages import Said, nothing_said
from services.publishing.site.questions_shown import QuestionsShown
from services.publishing.site.reading import Reader
from services.publishing.site.shelf import Shelf
from services.publishing.site.sorry import NotFoundError
from services.publishing.site.source import Source
from services.publishing.site.standing import Watchman
from services.publishing.site.story_pages import STORIES
from shared.contracts.identity import is_ours
from shared.runtime.charter import Charter
from shared.runtime.live_stream import Telling
from shared.web.answers import Kept, answer
from shared.web.charts.drawer import Drawer, the_drawer
from shared.web.frame import Frame
from shared.web.live import Live

LOOK_EVERY_S = 1.0
MOST_NUMBER = 2**31 - 1


class Site:
    """One method answers one kind of address; its parts have more of them.

    `goals` tell what a page must hold to be whole, `connected` whether there is the log. Files of
    open data lie in `folder`, and are made anew no more often than every `gap_s`. `told` gives the
    words of stories, `said` those of questions.
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
        folder: Path | None = None,
        gap_s: float = GAP_S,
        drawer: Drawer | None = None,
        told: Told = nothing_told,
        said: Said = nothing_said,
    ) -> None:
        drawer = drawer or the_drawer()
        self._pictures = Pictures(picture)
        self._places, self._sectors = charter.places, charter.sectors
        self._live = live
        self.preferences = PreferencesPage(frame)
        self.open311 = Open311Desk(source, charter, now, frame.sites.base)
        reader = Reader(source, goals, now, frame)
        self._pages = pages = Pages(reader, charter, tracks, frame, drawer, told, said)
        self.watchman = Watchman(source, goals, connected, now)
        desk = Desk(source, self.watchman)
        often = Shelf(lambda: (live.turn, goals.version()))
        seldom = Shelf(lambda: (live.turn, goals.version(), drawer.turn), rare=True)
        self._handing = handing = Handing(desk, pages, frame, often, seldom)
        self.downloads = Downloads(handing, pages, charter, frame.sites.base)
        self.programs = Programs(handing, pages, charter)
        self.questions = QuestionsShown(handing, pages.questions, charter.places)
        zones = {frame.language.zone, *charter.zones.values()}
        editor = Editor(reader, charter, zones, frame.sites.base, folder)
        editions = Editions(editor, source, gap_s)
        self.data = DataDesk(handing, pages, editions, charter, frame.sites.base)
        self.telling = Telling(live)

    async def watch(self) -> None:
        """Until cancelled: looks whether the database is back, and whether open pages have to say
        something else than before."""
        while True:
            if await self.watchman.look():
                self._live.stir()
            await asyncio.sleep(LOOK_EVERY_S)

    async def front(self, request: Request) -> Response:
        return self._handing.page(request, await self._front())

    async def front_parts(self, request: Request) -> Response:
        return self._handing.parts(request, await self._front())

    async def place(self, request: Request) -> Response:
        return self._handing.page(request, await self._place(request))

    async def place_parts(self, request: Request) -> Response:
        return self._handing.parts(request, await self._place(request))

    async def _front(self) -> Handed:
        return await self._handing.handed("/", self._pages.front, often=True)

    async def _place(self, request: Request) -> Handed:
        code = registered(request.path_params["code"], self._places)
        render = partial(self._pages.place, code)
        return await self._handing.handed(f"/place/{code}", render, often=True)

    async def listing(self, request: Request) -> Response:
        kind, code = kind_of(request), request.query_params.get("place")
        place = registered(code, self._places) if code else None
        before = sequence_of(request.query_params.get("before"))
        rows = rows_for(request)
        is_usual = before is None and rows == USUAL
        render = partial(self._pages.listing, kind, place, before, rows)
        key = f"/{kind}?place={place}&before={before}&rows={rows}"
        return await self._shown(request, key, render, often=is_usual)

    async def check(self, request: Request) -> Response:
        check = request.path_params["check"]
        if not is_ours(check):
            raise NotFoundError
        render = partial(self._pages.checks.one, check)
        return await self._shown(request, f"/checks/{check}", render)

    async def report(self, request: Request) -> Response:
        report = request.path_params["report"]
        if not is_ours(report):
            raise NotFoundError
        render = partial(self._pages.report, report)
        return await self._shown(request, f"/reports/{report}", render)

    async def stories(self, request: Request) -> Response:
        before = sequence_of(request.query_params.get("before"))
        render = partial(self._pages.stories.listed, before)
        return await self._shown(request, f"{STORIES}?before={before}", render)

    async def story(self, request: Request) -> Response:
        """As it is, or one of its texts of before."""
        story = request.path_params["story"]
        number = sequence_of(request.path_params.get("number"))
        if not is_ours(story):
            raise NotFoundError
        render = partial(self._pages.stories.one, story, number)
        return await self._shown(request, f"{STORIES}/{story}?{number}", render)

    async def bulletins(self, request: Request) -> Response:
        before = sequence_of(request.query_params.get("before"))
        render = partial(self._pages.bulletins.listed, before)
        return await self._shown(request, f"{BULLETINS}?before={before}", render)

    async def bulletin(self, request: Request) -> Response:
        number = self._number_in(request)
        render = partial(self._pages.bulletins.one, number)
        return await self._shown(request, f"{BULLETINS}/{number}", render)

    async def bulletin_aloud(self, request: Request) -> Response:
        number = self._number_in(request)
        render = partial(self._pages.bulletins.aloud, number)
        page = await self._handing.whole(f"{BULLETINS}/{number}.txt", render)
        return answer(request, page.kept("txt", lambda: Kept(page.text.encode(), "text/plain")))

    async def share(self, request: Request) -> Response:
        return await self._shown(request, f"{BULLETINS}/share", self._pages.share.page)

    def _number_in(self, request: Request) -> int:
        """Raises NotFoundError."""
        number = sequence_of(request.path_params["number"])
        if number is None or number > MOST_NUMBER:
            raise NotFoundError
        return number

    async def picture(self, request: Request) -> Response:
        """Under the report that it goes with, and no other; it is looked up each time whether it
        is public still."""
        report, picture = request.path_params["report"], request.path_params["picture"]
        if not (is_ours(report) and is_ours(picture)):
            raise NotFoundError
        render = partial(self._pages.pictures_of, report)
        handed = await self._handing.told(f"/reports/{report}/pictures", render)
        return await self._shown_if(picture, handed.page.text)

    async def look(self, request: Request) -> Response:
        """A picture of what a checker found, likewise."""
        check, picture = request.path_params["check"], request.path_params["picture"]
        if not (is_ours(check) and is_ours(picture)):
            raise NotFoundError
        render = partial(self._pages.checks.pictures_of, check)
        handed = await self._handing.told(f"/checks/{check}/pictures", render)
        return await self._shown_if(picture, handed.page.text)

    async def _shown_if(self, picture: str, named: str) -> Response:
        if picture not in named.split():
            raise NotFoundError
        return await self._pictures.shown(picture)

    async def checks(self, request: Request) -> Response:
        asked = checks_asked(request.query_params, self._places, self._sectors)
        render = partial(self._pages.checks.listed, asked)
        return await self._shown(request, f"{CHECKS}?{asked}", render)

    async def owners(self, request: Request) -> Response:
        asked = owners_asked(request.query_params, self._places, self._sectors)
        render = partial(self._pages.of_owners, asked)
        return await self._shown(request, f"{OWNERS}?{asked}", render)

    async def patterns(self, request: Request) -> Response:
        asked = patterns_asked(request.query_params, self._places, self._sectors)
        render = partial(self._pages.of_patterns, asked)
        return await self._shown(request, f"{PATTERNS}?{asked}", render)

    async def charts(self, request: Request) -> Response:
        asked = charts_asked(request.query_params, self._places, self._sectors)
        render = partial(self._pages.charts.all, asked)
        return await self._shown(request, f"{CHARTS}?{asked}", render)

    async def nothing(self, _: Request) -> Response:
        raise NotFoundError

    async def _shown(
        self, request: Request, key: str, render: Callable[[], Page], *, often: bool = False
    ) -> Response:
        handed = await self._handing.handed(key, render, often=often)
        return self._handing.page(request, handed)
