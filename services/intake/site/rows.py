"""What pages look up in read models, without waiting in the loop."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine

from services.intake.covered import Figures
from services.intake.projections import coverage, reliability
from services.intake.projections.reliability import Prior, Share
from shared.eventsourcing.projections.database import ask_in

Row = Mapping[str, Any]


Some = Callable[[int, int | None], Awaitable[Sequence[Row]]]
"""So many at most, behind the one with a sequence."""


@dataclass(frozen=True)
class Rows:
    """So many of them at most, or the one with an id."""

    some: Some
    one: Callable[[str], Awaitable[Row | None]]


def rows_in(
    engine: Engine,
    some: Callable[[Connection, int, int | None], Sequence[Row]],
    one: Callable[[Connection, str], Row | None],
) -> Rows:
    async def asked_some(limit: int, beyond: int | None) -> Sequence[Row]:
        return await ask_in(engine, some, limit, beyond)

    async def asked_one(known_as: str) -> Row | None:
        return await ask_in(engine, one, known_as)

    return Rows(asked_some, asked_one)


def figures_in(
    engine: Engine, holidays: Collection[date], today: Callable[[], date]
) -> Callable[[str, str], Awaitable[Sequence[Figures]]]:
    closed = frozenset(holidays)

    async def asked(place: str, month: str) -> Sequence[Figures]:
        return await ask_in(engine, coverage.within, place, month, today(), closed)

    return asked


def shares_in(engine: Engine, prior: Prior) -> Callable[[str], Awaitable[Mapping[str, Share]]]:
    async def asked(who: str) -> Mapping[str, Share]:
        found = await ask_in(engine, reliability.shares, [who], prior)
        return {sector: share for (_, sector), share in found.items()}

    return asked
