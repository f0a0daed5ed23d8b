"""Snapshots in the service's database, beside its read models."""

from collections.abc import Sequence
from hashlib import sha256

import structlog
from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    LargeBinary,
    String,
    Table,
    delete,
    insert,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from shared.eventsourcing.event_store import AggregateKey
from shared.eventsourcing.projections import checkpoints
from shared.eventsourcing.projections.database import run_in
from shared.eventsourcing.snapshots import Snapshot

KEYS_AT_ONCE = 500

snapshots = Table(
    "snapshots",
    checkpoints.metadata,
    Column("category", String(80), primary_key=True),
    Column("id", String(80), primary_key=True),
    Column("form", String(200), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("last_id", String(200), nullable=False),
    Column("state", LargeBinary, nullable=False),
    Column("recorded", LargeBinary, nullable=False),
    Column("digest", String(64), nullable=False),
)


class KeptStates:
    """`shared.eventsourcing.snapshots.Snapshots` in SQL; a row that was changed is no snapshot."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def read(self, keys: Sequence[AggregateKey], form: str) -> dict[AggregateKey, Snapshot]:
        try:
            return await run_in(self._engine, self._read, keys, form)
        except SQLAlchemyError as error:
            _tell("snapshots are not read", error)
            return {}

    async def write(self, key: AggregateKey, form: str, snapshot: Snapshot) -> None:
        try:
            await run_in(self._engine, self._write, key, form, snapshot)
        except SQLAlchemyError as error:
            _tell("a snapshot is not written", error)

    def _read(self, keys: Sequence[AggregateKey], form: str) -> dict[AggregateKey, Snapshot]:
        by_id = {key.id: key for key in keys}
        ids, found = list(by_id), {}
        table = snapshots.c
        with self._engine.connect().execution_options(reads_only=True) as connection:
            for start in range(0, len(ids), KEYS_AT_ONCE):
                chosen = select(snapshots).where(
                    table.category == keys[0].category,
                    table.form == form,
                    table.id.in_(ids[start : start + KEYS_AT_ONCE]),
                )
                for row in connection.execute(chosen):
                    kept = Snapshot(
                        row.sequence, row.revision, row.last_id, row.state, row.recorded
                    )
                    if _digest(kept) == row.digest:
                        found[by_id[row.id]] = kept
        return found

    def _write(self, key: AggregateKey, form: str, snapshot: Snapshot) -> None:
        table = snapshots.c
        own = (table.category == key.category) & (table.id == key.id)
        row = {"category": key.category, "id": key.id, "form": form, "digest": _digest(snapshot)}
        with self._engine.begin() as connection:
            connection.execute(delete(snapshots).where(own))
            connection.execute(insert(snapshots).values(row | snapshot._asdict()))


def _digest(snapshot: Snapshot) -> str:
    head = f"{snapshot.sequence} {snapshot.revision} {snapshot.last_id} {len(snapshot.state)} "
    digest = sha256(head.encode())
    digest.update(snapshot.state)
    digest.update(snapshot.recorded)
    return digest.hexdigest()


def _tell(what: str, error: SQLAlchemyError) -> None:
    structlog.get_logger().warning(what, error=type(error).__name__)
