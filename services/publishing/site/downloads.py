"""What is not looked at on the site but taken elsewhere: files, calendars, feeds, the sitemap."""

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from services.publishing.site.asking import feed_in, registered, sequence_of
from services.publishing.site.chart import Name
from services.publishing.site.chart_pages import CHARTS, NAMES, charts_asked
from services.publishing.site.check_pages import CHECKS
from services.publishing.site.checks import checks_asked
from services.publishing.site.feeds import Asked
from services.publishing.site.handing import Handing
from services.publishing.site.json_feeds import MEDIA_TYPE, as_json_feed
from services.publishing.site.owners import OwnersAsked, owners_asked, patterns_asked
from services.publishing.site.page import Page
from services.publishing.site.pages import Pages
from services.publishing.site.sitemap import sitemap
from services.publishing.site.sorry import NotFoundError
from shared.runtime.charter import Charter
from shared.web.answers import ASK_AGAIN, FOR_A_MINUTE, Kept, answer
from shared.web.paging import address

AS_A_FILE = 'attachment; filename="{}.csv"'


class Downloads:
    """All raise NotFoundError where something is asked for that there is not, and NotWholeError.
    `base` is the site's address, with a slash at its end."""

    def __init__(self, handing: Handing, pages: Pages, charter: Charter, base: str) -> None:
        self._handing, self._pages, self._base = handing, pages, base
        self._places, self._sectors = charter.places, charter.sectors

    async def feed(self, request: Request) -> Response:
        page = await self._fed(request)
        return answer(request, page.kept("feed", lambda: _feed(page)), FOR_A_MINUTE)

    async def json_feed(self, request: Request) -> Response:
        page = await self._fed(request)
        return answer(request, page.kept("json", lambda: _json_feed(page)), FOR_A_MINUTE)

    async def sitemap(self, request: Request) -> Response:
        """Where nobody said at which address the site is, there is none."""
        if "://" not in self._base:
            raise NotFoundError
        kept = Kept(sitemap(self._base, self._places).encode(), "application/xml")
        return answer(request, kept, FOR_A_MINUTE)

    async def _fed(self, request: Request) -> Page:
        asked = self._asked(request)
        render = partial(self._pages.feed, asked, self._base)
        return await self._handing.whole(asked.path(asked.archive), render)

    def _asked(self, request: Request) -> Asked:
        kind, place = feed_in(request), request.query_params.get("place")
        sector = request.query_params.get("sector")
        if sector and (sector not in self._sectors or kind not in ("overdue", "questions")):
            raise NotFoundError
        archive = sequence_of(request.path_params.get("archive"))
        there = registered(place, self._places) if place else None
        return Asked(kind, there, sector or None, archive)

    async def checks_as_csv(self, request: Request) -> Response:
        """Where the next one begins its header says."""
        asked = checks_asked(request.query_params, self._places, self._sectors)
        render = partial(self._pages.checks.as_csv, asked)
        page = await self._handing.whole(f"{CHECKS}.csv?{asked}", render)
        after, _, text = page.text.partition("\n")
        headers = {"Cache-Control": ASK_AGAIN, "Content-Disposition": AS_A_FILE.format("checks")}
        if after:
            onward = address(f"{self._base}checks.csv", **asked.told, after=after)
            headers["Link"] = f'<{onward}>; rel="next"'
        return Response(text, headers=headers, media_type="text/csv; charset=utf-8")

    async def checks_as_calendar(self, request: Request) -> Response:
        asked = checks_asked(request.query_params, self._places, self._sectors)
        render = partial(self._pages.checks.as_calendar, asked)
        page = await self._handing.whole(f"{CHECKS}.ics?{asked}", render)
        headers = {"Cache-Control": ASK_AGAIN}
        return Response(page.text, headers=headers, media_type="text/calendar")

    async def owners_as_csv(self, request: Request) -> Response:
        asked = owners_asked(request.query_params, self._places, self._sectors)
        return await self._kept_as_csv("owners", asked)

    async def patterns_as_csv(self, request: Request) -> Response:
        asked = patterns_asked(request.query_params, self._places, self._sectors)
        return await self._kept_as_csv("patterns", asked)

    async def _kept_as_csv(self, name: str, asked: OwnersAsked) -> Response:
        render = partial(self._pages.of_owners_as_csv, asked)
        page = await self._handing.whole(f"/{name}.csv?{asked}", render)
        headers = {"Cache-Control": ASK_AGAIN, "Content-Disposition": AS_A_FILE.format(name)}
        return Response(page.text, headers=headers, media_type="text/csv; charset=utf-8")

    async def share_as_csv(self, request: Request) -> Response:  # noqa: ARG002
        page = await self._handing.whole("/bulletins/share.csv", self._pages.share.as_csv)
        headers = {"Cache-Control": ASK_AGAIN, "Content-Disposition": AS_A_FILE.format("share")}
        return Response(page.text, headers=headers, media_type="text/csv; charset=utf-8")

    async def chart_as_csv(self, request: Request) -> Response:
        name, asked = self._chart(request)
        render = partial(self._pages.charts.as_csv, name, asked)
        page = await self._handing.whole(f"{CHARTS}/{name}.csv?{asked}", render)
        headers = {"Cache-Control": ASK_AGAIN, "Content-Disposition": AS_A_FILE.format(name)}
        return Response(page.text, headers=headers, media_type="text/csv; charset=utf-8")

    async def chart_as_svg(self, request: Request) -> Response:
        name, asked = self._chart(request)
        render = partial(self._pages.charts.as_svg, name, asked)
        page = await self._handing.whole(f"{CHARTS}/{name}.svg?{asked}", render)
        return answer(request, page.kept("svg", lambda: _svg(page)))

    def _chart(self, request: Request) -> tuple[Name, OwnersAsked]:
        for name in NAMES:
            if name == request.path_params["chart"]:
                return name, charts_asked(request.query_params, self._places, self._sectors)
        raise NotFoundError


def _svg(page: Page) -> Kept:
    return Kept(page.text.encode(), "image/svg+xml")


def _feed(page: Page) -> Kept:
    return Kept(page.text.encode(), "application/atom+xml")


def _json_feed(page: Page) -> Kept:
    return Kept(as_json_feed(page.text).encode(), MEDIA_TYPE)
