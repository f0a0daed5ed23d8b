"""Rows of a long log get their indexes at its end: that takes a quarter of the time."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Engine, Index, Table, inspect
from sqlalchemy.schema import CreateIndex, DropIndex

from shared.eventsourcing.projections.read_model import ReadModel

LONG = 20_000


class Unindexed:
    """The rows of some read models that stand at the beginning and are to reach `end`. Who ends
    before that leaves rows without indexes; `prepare` makes them."""

    def __init__(
        self, engine: Engine, models: Sequence[ReadModel], position: int, end: int
    ) -> None:
        self._engine = engine
        self._models = models
        self._end = end
        self._lacking: list[Index] = []
        self._is_long = position == 0 and end >= LONG

    def begin(self) -> None:
        """A short log is read beside its indexes."""
        if not self._is_long:
            return
        with self._engine.begin() as connection:
            for table in tables_of(self._models):
                there = _names(connection, table)
                self._lacking += [each for each in table.indexes if each.name in there]
            for index in self._lacking:
                connection.execute(DropIndex(index, if_exists=True))

    def lacks_at(self, position: int) -> bool:
        """Whether it is time to make them."""
        return bool(self._lacking) and position >= self._end

    def end(self) -> None:
        with self._engine.begin() as connection:
            make(connection, self._lacking)
        self._lacking = []


def tables_of(models: Iterable[ReadModel]) -> list[Table]:
    return [table for each in models for table in each.tables]


def make(connection: Connection, indexes: Iterable[Index]) -> None:
    """Those that are not there."""
    for index in indexes:
        connection.execute(CreateIndex(index, if_not_exists=True))


def _names(connection: Connection, table: Table) -> set[str | None]:
    return {each["name"] for each in inspect(connection).get_indexes(table.name)}
