"""Pages that are rendered once for all their readers, until something changes."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass

from services.publishing.site.page import Page

MOST_PAGES, MOST_SIGNS = 200, 40_000_000
"""The signs are of all pages together: a file that anybody can ask for has millions."""
KEPT_FOR_S = 30.0


@dataclass(frozen=True)
class _Kept:
    version: Hashable
    since: float
    page: Page


@dataclass(frozen=True)
class _Rendering:
    version: Hashable
    task: "asyncio.Task[Page]"


class Shelf:
    """`version` changes with what the pages show; the clock moves on too, hence a longest stay.

    The last page stays until it is rendered anew: a rendering that fails takes nothing away. On one
    that is `rare` lies what anybody can ask for in any number of ways.
    """

    def __init__(self, version: Callable[[], Hashable], *, rare: bool = False) -> None:
        self.rare = rare
        self._version = version
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._signs = 0
        self._renderings: dict[str, _Rendering] = {}

    async def page(self, key: str, render: Callable[[], Awaitable[Page]]) -> Page:
        """Many who ask at the same time wait for one rendering."""
        kept = self._kept.get(key)
        if kept is not None and self._good(kept):
            self._kept.move_to_end(key)
            return kept.page
        rendering = self._renderings.get(key)
        if rendering is None or rendering.version != self._version():
            rendering = self._renderings[key] = self._begun(key, render)
        return await asyncio.shield(rendering.task)

    def last(self, key: str) -> Page | None:
        """As it was rendered last, however long ago."""
        kept = self._kept.get(key)
        return kept.page if kept else None

    def _begun(self, key: str, render: Callable[[], Awaitable[Page]]) -> _Rendering:
        version, since = self._version(), time.monotonic()

        async def rendered() -> Page:
            page = await render()
            self._keep(key, _Kept(version, since, page))
            return page

        task = asyncio.create_task(rendered())
        rendering = _Rendering(version, task)

        def forget(ended: "asyncio.Task[Page]") -> None:
            if self._renderings.get(key) is rendering:
                del self._renderings[key]
            if not ended.cancelled():
                ended.exception()  # perhaps nobody waits for it any more

        task.add_done_callback(forget)
        return rendering

    def _keep(self, key: str, fresh: _Kept) -> None:
        kept = self._kept.get(key)
        if kept is None or kept.since <= fresh.since:
            self._signs += len(fresh.page.text) - (len(kept.page.text) if kept else 0)
            self._kept[key] = fresh
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_PAGES or (self._signs > MOST_SIGNS and len(self._kept) > 1):
            _, gone = self._kept.popitem(last=False)
            self._signs -= len(gone.page.text)

    def _good(self, kept: _Kept) -> bool:
        young = time.monotonic() - kept.since < KEPT_FOR_S
        return young and kept.version == self._version()
