"""How the figures on a page stand: what it says when they are not whole, or not the newest."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime

from services.publishing.site.page import Page
from services.publishing.site.progress import Goals, Kind, Progress
from services.publishing.site.source import Source


@dataclass(frozen=True)
class Standing:
    """`of` is when the figures were the newest, if newer ones may be missing; `unread`: because the
    database is away, `unheard`: because the gate is, else because the log is."""

    missing: Progress | None = None
    of: datetime | None = None
    unread: bool = False
    unheard: bool = False

    @property
    def good(self) -> bool:
        return self.missing is None and self.of is None


class Watchman:
    """`connected` is to the log; `now` is the clock that pages go by."""

    def __init__(
        self,
        source: Source,
        goals: Goals,
        connected: Callable[[], bool],
        now: Callable[[], datetime],
    ) -> None:
        self._source = source
        self._goals = goals
        self._connected = connected
        self._now = now
        self._heard_at = now()
        self._said_between_looks = False
        self._seen = self._state()

    async def look(self) -> bool:
        """Whether pages have to say something else than when we looked last."""
        if self._source.away:
            await self._source.try_again()
        if self._connected() and self._goals.hears():
            self._heard_at = self._now()
        before, self._seen = self._seen, self._state()
        said, self._said_between_looks = self._said_between_looks, False
        return said or self._seen != before

    def standing(self, page: Page, *, newest: bool) -> Standing:
        """`newest`: the page is from the database as it is now."""
        if not newest:
            return Standing(page.missing, page.read_at, unread=True)
        if not self._connected():
            self._said_between_looks |= self._state() != self._seen
            return Standing(page.missing, min(page.read_at, self._heard_at))
        if not self._goals.hears() and not _says_so_itself(page):
            return Standing(page.missing, min(page.read_at, self._heard_at), unheard=True)
        return Standing(page.missing)

    def _state(self) -> Hashable:
        """A short outage between two looks counts, too."""
        source = self._source
        return source.away, source.times_away, self._connected(), self._goals.version()


def _says_so_itself(page: Page) -> bool:
    return page.missing is not None and page.missing.kind in (Kind.STARTING, Kind.UNHEARD)
