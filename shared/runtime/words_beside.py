"""What people typed, in a table beside the log from which it can go."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Column, ColumnElement, Connection, Engine, Table, delete, insert, select
from sqlalchemy.exc import IntegrityError

from shared.eventsourcing.projections.database import run_in

AT_ONCE = 500


class HasId(Protocol):
    @property
    def words_id(self) -> str: ...


W = TypeVar("W", bound=HasId)


class WordsBeside(Generic[W]):
    """Each row of `table` is one of `kind`, field by field; its key is `words_id`."""

    def __init__(self, engine: Engine, table: Table, kind: type[W]) -> None:
        self._engine = engine
        self._table = table
        self._kind = kind
        table.metadata.create_all(engine)

    async def keep(self, given: W) -> bool:
        """On disk before any event names them; whether they were not there yet."""
        return await run_in(self._engine, self._keep, given)

    async def some(self, ids: Collection[str]) -> Mapping[str, W]:
        """Those that are there still, by their ids."""
        return await run_in(self._engine, self.told, ids)

    async def drop(self, words_id: str) -> None:
        """Nothing came of them."""
        await run_in(self._engine, self._delete, self._table.c.words_id == words_id)

    def told(self, ids: Collection[str]) -> Mapping[str, W]:
        """`some`, for who has a thread of their own."""
        chosen = select(self._table).where(self._table.c.words_id.in_(list(ids)))
        with self._reading() as connection:
            found = [self._kind(**row) for row in connection.execute(chosen).mappings()]
        return {each.words_id: each for each in found}

    async def _erase(self, of: Column[Any], given: Sequence[str]) -> None:
        for first in range(0, len(given), AT_ONCE):
            await run_in(self._engine, self._delete, of.in_(given[first : first + AT_ONCE]))

    def _keep(self, given: W) -> bool:
        try:
            with self._engine.begin() as connection:
                connection.execute(insert(self._table).values(vars(given)))
        except IntegrityError:
            return False
        return True

    def _delete(self, which: ColumnElement[bool]) -> int:
        """How many there were."""
        with self._engine.begin() as connection:
            return connection.execute(delete(self._table).where(which)).rowcount

    def _reading(self) -> Connection:
        return self._engine.connect().execution_options(reads_only=True)
