"""By when something is due, over five almanacs: each day written by hand."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from services.intake.domain.almanac import Almanac
from services.intake.domain.due import DueRules, Rule, TooLateError, reckoned
from shared.contracts.reckoning import Counted
from shared.contracts.values import LATEST
from shared.runtime.holidays_of import holidays_of

BOSTON = Almanac("boston", "1", ZoneInfo("America/New_York"), holidays=holidays_of("US-MA", "en"))
FRANCE = Almanac("france", "1", ZoneInfo("Europe/Paris"), holidays=holidays_of("FR", "fr"))
GERMANY = Almanac(
    "werktage",
    "1",
    ZoneInfo("Europe/Berlin"),
    weekend=frozenset((6,)),
    holidays=holidays_of("DE", "de"),
)
CAIRO = Almanac(
    "cairo",
    "1",
    ZoneInfo("Africa/Cairo"),
    weekend=frozenset((4, 5)),
    off={date(2026, 7, 23): "Revolution Day"},
)
NEPAL = Almanac(
    "nepal",
    "1",
    ZoneInfo("Asia/Kathmandu"),
    weekend=frozenset((5,)),
    off={date(2026, 11, day): "Tihar" for day in (8, 9, 10, 11)},
    worked=frozenset((date(2026, 11, 28),)),
)

IN_TURN: list[tuple[Almanac, str, str]] = [
    # Thanksgiving, Christmas, the year's end
    (
        BOSTON,
        "2026-11-20",
        (
            "2026-11-23 11-24 11-25 11-27 11-30 12-01 12-02 12-03 12-04 12-07 12-08 12-09 12-10"
            " 12-11 12-14 12-15 12-16 12-17 12-18 12-21 12-22 12-23 12-24 12-28 12-29 12-30"
            " 12-31 2027-01-04"
        ),
    ),
    # Labour Day, Victory Day, Ascension, Whit Monday
    (
        FRANCE,
        "2026-04-30",
        (
            "2026-05-04 05-05 05-06 05-07 05-11 05-12 05-13 05-15 05-18 05-19 05-20 05-21 05-22"
            " 05-26 05-27 05-28 05-29 06-01"
        ),
    ),
    # Good Friday is worked there, Easter Monday is not
    (FRANCE, "2026-04-02", "2026-04-03 04-07 04-08"),
    # Saturdays are worked; Good Friday and Easter Monday are not
    (
        GERMANY,
        "2026-04-01",
        "2026-04-02 04-04 04-07 04-08 04-09 04-10 04-11 04-13 04-14 04-15 04-16 04-17 04-18 04-20",
    ),
    # both days of Christmas, one of them a Saturday
    (
        GERMANY,
        "2026-12-22",
        "2026-12-23 12-24 12-28 12-29 12-30 12-31 2027-01-02 01-04 01-05 01-06 01-07",
    ),
    # Fridays and Saturdays are not worked, Sundays are
    (
        CAIRO,
        "2026-07-15",
        "2026-07-16 07-19 07-20 07-21 07-22 07-26 07-27 07-28 07-29 07-30 08-02",
    ),
    # four days of the charter's own behind a weekend of one day
    (
        NEPAL,
        "2026-11-05",
        "2026-11-06 11-12 11-13 11-15 11-16 11-17 11-18 11-19 11-20 11-22",
    ),
    # a Saturday that is worked in its stead
    (NEPAL, "2026-11-26", "2026-11-27 11-28 11-29 11-30"),
]


def _cases() -> Iterator[tuple[Almanac, str, int, str]]:
    for almanac, since, days in IN_TURN:
        year = ""
        for number, day in enumerate(days.split(), 1):
            year = day[:4] if len(day) == len("2026-11-23") else year
            yield almanac, since, number, f"{year}-{day[-5:]}"


@pytest.mark.parametrize(("almanac", "since", "days", "due"), list(_cases()))
def test_working_days(almanac: Almanac, since: str, days: int, due: str) -> None:
    assert _due(almanac, since, days, "working") == due


@pytest.mark.parametrize(
    ("almanac", "since", "days", "due"),
    [
        (BOSTON, "2026-11-20", 5, "2026-11-25"),
        (BOSTON, "2026-11-20", 6, "2026-11-27"),  # Thanksgiving
        (BOSTON, "2026-11-20", 7, "2026-11-27"),
        (BOSTON, "2026-11-20", 8, "2026-11-30"),  # a Saturday
        (BOSTON, "2026-11-20", 9, "2026-11-30"),
        (BOSTON, "2026-11-20", 10, "2026-11-30"),
        (BOSTON, "2026-11-20", 35, "2026-12-28"),  # Christmas, a Friday
        (BOSTON, "2026-11-20", 42, "2027-01-04"),
        (BOSTON, "2026-11-20", 45, "2027-01-04"),
        (FRANCE, "2026-04-30", 1, "2026-05-04"),
        (FRANCE, "2026-04-30", 8, "2026-05-11"),
        (FRANCE, "2026-04-30", 14, "2026-05-15"),
        (FRANCE, "2026-04-30", 25, "2026-05-26"),
        (FRANCE, "2026-04-30", 30, "2026-06-01"),
    ],
)
def test_all_days_of_which_the_last_is_worked(
    almanac: Almanac, since: str, days: int, due: str
) -> None:
    assert _due(almanac, since, days, "calendar") == due


@pytest.mark.parametrize(
    ("almanac", "made_at", "due_at"),
    [
        # the last second of a day there, and the first of the next
        (BOSTON, "2026-11-20T04:59:59", "2026-11-21T04:59:59"),
        (BOSTON, "2026-11-20T05:00:00", "2026-11-24T04:59:59"),
        (NEPAL, "2026-11-25T18:14:59", "2026-11-26T18:14:59"),
        (NEPAL, "2026-11-25T18:15:00", "2026-11-27T18:14:59"),
        # clocks go forward on 8 March and back on 1 November
        (BOSTON, "2026-03-05T12:00:00", "2026-03-07T04:59:59"),
        (BOSTON, "2026-03-06T12:00:00", "2026-03-10T03:59:59"),
        (BOSTON, "2026-10-29T12:00:00", "2026-10-31T03:59:59"),
        (BOSTON, "2026-10-30T12:00:00", "2026-11-03T04:59:59"),
        # on 29 March and 25 October
        (FRANCE, "2026-03-26T12:00:00", "2026-03-27T22:59:59"),
        (FRANCE, "2026-03-27T12:00:00", "2026-03-30T21:59:59"),
        (FRANCE, "2026-10-23T12:00:00", "2026-10-26T22:59:59"),
        # the last hour of 29 October comes twice
        (CAIRO, "2026-10-28T12:00:00", "2026-10-29T21:59:59"),
    ],
)
def test_a_day_is_one_of_its_place(almanac: Almanac, made_at: str, due_at: str) -> None:
    rules = DueRules([Rule("next-day", 1, 1)], common=almanac)
    made = datetime.fromisoformat(made_at).replace(tzinfo=UTC)
    due = rules.after("us", "any", "anybody", made)
    assert due.at == datetime.fromisoformat(due_at).replace(tzinfo=UTC)


def test_each_day_that_is_not_counted_is_told_with_why() -> None:
    told = reckoned(Rule("repairs", 3, 24), BOSTON, date(2026, 11, 20))
    named = [(str(day), why) for day, why in told.skipped() if why]
    assert named == [("2026-11-26", "Thanksgiving Day"), ("2026-12-25", "Christmas Day")]
    weekends = [str(day) for day, why in told.skipped() if not why]
    assert weekends[:4] == ["2026-11-21", "2026-11-22", "2026-11-28", "2026-11-29"]
    assert len(weekends) == 12
    assert told.holds()
    assert not told.model_copy(update={"days": 23}).holds()


def test_a_holiday_that_is_added_moves_what_is_reckoned_from_then_on() -> None:
    wiser = Almanac("boston", "2", BOSTON.zone, off={date(2026, 12, 24): "Snow"})
    before = reckoned(Rule("repairs", 1, 3), Almanac("boston", "1"), date(2026, 12, 21))
    after = reckoned(Rule("repairs", 1, 3), wiser, date(2026, 12, 21))
    assert (str(before.due_day), before.almanac_version) == ("2026-12-24", "1")
    assert (str(after.due_day), after.almanac_version) == ("2026-12-25", "2")


def test_nothing_is_due_after_all_days() -> None:
    for rule in (Rule("long", 1, 400), Rule("every", 1, 400, "calendar")):
        with pytest.raises(TooLateError):
            reckoned(rule, BOSTON, date(2999, 3, 1))
    with pytest.raises(TooLateError):
        DueRules(common=BOSTON).on("us", LATEST.date())


def _due(almanac: Almanac, since: str, days: int, counted: Counted) -> str:
    told = reckoned(Rule("any", 1, days, counted), almanac, date.fromisoformat(since))
    assert told.holds()
    return str(told.due_day)


def test_ten_thousand_of_them_are_as_numpy_counts() -> None:
    """Another implementation: business days of numpy, over weekends and days off of any kind."""
    drawn = random.Random(2031)
    begin = date(2026, 1, 1)
    for _ in range(10_000):
        weekend = frozenset(drawn.sample(range(7), drawn.randint(0, 3)))
        off = {begin + timedelta(drawn.randrange(400)): "off" for _ in range(drawn.randrange(12))}
        since, days = begin + timedelta(drawn.randrange(300)), drawn.randint(1, 60)
        almanac = Almanac(weekend=weekend, off=off)
        told = reckoned(Rule("any", 1, days), almanac, since)
        week = "".join("0" if day in weekend else "1" for day in range(7))
        holidays = sorted(off)
        before = np.busday_offset(since, 0, "backward", week, holidays)
        assert told.due_day == np.busday_offset(before, days, "raise", week, holidays)
        assert told.holds()
        every = reckoned(Rule("any", 1, days, "calendar"), almanac, since)
        last = since + timedelta(days)
        assert every.due_day == np.busday_offset(last, 0, "forward", week, holidays)
        assert every.holds()
