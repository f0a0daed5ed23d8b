"""A read model's due column as a part of the calendar."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, func, select

from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.projections.ordered import beyond
from shared.eventsourcing.projections.read_model import ReadModel
from shared.eventsourcing.projections.serving import Columns, position, rows_of
from shared.eventsourcing.timers.calendar import Due

PAGE = 500


@dataclass(frozen=True)
class DueColumn:
    """Rows for which `waiting` holds are due at what the column `at` says, about `term`; of the
    version that is served. Raises ValueError without an index that ends with this column and the
    key: without one each second would read the whole table."""

    model: ReadModel
    at: str
    waiting: Callable[[Columns], ColumnElement[bool]]
    term: str

    def __post_init__(self) -> None:
        for version in self.model.versions():
            needed = [self.at, version.key_column.name]
            indexes = [[column.name for column in each.columns] for each in version.table.indexes]
            if needed not in [names[-2:] for names in indexes]:
                raise ValueError(f"{version.name} has no index that ends with {', '.join(needed)}")

    def page(
        self, connection: Connection, now: datetime, after: Due | None = None, limit: int = PAGE
    ) -> list[Due]:
        """Those whose moment has passed, earliest first; of those behind `after`."""
        columns = rows_of(connection, self.model).c
        at, key = columns[self.at], columns[self.model.key_column.name]
        behind = (after.at, after.thing) if after else None
        chosen = (
            select(at, key)
            .where(self.waiting(columns), at < now, beyond(behind, at, key))
            .order_by(at, key)
            .limit(limit)
        )
        return [Due(at, thing, self.term) for at, thing in connection.execute(chosen)]

    def next(self, connection: Connection, since: datetime) -> datetime | None:
        columns = rows_of(connection, self.model).c
        at = columns[self.at]
        chosen = select(func.min(at)).where(self.waiting(columns), at >= since)
        return connection.execute(chosen).scalar()

    def position(self, connection: Connection) -> int:
        """It holds nothing while no rows are shown."""
        reached = position(connection, [self.model], self.model.stream)
        return reached.sequence if reached.is_shown else 0


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
        return await ask_in(self.engine, self.column.position)

    async def page(self, now: datetime, after: Due | None) -> Sequence[Due]:
        return await ask_in(self.engine, self.column.page, now, after, self.limit)

    async def next(self, since: datetime) -> datetime | None:
        return await ask_in(self.engine, self.column.next, since)
