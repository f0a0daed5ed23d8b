"""Tables that people read: broken cells and headers, decimal commas, numbers for days."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from mappings import REPORTS
from taking_files import sent, took, written

from deploy.feeding.tables.header import as_wanted
from deploy.feeding.taking.draft import write_draft
from deploy.feeding.taking.oddities import oddities
from deploy.given import WrongFileError

COMMITMENTS = """
source = "boston"
time_zone = "UTC"
[[event]]
kind = "commitment.made"
id = "{id}"
when = "at"
[event.data]
commitment = "{id}"
owner = "{who}"
task = { text = "{what}", empty = "as told" }
place = { place = "where", under = "us" }
sector = { slug = "what" }
made_at = { instant = "at" }
due_at = { after = "at", days = 3 }
"""
HEAD = "id,at,who,what,where\n"
POINTS = f"""{REPORTS}report = "{{id}}"
latitude = "{{lat}}"
longitude = "{{lon}}"
sector = "trees"
filed_at = {{ instant = "at" }}
"""


def odd(folder: Path, mapping: str, content: str, name: str = "rows.csv") -> list[str]:
    taken, mapped = took(written(folder, mapping, content, name))
    taken.close()
    return [*oddities(taken, mapped)]


def wrong(folder: Path, mapping: str, content: str, name: str = "rows.csv") -> list[str]:
    taken, _ = took(written(folder, mapping, content, name))
    taken.close()
    return [str(kind) for kind in taken.problems]


@pytest.mark.parametrize(
    "broken", ["Public\nWorks", "Public \r\n Works", "\u202aPublic\u202c\tWorks"]
)
def test_what_has_to_be_one_line_is_made_one(broken: str, tmp_path: Path) -> None:
    (event,) = sent(written(tmp_path, COMMITMENTS, f'{HEAD}1,2026-03-04,"{broken}","{broken}",A\n'))
    assert (event["owner"], event["task"]) == ("Public Works", "Public Works")


def test_an_id_of_two_lines_stays_wrong(tmp_path: Path) -> None:
    (first, *_) = wrong(tmp_path, COMMITMENTS, f'{HEAD}"1\n2",2026-03-04,A,B,C\n')
    assert "column id" in first


def test_a_drafted_name_keeps_its_words_apart(tmp_path: Path) -> None:
    file = written(tmp_path, COMMITMENTS, f'{HEAD}1,2026-03-04,A,"Water\nLeak","Old\r\nTown"\n')
    taken, mapping = took(file)
    write_draft(tmp_path / "mine", taken, mapping, file.name)
    taken.close()
    assert '"water-leak" = "Water Leak"' in (tmp_path / "mine" / "sectors.toml").read_text()
    assert '"us.old-town" = "Old Town"' in (tmp_path / "mine" / "places.toml").read_text()


@pytest.mark.parametrize("there", ['"Received\non"', unicodedata.normalize("NFD", "Received on")])
def test_a_column_is_found_however_its_header_is_broken(there: str, tmp_path: Path) -> None:
    mapping = REPORTS.replace('"at"', '"Received on"')
    mapping += 'report = "{id}"\nplace = "us"\nsector = "a"\nfiled_at = { instant = "Received on" }'
    assert len(sent(written(tmp_path, mapping, f"id;{there}\n1;2026-03-04\n"))) == 1


def test_accents_of_a_header_may_be_stored_either_way_and_the_very_same_name_goes_first() -> None:
    split = unicodedata.normalize("NFD", "Thème")
    assert as_wanted([split, "a\nb"], ["Thème", "c"]) == ["Thème", "a\nb"]
    assert as_wanted([split, "Thème"], ["Thème"]) == [split, "Thème"]
    assert as_wanted(["a\nb", "a b"], ["a\nb"]) == ["a\nb", "a b"]


def test_two_columns_that_look_the_same_are_told(tmp_path: Path) -> None:
    file = written(tmp_path, COMMITMENTS.replace("{who}", "{w o}"), "id,at,w\no,w  o,what,where\n")
    file.write_text('id,at,"w\no",w  o,what,where\n1,2026-03-04,A,B,C,D\n')
    with pytest.raises(WrongFileError, match="stands there twice"):
        took(file)


def test_a_column_that_is_meant_is_shown_as_the_mapping_may_have_it(tmp_path: Path) -> None:
    file = written(tmp_path, COMMITMENTS, 'id,at,"wh\no",what,where\n')
    with pytest.raises(WrongFileError, match=re.escape(r'"wh\no"')):
        took(file)


@pytest.mark.parametrize(
    "given", ["45,7589", "45.7589", "\u0664\u0665\u066b\u0667\u0665\u0668\u0669"]
)
def test_degrees_may_have_a_decimal_comma_and_digits_of_any_script(
    given: str, tmp_path: Path
) -> None:
    rows = f"id;at;lat;lon\n1;2026-03-04;{given};-{given}\n"
    (event,) = sent(written(tmp_path, POINTS, rows))
    assert (float(event["latitude"]), float(event["longitude"])) == (45.7589, -45.7589)


@pytest.mark.parametrize("given", ["1.045,7", "45,75,89", "45°46'N"])
def test_degrees_that_may_mean_anything_are_wrong_and_it_is_told_how_they_are_written(
    given: str, tmp_path: Path
) -> None:
    (told,) = wrong(tmp_path, POINTS, f"id;at;lat;lon\n1;2026-03-04;{given};4.8\n")
    assert "column lat" in told
    assert "degrees are written as 45.7589 or 45,7589" in told


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("46056", "spreadsheets count days so"),
        ("46056,5", "spreadsheets count days so"),
        ("1767225600", '"unix"'),
        ("1767225600000", '"unix_ms"'),
    ],
)
def test_numbers_for_times_are_told_what_they_are(given: str, words: str, tmp_path: Path) -> None:
    (told,) = wrong(tmp_path, POINTS, f"id;at;lat;lon\n1;{given};4.8;4.8\n")
    assert words in told.partition("; ")[2], told


def test_a_report_still_to_come_is_warned_of(tmp_path: Path) -> None:
    """Intake refuses it, so a dry run that says nothing of it misleads."""
    soon = (datetime.now(UTC) + timedelta(days=3)).date()
    (warning,) = odd(tmp_path, POINTS, f"id;at;lat;lon\n1;{soon};4.8;4.8\n")
    assert warning.startswith("column at: filed at a time still to come, which intake refuses")
    assert f'line 2 "{soon}"' in warning


def test_a_duplicate_of_half_a_key_is_warned_of(tmp_path: Path) -> None:
    mapping = REPORTS.replace("report.submitted", "report.resolved")
    mapping += 'report = "{id}"\noutcome = "{how}"\nresolved_at = { instant = "at" }\n'
    mapping += 'duplicate_of = "26/{of}"'
    rows = "id,at,how,of\n1,2026-03-04,duplicate,7\n2,2026-03-04,duplicate,\n3,2026-03-04,closed,\n"
    assert odd(tmp_path, mapping, rows) == [
        "a part of duplicate_of is empty (of), so that it may name no report: line 3"
    ]


def test_what_is_no_json_is_told_without_a_line_of_its_own(tmp_path: Path) -> None:
    rows = '{"id": 1, "at": "2026-03-04", "lat": 1, "lon": 1}\n' * 2 + '{"id": 1,\n{"id" 1}\n'
    first, second = wrong(tmp_path, POINTS, rows, "rows.jsonl")
    assert first.startswith("line 3: ")
    assert first.endswith("where the line ends")
    assert second.endswith("at its sign 7")
