"""A year of checks and reports that is made up, for charts."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count
from typing import Any

from public_site import NOW, another_report

from shared.contracts.event import Event
from shared.testing.examples import (
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_DONE_CLAIMED,
    varied,
)

PLACES = ("us.ma.boston.roxbury", "us.ma.boston.fenway", "us.ma.boston")
SECTORS = ("street-lights", "graffiti", "trees", "sanitation", "recycling", "highway-maintenance")
OWNERS = ("Public Works", "Parks & Recreation", "Inspectional Services", "<b>Office of Lamps")
LATE = varied(PUBLIC_DONE_CLAIMED, late=True, done_on=date(2030, 2, 12))
_numbers = count(1)


def check(*events: Event, **said: Any) -> list[Event]:
    """Events of a check of its own."""
    number = f"{next(_numbers):032x}"
    return [varied(each, check=number, **said) for each in (PUBLIC_CHECK_OPENED, *events)]


def a_year(owners: tuple[str, ...] = OWNERS) -> Iterator[Event]:
    """What is due in each month is done in time, late, or not at all."""
    for turn in range(120):
        due = NOW.date() - timedelta(days=3 * turn)
        said = {
            "due_on": due,
            "owner": owners[turn % len(owners)],
            "place": PLACES[turn % 2],
            "sector": SECTORS[turn % 4],
        }
        done_on = NOW.date() - timedelta(days=turn % 9)
        in_time = varied(PUBLIC_DONE_CLAIMED, done_on=done_on, late=False)
        raised = PUBLIC_CHECK_OVERDUE, varied(in_time, late=True)
        kinds = ((in_time,), raised, (PUBLIC_CHECK_OVERDUE,), (in_time,))
        yield from check(*kinds[(turn * turn + turn // 7) % 4], **said)
        for each in range(turn % 5):
            where = {"place": PLACES[(turn + each) % 3], "sector": SECTORS[turn % 6]}
            yield another_report(**where, on=NOW.date() - timedelta(days=turn % 14))
