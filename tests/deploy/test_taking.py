"""A file of any length is taken in little memory, in the order in which things happened."""

import gc
import json
import random
import re
import tracemalloc
from importlib import import_module
from pathlib import Path

import pytest
from mappings import REPORTS
from small_disk import small_disk
from taking_files import sent, took, written
from typer.testing import CliRunner

from deploy.cli import app
from deploy.commands.progress import telling
from deploy.feeding.tables import open_table, read_rows
from deploy.feeding.tables.content import LONGEST_LINE
from deploy.feeding.taking.oddities import oddities
from deploy.feeding.taking.sorter import Sorter
from deploy.given import WrongFileError
from deploy.terminal import Terminal
from shared.mapping.codes import code_of
from shared.mapping.language import FileShape
from shared.mapping.mapping import Mapping
from shared.runtime.charter import read_charter

MAPPING = (
    REPORTS
    + """report = "{id}"
place = { place = ["land", "town"], under = "de.x" }
sector = { slug = "about" }
filed_at = { instant = "at" }
"""
)
FEW, MANY = 1_500, 6_000
MOST_GROWTH = 300_000


@pytest.fixture
def little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.feeding.taking.sorter.PIECE", 50_000)
    monkeypatch.setattr("deploy.feeding.taking.sorter.MOST_PIECES", 4)


@pytest.mark.usefixtures("little_room")
def test_lines_of_any_number_come_back_in_their_order() -> None:
    lines = [f"{random.Random(n).random()} {n}".encode() for n in range(8_000)]
    sorter = Sorter()
    for line in lines:
        sorter.add(line)
    assert list(sorter) == sorted(lines)
    sorter.close()


@pytest.mark.usefixtures("little_room")
def test_four_times_the_rows_need_no_more_memory(tmp_path: Path) -> None:
    peaks = []
    for count in (FEW, MANY):
        rows = "".join(f"{n},2031-01-{n % 28 + 1:02},L{n % 9},T,trees\n" for n in range(count))
        file = written(tmp_path / str(count), MAPPING, f"id,at,land,town,about\n{rows}")
        del rows
        gc.collect()
        tracemalloc.start()
        taken, _ = took(file)
        assert sum(1 for _ in taken.events()) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        taken.close()
    assert peaks[1] < peaks[0] + MOST_GROWTH, peaks


def test_a_draft_names_what_a_file_names_and_all_above_it(tmp_path: Path) -> None:
    mapping = MAPPING.replace('"UTC"', '"Europe/Berlin"')
    rows = 'Süd,"a ""b"" \\",Müll\nSüd,,Müll\n,,Trees\nنی\u200cریز,\u200fx,Müll\n'
    rows = "".join(f"{n},2031-01-07,{row}\n" for n, row in enumerate(rows.splitlines()))
    file = written(tmp_path, mapping, f"id,at,land,town,about\n{rows}")
    draft = tmp_path / "new" / "charter"
    arguments = ["publish", str(file), "--mapping", str(tmp_path / "mapping.toml")]
    ended = CliRunner().invoke(app, [*arguments, "--charter-draft", str(draft)])
    assert ended.exit_code == 0, ended.stderr
    charter = read_charter(draft)
    assert charter.places == {
        "everywhere": "Everywhere",
        "de": "De (to be named)",
        "de.x": "X (to be named)",
        "de.x.sud": "Süd",
        "de.x.sud.a-b": 'a "b" \\',
        "de.x.nyryz": "نی\u200cریز",
        "de.x.nyryz.x": "x",
    }
    assert charter.sectors == {"mull": "Müll", "trees": "Trees"}
    assert set(charter.sources) == {"boston"}
    assert 'zone = "Europe/Berlin"' in (draft / "body.toml").read_text(encoding="utf-8")
    checked = CliRunner().invoke(app, ["charter", "check", str(draft)])
    assert checked.exit_code == 0
    pattern = r'warning: (\S+), line \d+: "(\S+)" is called ".* \(to be named\)"'
    assert re.findall(pattern, checked.stdout) == [
        *(("body.toml", "name"), ("places.toml", "de"), ("places.toml", "de.x")),
        ("sources.toml", "boston"),
    ]
    again = CliRunner().invoke(app, [*arguments, "--charter-draft", str(draft)])
    assert again.exit_code == 2
    assert "has body.toml, places.toml, " in again.stderr


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Street Lights", "street-lights"),
        ("Propreté", "proprete"),
        ("Proprete\u0301", "proprete"),
        ("Grünflächen", "grunflachen"),
        ("Москва", "moskva"),
        ("北京", "beijing"),
        ("Łódź / Śródmieście", "lodz-srodmiescie"),
        ("Straße Nº 5", "strasse-no-5"),
        ("—?", ""),
        ("x" * 70, "x" * 60),
        (f"{'word ' * 11}longer", "-".join(["word"] * 11)),
    ],
)
def test_names_of_any_script_give_codes(name: str, code: str) -> None:
    assert code_of(name) == code


