"""A read model's due column as a part of the calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Engine, func, or_, select, true

from shared.eventsourcing.projections import checkpoints
from shared.eventsourcing.projections.database import run_in
from shared.eventsourcing.projections.read_model import ReadModel
from shared.eventsourcing.timers.calendar import Due

PAGE = 500


@dataclass(frozen=True)
class DueColumn:
    """Rows for which `waiting` holds are due `at`, about `term`. Raises ValueError without an index
    that ends with this column and the key: without one each second would read the whole table."""

    model: ReadModel
    at: Column[datetime]
    waiting: ColumnElement[bool]
    term: str

    def __post_init__(self) -> None:
        needed = [self.at.name, self.model.key_column.name]
        indexes = self.model.table.indexes
        if all([column.name for column in each.columns][-2:] != needed for each in indexes):
            raise ValueError(f"{self.model.name} has no index that ends with {', '.join(needed)}")

    def page(
        self, connection: Connection, now: datetime, after: Due | None = None, limit: int = PAGE
    ) -> list[Due]:
        """Those whose moment has passed, earliest first; of those behind `after`."""
        key: Any = self.model.key_column
        chosen = (
            select(self.at, key)
            .where(self.waiting, self.at < now, self._beyond(after))
            .order_by(self.at, key)
            .limit(limit)
        )
        return [Due(at, thing, self.term) for at, thing in connection.execute(chosen)]

    def next(self, connection: Connection, since: datetime) -> datetime | None:
        chosen = select(func.min(self.at)).where(self.waiting, self.at >= since)
        return connection.execute(chosen).scalar()

    def _beyond(self, after: Due | None) -> ColumnElement[bool]:
        """Said so that the index is entered where the page before ended."""
        if after is None:
            return true()
        behind = or_(self.at > after.at, self.model.key_column > after.thing)
        return (self.at >= after.at) & behind


@dataclass(frozen=True)
class DuesIn:
    """The dues of a due column in a database."""

    engine: Engine
    column: DueColumn
    limit: int = PAGE

    @property
    def stream(self) -> str:
        return self.column.model.stream

    @property
    def terms(self) -> frozenset[str]:
        return frozenset((self.column.term,))

    async def position(self) -> int:
        return await run_in(self.engine, self._ask, checkpoints.read, self.column.model.name)

    async def page(self, now: datetime, after: Due | None) -> Sequence[Due]:
        return await run_in(self.engine, self._ask, self.column.page, now, after, self.limit)

    async def next(self, since: datetime) -> datetime | None:
        return await run_in(self.engine, self._ask, self.column.next, since)

    def _ask(self, question: Any, *args: Any) -> Any:
        with self.engine.connect().execution_options(reads_only=True) as connection:
            return question(connection, *args)
