"""Pages that are rendered once for all their readers, until something changes."""

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MOST_PAGES = 200
KEPT_FOR_S = 30.0


@dataclass(frozen=True)
class Page:
    body: bytes
    etag: str


@dataclass(frozen=True)
class _Kept:
    version: int
    since: float
    page: asyncio.Task[Page]


class Shelf:
    """`version` changes with what the pages show; the clock moves on too, hence a longest stay."""

    def __init__(self, version: Callable[[], int]) -> None:
        self._version = version
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    async def page(self, key: str, render: Callable[[], str]) -> Page:
        """Renders in a thread; many who ask at the same time wait for one rendering."""
        kept = self._kept.get(key)
        if kept is None or not self._good(kept):
            task = asyncio.create_task(asyncio.to_thread(_printed, render))
            kept = self._kept[key] = _Kept(self._version(), time.monotonic(), task)
            self._kept.move_to_end(key)
            if len(self._kept) > MOST_PAGES:
                self._kept.popitem(last=False)
        return await asyncio.shield(kept.page)

    def _good(self, kept: _Kept) -> bool:
        failed = kept.page.done() and (kept.page.cancelled() or kept.page.exception() is not None)
        young = time.monotonic() - kept.since < KEPT_FOR_S
        return young and not failed and kept.version == self._version()


def _printed(render: Callable[[], str]) -> Page:
    body = render().encode()
    return Page(body, f'W/"{hashlib.sha256(body).hexdigest()[:20]}"')
