"""What members wrote goes with their logins, of which the gate alone knows which are closed."""

import asyncio
from collections.abc import Awaitable, Callable, Collection

from services.publishing.newsroom.question_words import QuestionWords
from services.publishing.visitor import AT_ONCE

EVERY_S = 20.0


def closing(
    words: QuestionWords,
    closed: Callable[[Collection[str]], Awaitable[Collection[str]]],
    stir: Callable[[], None],
) -> Callable[[], Awaitable[None]]:
    """Until cancelled. `stir` is for pages that are kept: they show what is gone, also where
    another replica has erased it."""

    async def run() -> None:
        before: frozenset[str] = frozenset()
        while True:
            authors = sorted(await words.authors())
            for first in range(0, len(authors), AT_ONCE):
                try:
                    gone = await closed(authors[first : first + AT_ONCE])
                except Exception:  # noqa: BLE001  whatever it is, the gate says so later
                    gone = ()
                await words.erase_of(gone)
            there = await words.authors()
            if before - there:
                stir()
            before = there
            await asyncio.sleep(EVERY_S)

    return run
