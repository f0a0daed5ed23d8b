"""Who was late as known at every midnight of the half year, held against a count of the file."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest
from city import HalfYear

from deploy.suite import database
from services.intake.projections.checks import late_as_known_on

pytestmark = pytest.mark.deep

ZONE = ZoneInfo("America/New_York")
FIRST, LAST = datetime(2011, 7, 1, tzinfo=UTC), datetime(2012, 1, 31, tzinfo=UTC)
KNOWN = {datetime(2011, 9, 1, tzinfo=UTC): 2_592, datetime(2012, 1, 1, tzinfo=UTC): 9_757}
DAY = timedelta(days=1)


def midnights() -> Iterator[datetime]:
    at = FIRST
    while at <= LAST:
        yield at
        at += DAY


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def by_the_file(half_year: HalfYear) -> dict[datetime, int]:
    """What fell due before a midnight and was not done by its due date, read by nobody's code but
    this."""
    due_on: Counter[datetime] = Counter()
    for row in half_year.city.values():
        if not row["target_dt"].strip():
            continue
        due, closed = _moment(row["target_dt"]), row["closed_dt"].strip()
        if not closed or _moment(closed) > due:
            day = due.replace(hour=0, minute=0, second=0, microsecond=0)
            due_on[max(day + DAY, FIRST)] += 1
    days = list(midnights())
    return dict(zip(days, accumulate(due_on[day] for day in days), strict=True))


def test_at_every_midnight_as_many_are_known_to_be_late_as_the_file_says(
    half_year: HalfYear,
) -> None:
    """With a clock that ran ahead of its sweeps it was 6,228 where the file says 9,757."""
    expected = by_the_file(half_year)
    assert {day: expected[day] for day in KNOWN} == KNOWN
    engine = database(half_year.home.settings, "intake")
    with engine.connect().execution_options(reads_only=True) as connection:
        found = {day: len(late_as_known_on(connection, day)) for day in midnights()}
    engine.dispose()
    assert found == expected
