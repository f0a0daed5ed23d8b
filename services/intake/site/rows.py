"""What pages look up in read models, without waiting in the loop."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine

from shared.eventsourcing.projections.database import run_in

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Rows:
    """So many of them at most, or the one with an id."""

    some: Callable[[int], Awaitable[Sequence[Row]]]
    one: Callable[[str], Awaitable[Row | None]]


def rows_in(
    engine: Engine,
    some: Callable[[Connection, int], Sequence[Row]],
    one: Callable[[Connection, str], Row | None],
) -> Rows:
    def read(query: Callable[..., Any], asked: Any) -> Any:
        with engine.connect().execution_options(reads_only=True) as connection:
            return query(connection, asked)

    async def asked_some(limit: int) -> Sequence[Row]:
        found: Sequence[Row] = await run_in(engine, read, some, limit)
        return found

    async def asked_one(known_as: str) -> Row | None:
        found: Row | None = await run_in(engine, read, one, known_as)
        return found

    return Rows(asked_some, asked_one)
