"""What of stories falls due, and the words of those that were withdrawn."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import Engine

from services.publishing.domain.story import WakeStory
from services.publishing.newsroom.words import StoryWords
from services.publishing.projections import drafts
from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.projections.due_column import DuesIn
from shared.eventsourcing.timers.calendar import Calendar, Due, Timers


def calendar(engine: Engine, *others: Timers) -> Calendar:
    return Calendar(Timers(DuesIn(engine, drafts.due), _wake), *others)


def _wake(due: Due, now: datetime) -> WakeStory:
    return WakeStory(due.thing, now)


def erasing(
    engine: Engine, words: StoryWords, moved: asyncio.Event
) -> Callable[[], Awaitable[None]]:
    """Until cancelled: whenever the rows have moved, what was written for stories that are
    withdrawn goes. So it does where who withdrew one died over it, or a backup was put back."""

    async def run() -> None:
        erased: set[str] = set()
        while True:
            moved.clear()
            withdrawn = set(await ask_in(engine, drafts.withdrawn))
            await words.erase(withdrawn - erased)
            erased |= withdrawn
            await moved.wait()

    return run
