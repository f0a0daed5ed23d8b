"""What is kept as entries of the calendar."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine

from services.intake.projections import kept
from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.projections.serving import position
from shared.eventsourcing.timers.calendar import Due

Look = Callable[..., Any]


@dataclass(frozen=True)
class KeptDues:
    """The charter is asked whenever something is looked up: other terms count at once, also for
    what was there before them."""

    engine: Engine
    term: str
    due: Look
    following: Look

    @property
    def stream(self) -> str:
        return kept.read_model.stream

    @property
    def terms(self) -> frozenset[str]:
        return frozenset((self.term,))

    async def position(self) -> int:
        return await ask_in(self.engine, _position)

    async def page(self, now: datetime, after: Due | None) -> Sequence[Due]:
        found = await ask_in(self.engine, self.due, now, after)
        return [Due(at, thing, self.term) for at, thing in found]

    async def next(self, since: datetime) -> datetime | None:
        found: datetime | None = await ask_in(self.engine, self.following, since)
        return found


def _position(connection: Connection) -> int:
    """It holds nothing while no rows are shown."""
    reached = position(connection, [kept.read_model], kept.read_model.stream)
    return reached.sequence if reached.is_shown else 0
