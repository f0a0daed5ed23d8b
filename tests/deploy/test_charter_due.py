"""A charter's rules for due dates and its almanacs: read whole, or refused by line and reason."""

import re
from pathlib import Path

import pytest
from charters import OWN, copied, spoilt, told

from shared.runtime.charter import read_charter

GOOD = """
[reminder]
days = 3

[[tier]]
days = 10
to = "The mayor's office"

[[tier]]
days = 31

[[rule]]
name = "lamps"
version = 2
days = 5
sectors = ["street-lights"]
owners = ["Public Works"]

[[rule]]
name = "rest"
days = 30
counted = "calendar"

[almanac.boston]
places = ["us.ma"]
holidays = "US-MA"
weekend = ["sunday"]
zone = "America/New_York"
off = {2031-04-21 = "Marathon"}
worked = {2031-12-26 = "Inventory"}
"""


def test_rules_and_almanacs_are_read(tmp_path: Path) -> None:
    directory = copied(tmp_path)
    (directory / "due.toml").write_text(GOOD)
    due = read_charter(directory).due
    assert [rule.name for rule in due.rule] == ["lamps", "rest"]
    assert due.reminder is not None
    assert (due.reminder.days, due.reminder.counted) == (3, "working")
    assert [(tier.days, tier.to) for tier in due.tier] == [(10, "The mayor's office"), (31, None)]
    assert due.almanac["boston"].weekdays == frozenset((6,))
    assert [str(day) for day in due.almanac["boston"].off] == ["2031-04-21"]
    assert read_charter(directory).zones["us.ma"].key == "America/New_York"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("days = 5", "days = 0", '"days" must be at least 1, and is 0'),
        ("days = 5", "days = 5000", '"days" must be at most 3,660, and is 5000'),
        ("days = 5", 'days = "5"', '"days" must be a whole number'),
        ("days = 5", "day = 5", 'there is no key "day" here.*"days"'),
        ("days = 5\n", "", '"days" is missing'),
        ('counted = "calendar"', 'counted = "all"', '"all" is none of "working" or "calendar"'),
        ('name = "rest"', 'name = "lamps"', '"lamps" is the name of another rule already'),
        ('name = "rest"', 'name = "Rest of all"', '"Rest of all" is no name of a rule'),
        ('"street-lights"', '"street-lamps"', '"street-lamps" is no sector of this charter'),
        ('["us.ma"]', '["us.mx"]', '"us.mx" is no place of this charter'),
        ('["us.ma"]', "[]", "must name a place"),
        ('"US-MA"', '"XX-MA"', "must be a country's code, .*"),
        ('"US-MA"', '"us_ma"', 'perhaps "US-MA"'),
        ('["sunday"]', '["sonntag"]', '"sonntag" is none of "monday", "tuesday"'),
        (
            '["sunday"]',
            '["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]',
            "must leave a day that is worked",
        ),
        ("America/New_York", "New York", "must be a time zone of IANA's list"),
        ("2031-04-21", "2031-02-30", "must be a day such as 2031-12-24"),
        ("2031-04-21", "1731-04-21", "must be a day between the years 1900 and 2999"),
        ('"Marathon"', '""', "must be one line of text, and not empty"),
        ("2031-12-26", "2031-04-21", "2031-04-21 is in off and in worked; leave one out"),
        (
            "[almanac.boston]",
            '[almanac.other]\nplaces = ["us.ma"]\n[almanac.boston]',
            '"us.ma" is of "other" already; a place has one almanac',
        ),
        ("[[rule]]", "[rule]", "given as .*rule"),
        ("days = 3\n", "days = 0\n", '"days" must be at least 1, and is 0'),
        ("days = 31", "days = 10", "more than the 10 of the tier before it.*from the due day"),
        ('to = "The', 'two = "The', 'there is no key "two" here'),
        ("days = 10\n", "", '"days" is missing'),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    text = GOOD.replace(old, new) if old == "[[rule]]" else GOOD.replace(old, new, 1)
    found = [each for each in told(spoilt(tmp_path, "due.toml", text)) if "due.toml" in each]
    assert found
    assert re.search(words, " ".join(found)), found
    assert all(re.match(r"due\.toml,? (line )?\d+|due\.toml:\d+", each) for each in found), found


def test_a_rule_behind_one_for_all_is_warned_of(tmp_path: Path) -> None:
    examined = spoilt(tmp_path, "due.toml", GOOD + '\n[[rule]]\nname = "late"\ndays = 2\n')
    assert [str(found) for found in examined.warnings if "never counted by" in str(found)]
    assert examined.problems == []


def test_no_source_is_called_as_what_the_body_writes_down(tmp_path: Path) -> None:
    sources = (OWN / "sources.toml").read_text()
    (problem,) = told(spoilt(tmp_path, "sources.toml", f'the-body = "We"\n{sources}'))
    assert '"the-body" is where the body\'s own commitments come from' in problem
