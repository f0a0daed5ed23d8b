"""Makes the tables that are not there yet; two processes may start side by side."""

from collections.abc import Iterable, Sequence
from uuid import uuid4

from sqlalchemy import Column, Connection, Engine, String, Table, insert, inspect, select, text

from shared.eventsourcing.projections import (
    checkpoints,
    fingerprints,
    kept_states,
    serving,
    set_aside,
    unindexed,
)
from shared.eventsourcing.projections.database import beginning
from shared.eventsourcing.projections.read_model import ReadModel

__all__ = ["identity", "kept_states", "prepare", "set_aside"]

ONE_AT_A_TIME = 1925

identities = Table("identity", checkpoints.metadata, Column("id", String(32), primary_key=True))


def prepare(engine: Engine, models: Iterable[ReadModel], *, anew: bool = False) -> None:
    """Create tables and checkpoints, all in one transaction that others wait for. `anew`: whatever
    made the rows that are there, they are about to be replaced.

    Raises ReadModelChangedError.
    """
    models = list(models)
    with beginning(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
        checkpoints.metadata.create_all(connection)
        if _identity(connection) is None:
            connection.execute(insert(identities).values(id=uuid4().hex))
        for model in models:
            _make(connection, model)
            _take_over(connection, model)
        if not anew:
            _check(connection, models)
            for table in unindexed.tables_of(models):
                unindexed.make(connection, table.indexes)
            _serve(connection, models)


def _make(connection: Connection, model: ReadModel) -> None:
    for table in model.tables:
        table.create(connection, checkfirst=True)
    if all(checkpoints.is_there(connection, name) for name in model.positions):
        return
    for name in model.positions:
        checkpoints.register(connection, name)
    fingerprints.keep(connection, model)
    serving.withdraw(connection, model.name)


def _take_over(connection: Connection, model: ReadModel) -> None:
    """What an older version of ours has made without a fingerprint is as it should be."""
    for version in model.versions():
        is_there = checkpoints.is_there(connection, version.name)
        if is_there and fingerprints.read(connection, version.name) is None:
            fingerprints.keep(connection, version)
            if model.family not in serving.read_all(connection):
                serving.serve(connection, version)


def _check(connection: Connection, models: Sequence[ReadModel]) -> None:
    """All that are followed."""
    for model in models:
        fingerprints.check(connection, model)
        served = serving.version(connection, model)
        if served is not None and served is not model:
            fingerprints.check(connection, served)


def _serve(connection: Connection, models: Sequence[ReadModel]) -> None:
    """Where none has anything to show yet, all are made together, and shown while they are."""
    served = [serving.version(connection, model) for model in models]
    positions = [name for each in served if each for name in each.positions]
    if any(checkpoints.read(connection, name) for name in positions):
        return
    for model in models:
        serving.serve(connection, model)


def forget(engine: Engine, model: ReadModel) -> None:
    """Its rows and all that is known of them, in every version."""
    with engine.begin() as connection:
        known = set(inspect(connection).get_table_names())
        for version in model.versions():
            for table in version.tables:
                table.drop(connection, checkfirst=True)
            for name in version.positions if checkpoints.checkpoints.name in known else ():
                checkpoints.remove(connection, name)
                set_aside.clear(connection, name)
            if fingerprints.fingerprints.name in known:
                fingerprints.forget(connection, version.name)
                serving.withdraw(connection, version.name)


def identity(engine: Engine) -> str:
    """What tells this database from another: who shares it may not keep its rows side by side."""
    with engine.connect().execution_options(reads_only=True) as connection:
        return _identity(connection) or ""


def _identity(connection: Connection) -> str | None:
    return connection.execute(select(identities.c.id)).scalar()
