"""Makes the tables that are not there yet; two processes may start side by side."""

from collections.abc import Iterable
from uuid import uuid4

from sqlalchemy import Column, Connection, Engine, String, Table, insert, select, text

from shared.eventsourcing.projections import checkpoints, fingerprints, kept_states, set_aside
from shared.eventsourcing.projections.read_model import ReadModel

__all__ = ["identity", "kept_states", "prepare", "set_aside"]

ONE_AT_A_TIME = 1925

identities = Table("identity", checkpoints.metadata, Column("id", String(32), primary_key=True))


def prepare(engine: Engine, models: Iterable[ReadModel], *, anew: bool = False) -> None:
    """Create tables and checkpoints, all in one transaction that others wait for. `anew`: whatever
    made the rows that are there, they are about to be replaced.

    Raises ReadModelChangedError.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
        checkpoints.metadata.create_all(connection)
        if _identity(connection) is None:
            connection.execute(insert(identities).values(id=uuid4().hex))
        for model in models:
            _prepare(connection, model, anew=anew)


def _prepare(connection: Connection, model: ReadModel, *, anew: bool) -> None:
    for table in model.tables:
        table.create(connection, checkfirst=True)
    if checkpoints.register(connection, model.name):
        fingerprints.keep(connection, model)
    elif not anew:
        fingerprints.check(connection, model)


def identity(engine: Engine) -> str:
    """What tells this database from another: who shares it may not keep its rows side by side."""
    with engine.connect().execution_options(reads_only=True) as connection:
        return _identity(connection) or ""


def _identity(connection: Connection) -> str | None:
    return connection.execute(select(identities.c.id)).scalar()
