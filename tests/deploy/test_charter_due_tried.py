"""`tribune charter due` tells by when something would be due, before anybody lives by it."""

import json
from pathlib import Path

import pytest
from charters import copied
from typer.testing import CliRunner

from deploy.cli import app

RULES = """
[[rule]]
name = "lamps"
days = 3
sectors = ["street-lights"]

[almanac.massachusetts]
places = ["us.ma"]
holidays = "US-MA"
"""


@pytest.fixture
def charter(tmp_path: Path) -> str:
    directory = copied(tmp_path)
    (directory / "due.toml").write_text(RULES)
    return str(directory)


def tried(charter: str, *given: str) -> tuple[int, str]:
    ran = CliRunner().invoke(app, ["charter", "due", *given, "--charter", charter])
    return ran.exit_code, " ".join(ran.output.split())


def test_a_rule_is_tried(charter: str) -> None:
    code, said = tried(charter, "us.ma.boston", "street-lights", "2031-12-23")
    assert code == 0
    assert "due by 2031-12-29 23:59:59 -0500" in said
    assert "2 of weekends, 2031-12-25 (Christmas Day); counted again, it is so" in said


def test_scripts_are_told_each_day(charter: str) -> None:
    code, said = tried(charter, "us.ma.boston", "street-lights", "2031-12-23", "--json")
    told = json.loads(said)
    assert (code, told["reckoning"]["due_day"]) == (0, "2031-12-29")
    assert [each["day"] for each in told["not_counted"]] == [
        "2031-12-25",
        "2031-12-27",
        "2031-12-28",
    ]


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        (("us.ma.boston", "graffiti", "2031-12-23"), 1, "no rule is for it"),
        (("us.mx", "graffiti", "2031-12-23"), 2, 'the charter has no place "us.mx"'),
        (("us.ma", "lamps", "2031-12-23"), 2, 'the charter has no sector "lamps"'),
        (("us.ma", "graffiti", "23.12.2031"), 2, '"23.12.2031" is no day such as 2031-12-22'),
        (("us.ma", "street-lights", "2999-12-31"), 1, "after the year 2999"),
    ],
)
def test_what_can_not_be_told_says_why(
    charter: str, given: tuple[str, ...], code: int, words: str
) -> None:
    assert tried(charter, *given)[0] == code
    assert words in tried(charter, *given)[1]
