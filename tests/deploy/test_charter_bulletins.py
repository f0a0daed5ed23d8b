"""A charter's terms for bulletins: read whole, or refused by line and reason."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from charters import copied, spoilt, told

from shared.runtime.charter import examine, read_charter
from shared.runtime.charter_bulletins import BulletinsTold

DOWNTOWN = "us.ma.boston.downtown-financial-district"
GOOD = f'within = "us.ma.boston"\ncentre = ["{DOWNTOWN}"]\nitems = 30\n'


def test_without_the_file_there_are_none(tmp_path: Path) -> None:
    directory = copied(tmp_path)
    (directory / "bulletins.toml").unlink(missing_ok=True)
    found = read_charter(directory).bulletins
    assert found.terms is None
    assert found.last_before(datetime(2031, 3, 7, 12, tzinfo=UTC), ZoneInfo("UTC")) is None


def test_what_is_said_becomes_the_terms_of_issues(tmp_path: Path) -> None:
    directory = copied(tmp_path)
    (directory / "bulletins.toml").write_text(GOOD)
    terms = read_charter(directory).bulletins.terms
    assert terms
    assert (terms.within, terms.centre) == ("us.ma.boston", (DOWNTOWN,))
    assert (terms.share, terms.floor, terms.leads) == (60, 1, 3)


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        (GOOD.replace("us.ma.boston", "us.ma.bosten", 1), 'no place "us.ma.bosten"', 1),
        (GOOD.replace("downtown-f", "uptown-f"), "no place", 2),
        (GOOD.replace(DOWNTOWN, "us.ma"), "does not lie right below", 2),
        ('within = "us.ma"\ncentre = ["us.ma.boston"]\n', "all regions are the centre", 2),
        (f'within = "{DOWNTOWN}"\n', "so it has no regions", 1),
        (f"{GOOD}least_share = 101\n", '"least_share" must be at most 100', 4),
        (f"{GOOD}flor = 1\n", '"floor" may be meant', 4),
        (f"{GOOD}leads = 0\n", '"leads" must be at least 1', 4),
        (f'{GOOD}every = "fryday"\n', '"fryday" is none of', 4),
        (f'{GOOD}every = "friday"\nat = "6:00"\n', "time of day", 5),
        ("least_share = 60\n", "within which place", None),
        ('within = "us.ma.boston"\nitems = 2\n', "more leads than items", None),
    ],
)
def test_what_is_wrong_is_told_by_file_and_line(
    tmp_path: Path, text: str, said: str, line: int | None
) -> None:
    (problem,) = told(spoilt(tmp_path, "bulletins.toml", text))
    assert problem.startswith(f"bulletins.toml, line {line}:" if line else "bulletins.toml")
    assert said in problem


def test_that_floors_need_more_than_the_items_is_a_warning(tmp_path: Path) -> None:
    directory = copied(tmp_path)
    (directory / "bulletins.toml").write_text(GOOD.replace("30", "5"))
    found = examine(directory)
    assert not found.problems
    assert any("for their floor" in str(each) for each in found.warnings)


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2031, 3, 7, 10, 59, tzinfo=UTC), date(2031, 2, 28)),
        (datetime(2031, 3, 7, 11, tzinfo=UTC), date(2031, 3, 7)),
        (datetime(2031, 3, 14, 9, 59, tzinfo=UTC), date(2031, 3, 7)),
        (datetime(2031, 3, 14, 10, tzinfo=UTC), date(2031, 3, 14)),
    ],
    ids=["before", "at", "in summer time before", "in summer time at"],
)
def test_the_day_of_an_issue_is_one_of_the_zone(now: datetime, day: date) -> None:
    told = BulletinsTold(within="us", every="friday", at="06:00")
    assert told.last_before(now, ZoneInfo("America/New_York")) == day
