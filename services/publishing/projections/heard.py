"""How many reports are public of places and sectors, by the day of each."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, func, select

from services.publishing.projections import requests
from shared.eventsourcing.projections.serving import rows_of

Heard = dict[tuple[str, str], int]


def within(
    connection: Connection, first: date, last: date, places: Collection[str] | None = None
) -> Heard:
    """By place and sector; what is withdrawn has no day any more."""
    rows = rows_of(connection, requests.read_model).c
    chosen = select(rows.place, rows.sector, func.count()).where(
        rows.about == requests.REPORT, rows.on.between(first, last)
    )
    if places is not None:
        chosen = chosen.where(rows.place.in_(places))
    found = connection.execute(chosen.group_by(rows.place, rows.sector))
    return {(place, sector): number for place, sector, number in found}
