"""How many days checks took from the day they were public to that on which they were done.

Of checks that are public alone, each of which has both days on its own page.
"""

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import date
from math import ceil

from sqlalchemy import Connection, func, select

from services.publishing.projections import requests
from shared.eventsourcing.projections.serving import rows_of

DONE = ("done", "done late")

Days = Counter[int]


def by_month(
    connection: Connection,
    first: date,
    last: date,
    places: Collection[str] | None = None,
    sector: str | None = None,
) -> dict[str, Days]:
    """How many took how many days, by the month in which they were done, as 2030-01. What was made
    public behind the day on which it was done took nobody any time that is known."""
    rows = rows_of(connection, requests.read_model).c
    chosen = select(rows.on, rows.closed_on, func.count()).where(
        rows.about == requests.CHECK,
        rows.closed_on.between(first, last),
        rows.outcome.in_(DONE),
        rows.on <= rows.closed_on,
    )
    if places is not None:
        chosen = chosen.where(rows.place.in_(places))
    if sector is not None:
        chosen = chosen.where(rows.sector == sector)
    found = defaultdict[str, Days](Counter)
    for on, done_on, number in connection.execute(chosen.group_by(rows.on, rows.closed_on)):
        found[f"{done_on:%Y-%m}"][(done_on - on).days] += number
    return dict(sorted(found.items()))


def within(days: Days, share: float) -> int:
    """The least number of days within which at least this share of them were done."""
    wanted, so_far = ceil(days.total() * share), 0
    for number, many in sorted(days.items()):
        so_far += many
        if so_far >= wanted:
            return number
    raise ValueError("of nothing")
