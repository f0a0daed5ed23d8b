"""Answers with pages and with what is made of them: packed once for all who ask."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from services.publishing.site.desk import Desk, Handed
from services.publishing.site.page import Page
from services.publishing.site.pages import Pages
from services.publishing.site.shelf import Shelf
from services.publishing.site.sorry import NotWholeError
from services.publishing.site.standing import Standing
from shared.web.answers import Kept, answer, once
from shared.web.frame import Frame


class Handing:
    """What is asked for again and again lies on one shelf, all else on another."""

    def __init__(self, desk: Desk, pages: Pages, frame: Frame, often: Shelf, seldom: Shelf) -> None:
        self._desk, self._pages, self._frame = desk, pages, frame
        self._often, self._seldom = often, seldom

    async def handed(self, key: str, render: Callable[[], Page], *, often: bool = False) -> Handed:
        """Packed in the thread that renders it: a long page would keep all others waiting."""

        def packed() -> Page:
            page = render()
            _ = self._kept(page, Standing(page.missing)).packed
            return page

        return await self._desk.hand(self._often if often else self._seldom, key, packed)

    async def told(self, key: str, render: Callable[[], Page]) -> Handed:
        """What is no page."""
        return await self._desk.hand(self._seldom, key, render)

    async def whole(self, key: str, render: Callable[[], Page]) -> Page:
        """A file, calendar or feed can't say that it is not the whole, so it is not there until it
        is. Raises NotWholeError."""
        handed = await self.told(key, render)
        if handed.standing.missing:
            raise NotWholeError
        return handed.page

    def page(self, request: Request, handed: Handed) -> Response:
        page, standing = handed.page, handed.standing
        if self._frame.flash.waiting(request):
            return self._frame.shown(request, page.with_standing(self._pages.standing(standing)))
        kept = self._kept(page, standing)
        if standing.good:
            return answer(request, kept, vary="Cookie")
        return once(request, kept)

    def parts(self, request: Request, handed: Handed) -> Response:
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
