"""Times that are far from now are warned of, in a dry run and before anything is sent."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from mappings import REPORTS
from taking_files import took, written

from deploy.feeding.taking.oddities import oddities

MAPPING = (
    REPORTS.replace('"UTC"', '"Asia/Bangkok"')
    + """report = "{id}"
place = "th"
sector = "trees"
filed_at = { instant = "at" }
"""
)
NOW = datetime.now(UTC).year


def warnings(folder: Path, *years: int) -> list[str]:
    rows = "".join(f"{number},{year}-05-01\n" for number, year in enumerate(years))
    taken, mapping = took(written(folder, MAPPING, f"id,at\n{rows}"))
    taken.close()
    return [*oddities(taken, mapping)]


def test_years_of_another_calendar_are_told_with_values_column_and_first_lines(
    tmp_path: Path,
) -> None:
    theirs = NOW + 542
    (warning,) = warnings(tmp_path, NOW, *[theirs] * 5)
    assert warning == (
        f"column at: more than 10 years ahead of now (as the Buddhist calendar counts, {theirs} is"
        f' {NOW - 1}; years have to be those of ours): line 3 "{theirs}-05-01", line 4'
        f' "{theirs}-05-01", line 5 "{theirs}-05-01" and 2 more'
    )


@pytest.mark.parametrize(
    ("year", "words"),
    [(1970, "50 years before now: line 2"), (NOW + 60, "10 years ahead of now: line 2")],
)
def test_years_long_ago_or_far_ahead_are_told(year: int, words: str, tmp_path: Path) -> None:
    (warning,) = warnings(tmp_path, year)
    assert warning == f'column at: more than {words} "{year}-05-01"'


def test_what_is_near_is_not_told(tmp_path: Path) -> None:
    assert warnings(tmp_path, NOW - 40, NOW - 1) == []


def test_a_report_of_a_year_to_come_is_told_once_however_far_it_is(tmp_path: Path) -> None:
    (near,) = warnings(tmp_path / "near", NOW + 9)
    assert near.startswith("column at: filed at a time still to come, which intake refuses")
