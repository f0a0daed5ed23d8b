"""The newest rows of a public read model, by their sequence in PUBLIC."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from shared.eventsourcing.projections.read_model import ReadModel, Row
from shared.eventsourcing.projections.serving import rows_of


def newest_of(
    connection: Connection,
    model: ReadModel,
    limit: int,
    places: Collection[str] | None,
    before: int | None,
) -> list[Row]:
    """Of some places or of all; `before` a sequence goes on from there. Rows without a sequence
    are none of the list's."""
    table = rows_of(connection, model)
    chosen = select(table).order_by(table.c.sequence.desc()).limit(limit)
    chosen = chosen.where(table.c.sequence.is_not(None))
    if places is not None:
        chosen = chosen.where(table.c.place.in_(places))
    if before is not None:
        chosen = chosen.where(table.c.sequence < before)
    return [dict(row) for row in connection.execute(chosen).mappings()]
