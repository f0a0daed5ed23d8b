"""The newest edition of the open data, made when somebody asks and the last one is not of now."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import structlog

from services.publishing.site.desk import AwayError, heeding
from services.publishing.site.opendata.edition import Edition, Editor, Version
from services.publishing.site.sorry import NothingToShowError, StillMadeError
from services.publishing.site.source import Source

GAP_S = 60.0
"""Between two, however much comes: each reads all that is public. Of one that takes longer than
`USUAL_S` the next comes the later."""
USUAL_S = 3.0
PATIENCE_S = 5.0


class Editions:
    """One at a time, in a thread of its own: a large one takes longer than a page may."""

    def __init__(self, editor: Editor, source: Source, gap_s: float = GAP_S) -> None:
        self._editor, self._source, self._gap_s = editor, source, gap_s
        self._thread = ThreadPoolExecutor(1, "open data")
        self._kept: Edition | None = None
        self._begun = self._took = 0.0
        self._making: asyncio.Task[Edition] | None = None

    async def newest(self) -> Edition:
        """The one before, where the newest takes long or can't be read. Raises NotWholeError,
        NothingToShowError, StillMadeError, TooMuchAskedError."""
        try:
            with heeding(self._source):
                version = await self._source.read(self._editor.version, rare=True)
                return await self._of(version)
        except AwayError:
            if self._kept is None:
                raise NothingToShowError from None
            return self._kept

    async def _of(self, version: Version) -> Edition:
        kept = self._kept
        if kept and (kept.version == version or self._is_young()):
            return kept
        if self._making is None or self._making.done():
            self._making = asyncio.create_task(self._make())
            self._making.add_done_callback(_looked_at)
        making = self._making
        await asyncio.wait([making], timeout=PATIENCE_S)
        if making.done():
            return making.result() if kept is None else _made_or(kept, making)
        if kept is None:
            raise StillMadeError
        return kept

    def _is_young(self) -> bool:
        gap = self._gap_s * max(1.0, self._took / USUAL_S)
        return time.monotonic() - self._begun < gap

    async def _make(self) -> Edition:
        self._begun = time.monotonic()
        loop = asyncio.get_running_loop()
        self._kept = await loop.run_in_executor(self._thread, self._editor.edition)
        self._took = time.monotonic() - self._begun
        return self._kept


def _made_or(before: Edition, making: "asyncio.Task[Edition]") -> Edition:
    """That of before where there is no room for another one."""
    error = making.exception()
    if not isinstance(error, OSError):
        return making.result()
    log = structlog.get_logger()
    log.warning("open data can not be written; the last edition stays", error=type(error).__name__)
    return before


def _looked_at(making: "asyncio.Task[Edition]") -> None:
    """Perhaps nobody waits for it any more."""
    if not making.cancelled():
        making.exception()