def test_names_that_fall_together_are_told_but_not_for_case_and_spaces(tmp_path: Path) -> None:
    abouts = ["Parks & Rec", "parks  & rec", "Parks-Rec", "Müll", "Mu\u0308ll", "Mull"]
    rows = "".join(f"{n},2031-01-07,a,b,{about}\n" for n, about in enumerate(abouts))
    _, mapping = took(written(tmp_path, MAPPING, f"id,at,land,town,about\n{rows}"))
    assert list(mapping.names["sector"].falling_together()) == [
        ("mull", ["Müll", "Mull"]),
        ("parks-rec", ["Parks & Rec", "Parks-Rec"]),
    ]
    assert list(mapping.names["place"].falling_together()) == []


def test_without_a_terminal_progress_is_a_line_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = iter([0.0, 1.0, 6.0, 6.0, 7.0, 12.0, 12.0])
    monkeypatch.setattr("deploy.commands.progress.monotonic", lambda: next(now))
    with telling(Terminal(stderr=True), "reads x.csv", "rows") as tell:
        for done in (1_000, 2_000, 3_000, 4_000):
            tell(done, done / 4_000)
    assert capsys.readouterr().err.splitlines() == [
        "reads x.csv: 2,000 rows (50%)",
        "reads x.csv: 4,000 rows (100%)",
    ]


COMMITMENTS = """source = "boston"
time_zone = "Europe/Berlin"
[[event]]
kind = "commitment.made"
id = "{id}"
when = "at"
needs = ["owner"]
where = { state = ["Open", "late"] }
unless = { kind = "test" }
[event.data]
commitment = "{id}"
report = "{of}"
owner = "{owner}"
task = "{{{kind}}} no {id}"
place = "de"
sector = "trees"
made_at = { instant = "at", day_means = "end" }
due_at = { after = "at", hours = "{hours}" }
"""


def test_rules_say_which_rows_have_an_event_and_what_may_be_left_out(tmp_path: Path) -> None:
    rows = [
        {
            "id": 1,
            "at": "2031-03-29T12:00",
            "owner": "x",
            "state": "OPEN",
            "kind": "a",
            "hours": 24,
        },
        {"id": 2, "at": "2031-03-29", "owner": "x", "state": "late", "kind": "b", "hours": 48},
        {"id": 3, "at": "2031-03-29", "owner": "", "state": "late", "kind": "b", "hours": 48},
        {"id": 4, "at": "2031-03-29", "owner": "x", "state": "done", "kind": "b", "hours": 48},
        {"id": 5, "at": "2031-03-29", "owner": "x", "state": "open", "kind": "Test", "hours": 48},
        {"id": 6, "owner": "x", "state": "open", "kind": "b", "hours": 48},
    ]
    content = "".join(f"{json.dumps(row)}\n" for row in rows)
    file = written(tmp_path, COMMITMENTS, content, "rows.jsonl")
    second, first = sent(file)
    assert first["task"] == "{a} no 1"
    assert "report" not in first
    assert (first["made_at"], first["due_at"]) == (
        "2031-03-29T11:00:00+00:00",
        "2031-03-30T11:00:00+00:00",
    )
    assert (second["made_at"], second["due_at"]) == (
        "2031-03-29T22:59:59+00:00",
        "2031-03-30T23:00:00+00:00",
    )
    taken, _ = took(file)
    assert taken.rows_without_events == 4
    (warning,) = taken.warnings
    assert warning == f'{tmp_path / "mapping.toml"}, line 12: no row has anything in "of"'


CLOSED_BEFORE_OPENED = """source = "boston"
time_zone = "UTC"
[[event]]
kind = "commitment.done"
id = "{id}/done"
when = "closed"
[event.data]
commitment = "{id}"
owner = "x"
done_at = { instant = "closed" }
[[event]]
kind = "report.resolved"
id = "{id}/resolved"
when = "closed"
[event.data]
report = "{id}"
outcome = "closed"
resolved_at = { instant = "closed" }
[[event]]
kind = "commitment.made"
id = "{id}/made"
when = "opened"
[event.data]
commitment = "{id}"
owner = "x"
task = "y"
place = "de"
sector = "trees"
made_at = { instant = "opened" }
due_at = { after = "opened", days = 3 }
[[event]]
kind = "report.submitted"
id = "{id}/submitted"
when = "opened"
[event.data]
report = "{id}"
place = "de"
sector = "trees"
filed_at = { instant = "opened" }
"""


