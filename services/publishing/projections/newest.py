"""The newest rows of a public read model, by their sequence in PUBLIC."""

from collections.abc import Collection

from sqlalchemy import Connection, Table, select

from shared.eventsourcing.projections.read_model import Row


def newest_of(
    connection: Connection,
    table: Table,
    limit: int,
    places: Collection[str] | None,
    before: int | None,
) -> list[Row]:
    """Of some places or of all; `before` a sequence goes on from there."""
    chosen = select(table).order_by(table.c.sequence.desc()).limit(limit)
    if places is not None:
        chosen = chosen.where(table.c.place.in_(places))
    if before is not None:
        chosen = chosen.where(table.c.sequence < before)
    return [dict(row) for row in connection.execute(chosen).mappings()]
