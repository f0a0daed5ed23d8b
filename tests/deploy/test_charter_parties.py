"""A charter's units and parties: read whole, or refused by line and reason."""

import re
from pathlib import Path

import pytest
from charters import OWN, copied, spoilt, told

from services.intake.due_dates import due_rules
from shared.runtime.charter import read_charter
from shared.testing.examples import MONDAY

GOOD = """[city]
name = "City of Boston"

[works]
name = "Public Works"
aliases = ["PWD", "Dept. of Public Works"]
above = "city"
members = ["0123456789abcdef0123456789abcdef"]

[lamps]
name = "Lamp Office"
above = "works"
"""


def test_parties_are_read_with_their_names_units_and_members(tmp_path: Path) -> None:
    directory = copied(tmp_path)
    (directory / "parties.toml").write_text(GOOD)
    parties = read_charter(directory).parties
    assert parties.owner("pwd") == "Public Works"
    assert [each.code for each in parties.units("Lamp Office")] == ["lamps", "works", "city"]
    assert [each.code for each in parties.for_whom("0123456789abcdef" * 2)] == ["works"]


def test_without_the_file_an_owner_is_a_name_alone() -> None:
    assert read_charter(OWN).parties.owner("PWD") == "PWD"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('above = "works"', 'above = "work"', '"lamps" is under "work", and there is no such'),
        (
            'name = "City of Boston"\n',
            'name = "City of Boston"\nabove = "lamps"\n',
            '"city" is above itself: city under lamps under works under city',
        ),
        ('name = "City of Boston"\n', 'name = "x"\nabove = "city"\n', "city under city"),
        ('"Lamp Office"', '"public  works"', '"public  works" is a name of "works" already'),
        ('above = "works"', 'aliases = ["pwd"]', '"pwd" is a name of "works" already; a name lead'),
        ('"PWD", "Dept', '"PWD", "pwd", "Dept', "must name nothing twice"),
        ("[lamps]", "[Lamps]", '"Lamps" is no code of a party: .*; "lamps" may be meant'),
        ("aliases", "alias", 'there is no key "alias" here.*"aliases"'),
        ('name = "Lamp Office"\n', "", '"name" is missing'),
        ('"Lamp Office"', '""', "must be one line with something to see in it"),
        (
            "0123456789abcdef0123456789abcdef",
            "41",
            "must be the number that the member's own page tells",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    found = told(spoilt(tmp_path, "parties.toml", GOOD.replace(old, new, 1)))
    assert found
    assert re.search(words, " ".join(found)), found
    assert all(re.match(r"parties\.toml, line \d+", each) for each in found), found


def test_a_ring_is_told_once(tmp_path: Path) -> None:
    ring = GOOD.replace('name = "City of Boston"\n', 'name = "x"\nabove = "lamps"\n')
    assert len(told(spoilt(tmp_path, "parties.toml", ring))) == 1


def test_an_alias_that_is_the_name_is_warned_of(tmp_path: Path) -> None:
    examined = spoilt(tmp_path, "parties.toml", GOOD.replace('"PWD"', '"Public works"'))
    assert (len(examined.warnings), examined.problems) == (1, [])


def test_a_rule_for_an_owner_is_for_it_under_any_name(tmp_path: Path) -> None:
    directory = copied(tmp_path)
    (directory / "parties.toml").write_text(GOOD)
    rule = '[[rule]]\nname = "works"\ndays = 5\nowners = ["PWD"]\n'
    (directory / "due.toml").write_text(rule)
    rules = due_rules(read_charter(directory))
    assert rules.after("us.ma.boston", "street-lights", "Public Works", MONDAY).reckoning
