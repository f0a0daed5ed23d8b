"""Reads forms with files, a few at a time: each lies in memory until it is cleaned and sealed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import NamedTuple
from weakref import WeakValueDictionary

from starlette.requests import Request

from services.intake.files.cleaning import MOST_BYTES
from services.intake.files.keeping import Files
from services.intake.files.sorts import UncleanError, kind_of
from shared.contracts.attachment import MOST_FILES
from shared.contracts.checking import MOST_PICTURES
from shared.web.parts import FileLimits, InParts, Parts, read_parts

AT_ONCE = 2
WAITS_S = 10.0
LIMITS = FileLimits(MOST_FILES, MOST_BYTES, 2 * MOST_BYTES)
TOO_MANY = "many"


class Sort(NamedTuple):
    """What is taken: so many, pictures or anything; `many` is the reason where there are more."""

    most: int
    many: str
    only_pictures: bool = False


OF_REPORT = Sort(MOST_FILES, TOO_MANY)
OF_FINDING = Sort(MOST_PICTURES, "pictures", only_pictures=True)


class BusyError(Exception):
    """As many forms with files are on their way as there is place for; `texts` came before them."""

    def __init__(self, texts: Parts) -> None:
        super().__init__()
        self.texts = texts


@dataclass
class Taken:
    """`names` of what was kept, in the order in which it came; `wrong` are reasons, by the place of
    the file among all."""

    names: list[str] = field(default_factory=list)
    wrong: dict[int, str] = field(default_factory=dict)


class Uploads:
    """Sources have places of their own, and people have, so that neither waits for the other. One
    source, and one address of people, has one of them at a time: the other is for all others."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self._places = asyncio.Semaphore(AT_ONCE)
        self._turns = WeakValueDictionary[str, asyncio.Lock]()

    @asynccontextmanager
    async def read(
        self, request: Request, most: int, knows: Callable[[Parts], str | None]
    ) -> AsyncIterator[InParts]:
        """`knows` looks, before any file is read, whether what came before it says who sends, and
        raises if not; it tells whose turn it is, if that can be told. Raises WrongPartsError,
        BusyError."""
        async with AsyncExitStack() as held:

            async def first_file(texts: Parts) -> None:
                whose = knows(texts)
                try:
                    async with asyncio.timeout(WAITS_S):
                        if whose is not None:
                            turn = self._turns.setdefault(whose, asyncio.Lock())
                            await held.enter_async_context(turn)
                        await held.enter_async_context(self._places)
                except TimeoutError:
                    raise BusyError(texts) from None

            yield await read_parts(request, most, LIMITS, first_file)

    async def take(
        self, whose: str, found: InParts, before: int = 0, sort: Sort = OF_REPORT
    ) -> Taken:
        """For a report, or a checker's finding. Raises what Files does but UncleanError; what was
        kept by then is not lost, for it is the same where it is sent again. After one that takes
        all the time there is no other is looked at: all who send wait for who cleans."""
        taken, is_slow = Taken(), False
        for place, content in enumerate(found.files):
            found.files[place] = None
            try:
                if content is None:
                    raise UncleanError("large")  # noqa: TRY301
                if before + len(taken.names) >= sort.most:
                    raise UncleanError(sort.many)  # noqa: TRY301
                if sort.only_pictures and kind_of(content) == "pdf":
                    raise UncleanError("pdf")  # noqa: TRY301
                if is_slow:
                    raise UncleanError("damaged")  # noqa: TRY301
                name = await self.files.take(whose, content)
                if name not in taken.names:
                    taken.names.append(name)
            except UncleanError as error:
                taken.wrong[place] = error.why
                is_slow = is_slow or error.is_slow
        return taken
