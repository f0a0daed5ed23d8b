"""What there is for an issue of some days: stories, checks that were settled or are overdue."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, select

from services.publishing.projections import overdue, stories, worth
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import rows_of

SETTLED = ("raised", "refuted", "upheld", "late", "done")
OVERDUE = 45
"""The news value of what is overdue, and was passed up to nobody yet."""


def told(connection: Connection, first: date, last: date, limit: int) -> list[Row]:
    """Stories that appeared on these days and were not withdrawn, the newest first."""
    rows = rows_of(connection, stories.read_model)
    chosen = select(rows).where(rows.c.on.between(first, last), rows.c.sequence.is_not(None))
    found = connection.execute(chosen.order_by(rows.c.sequence.desc()).limit(limit))
    return [dict(row) for row in found.mappings()]


def settled(
    connection: Connection, first: date, last: date, places: Collection[str], limit: int
) -> list[Row]:
    """Checks of some places, the weightiest first."""
    rows = rows_of(connection, worth.read_model)
    chosen = select(rows).where(
        rows.c.kind == "check",
        rows.c.why.in_(SETTLED),
        rows.c.on.between(first, last),
        rows.c.place.in_(places),
        rows.c.sequence.is_not(None),
    )
    order = rows.c.weight.desc(), rows.c.on.desc(), rows.c.thing
    found = connection.execute(chosen.order_by(*order).limit(limit))
    return [dict(row) for row in found.mappings()]


def fell_due(
    connection: Connection, first: date, last: date, places: Collection[str], limit: int
) -> list[Row]:
    """What was due on these days and is overdue still, of some places. Rows of the first version
    have no days."""
    if overdue.is_former(connection):
        return []
    rows = rows_of(connection, overdue.read_model)
    chosen = select(rows).where(
        rows.c.due_on.between(first, last),
        rows.c.done_on.is_(None),
        rows.c.place.in_(places),
        rows.c.sequence.is_not(None),
    )
    order = rows.c.due_on.desc(), rows.c.check
    found = connection.execute(chosen.order_by(*order).limit(limit))
    return [dict(row) for row in found.mappings()]


def worth_alone(row: Row) -> int:
    """The news value without its witnesses, who are counted apart."""
    seen = min(row["witnesses"] * worth.OF_A_WITNESS, worth.MOST_OF_WITNESSES)
    value: int = row["weight"] - seen
    return value