def test_nothing_is_sent_before_what_it_rests_on_in_its_row(tmp_path: Path) -> None:
    """Else intake refuses it: where only the day of a closing is known, where a clock was wrong,
    where both times are the same, and whatever comes first in the mapping."""
    rows = ["1,2031-03-04T09:00,2031-03-04", "2,2031-03-04T08:00,2031-03-01T07:00"]
    rows += ["3,2031-03-04T08:30,2031-03-04T08:30", "4,2031-03-02T10:00,2031-03-05"]
    file = written(tmp_path, CLOSED_BEFORE_OPENED, "\n".join(["id,opened,closed", *rows, ""]))
    events = sent(file)
    assert [event["id"] for event in events] == [
        *("4/submitted", "4/made", "2/submitted", "2/resolved", "2/made", "2/done"),
        *("3/submitted", "3/resolved", "3/made", "3/done"),
        *("1/submitted", "1/resolved", "1/made", "1/done", "4/resolved", "4/done"),
    ]
    times = {event["id"]: event for event in events}
    assert times["2/resolved"]["resolved_at"] == "2031-03-01T07:00:00+00:00", "as the file says"
    replayed = Mapping(file.parent / "mapping.toml").events(read_rows(file))
    ids = [event.outgoing().headers["ce-id"] for event in replayed]
    assert ids == [event["id"] for event in events], "as a replay has them"
    taken, _ = took(file)
    at = {event.outgoing().headers["ce-id"]: event.at.isoformat() for event in taken.events()}
    assert at["2/done"] == "2031-03-01T07:00:00+00:00"
    assert (taken.earliest, taken.latest) == (
        "2031-03-01T07:00:00+00:00",
        "2031-03-05T00:00:00+00:00",
    )


def test_a_column_that_only_a_later_row_has_is_not_missed(tmp_path: Path) -> None:
    """What a template may name beside columns is none of those that are looked for."""
    rows = [{"id": n, "at": "2021-01-07", "land": "a", "about": "Trees"} for n in range(3)]
    rows[2]["town"] = "b"
    content = "".join(f"{json.dumps(row)}\n" for row in rows)
    taken, _ = took(written(tmp_path, MAPPING, content, "rows.jsonl"))
    assert taken.warnings == []


def test_of_places_so_many_are_kept_and_the_others_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("deploy.feeding.taking.take"), "MOST_CODES", 3)
    rows = [f"{n},2021-01-07,a,b{n % 5},Trees" for n in range(20)]
    content = "\n".join(["id,at,land,town,about", *rows, ""])
    taken, mapping = took(written(tmp_path, MAPPING, content))
    taken.close()
    assert (len(taken.codes["place"]), taken.codes["place"].total()) == (3, 12)
    (warning,) = oddities(taken, mapping)
    assert "different places: a column with so many is hardly" in warning
    assert ". 8 more mentions were not counted" in warning


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            '{"type": "FeatureCollection", "features": [{"id": 1, "text": "LONG"}]}',
            r"^\S+: its first line has more than 8 MB, .* `jq -c '\.features\[\]' rows.geojson`",
        ),
        ('[{"id": 1, "text": "LONG"}]', r"its first line has .* `jq -c '\.\[\]' rows.geojson`"),
        ('{"id": 1}\n\n{"id": 2, "text": "LONG"}\n', "line 3: it has more than 8 MB, and so is no"),
    ],
)
def test_what_is_no_row_for_its_size_is_never_read_as_a_whole(
    content: str, words: str, tmp_path: Path
) -> None:
    size = 5 * LONGEST_LINE
    file = written(tmp_path, MAPPING, content.replace("LONG", "x" * size), "rows.geojson")
    tracemalloc.start()
    with pytest.raises(WrongFileError, match=words):
        list(open_table(file, FileShape(encoding="utf-8-sig")).records(("id",)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < size or content.startswith('{"id"'), peak


def test_a_full_disk_where_files_are_sorted_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "small", "1m") as disk:
        disk.fill()
        monkeypatch.setattr("tempfile.tempdir", str(disk.folder))
        monkeypatch.setattr("deploy.feeding.taking.sorter.PIECE", 1)
        sorter = Sorter()
        with pytest.raises(WrongFileError, match=f"sorted in {disk.folder}.*TMPDIR names another"):
            sorter.add(random.Random(1).randbytes(200_000))
