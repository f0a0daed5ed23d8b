"""How far each reader has come, kept in the same database as what it wrote."""

from collections.abc import Collection

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    MetaData,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)

from shared.eventsourcing.errors import ConcurrencyError

metadata = MetaData()

checkpoints = Table(
    "checkpoints",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
)


def read(connection: Connection, name: str) -> int:
    """The last sequence that was applied; 0 before the first."""
    found = connection.execute(
        select(checkpoints.c.sequence).where(checkpoints.c.name == name)
    ).scalar()
    return found or 0


def read_all(connection: Connection) -> dict[str, int]:
    """Every reader's checkpoint by its name."""
    found = connection.execute(select(checkpoints.c.name, checkpoints.c.sequence))
    return {row.name: row.sequence for row in found}


def lock(connection: Connection, name: str) -> int:
    """The same, and nobody moves it before this transaction ends."""
    chosen = select(checkpoints.c.sequence).where(checkpoints.c.name == name).with_for_update()
    return connection.execute(chosen).scalar() or 0


def expect(connection: Connection, name: str, sequence: int) -> None:
    """Locks it. Raises ConcurrencyError if it is elsewhere."""
    if lock(connection, name) != sequence:
        raise _elsewhere(name, sequence)


def is_there(connection: Connection, name: str) -> bool:
    known = select(checkpoints.c.name).where(checkpoints.c.name == name)
    return connection.execute(known).first() is not None


def register(connection: Connection, name: str) -> None:
    if not is_there(connection, name):
        connection.execute(insert(checkpoints).values(name=name, sequence=0))


def remove(connection: Connection, name: str) -> None:
    connection.execute(delete(checkpoints).where(checkpoints.c.name == name))


def move(connection: Connection, names: Collection[str], old: int, new: int) -> None:
    """Compare and set: raises ConcurrencyError if another reader has moved one of them.

    It comes before the rows of its transaction: whoever moves them holds them to the end, and
    nobody else can have rows of the same models in hand.
    """
    moved = connection.execute(
        update(checkpoints)
        .where(checkpoints.c.name.in_(names), checkpoints.c.sequence == old)
        .values(sequence=new)
    )
    if moved.rowcount != len(names):
        raise _elsewhere(", ".join(sorted(names)), old)


def _elsewhere(name: str, expected: int) -> ConcurrencyError:
    return ConcurrencyError(
        f"checkpoint {name} is not at {expected} any more; is another reader active?"
    )
