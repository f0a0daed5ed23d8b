"""What is wrong with a file is told by file, line, column and value, before anything is sent."""

import asyncio
import bz2
import gzip
import json
import re
import sys
from pathlib import Path

import pytest
from nats.aio.client import Client
from taking_files import written
from typer.testing import CliRunner, Result

from deploy.cli import app
from shared.eventsourcing.jetstream.ends import ends_at
from shared.testing.servers import NatsServer

MAPPING = """source = "boston"
time_zone = "Europe/Berlin"
[aliases.parks]
"x" = "y"
[[event]]
kind = "report.submitted"
id = "{id}"
when = "at"
[event.data]
report = "{id}"
place = { place = "where", under = "de" }
sector = { slug = "about" }
text = "{text}"
filed_at = { instant = "at" }
confidential = { truth = "secret", yes = ["y"], no = ["n"], empty = true }
[[event]]
kind = "commitment.made"
id = "{id}/made"
when = "due"
[event.data]
commitment = "{id}"
owner = "{owner}"
task = "{about}"
place = { place = "where", under = "de" }
sector = { slug = "about" }
made_at = { instant = "at" }
due_at = { after = "due", days = "{days}" }
[[event]]
kind = "report.resolved"
id = "{id}/resolved"
when = "due"
needs = ["outcome"]
[event.data]
report = "{id}"
outcome = "{outcome}"
duplicate_of = "{of}"
resolved_at = { instant = "due" }
"""
HEADER = "id,at,where,about,text,secret,due,owner,days,outcome,of"
GOOD = "1,2031-01-07,Mitte,Trees,,,,,,,"


def tribune(folder: Path, *options: str, mapping: str = MAPPING, file: Path) -> Result:
    """Without a suite to send to, and so without sending."""
    return published(folder, "--dry-run", *options, mapping=mapping, file=file)


def published(folder: Path, *options: str, mapping: str = MAPPING, file: Path) -> Result:
    if not (folder / "mapping.toml").exists():
        (folder / "mapping.toml").write_text(mapping, encoding="utf-8")
    arguments = ["publish", str(file), "--mapping", str(folder / "mapping.toml"), *options]
    return CliRunner().invoke(app, arguments)


def lines(*rows: str) -> bytes:
    return "\n".join([HEADER, GOOD, *rows, ""]).encode()


def cells(**changes: str) -> str:
    """The good row with a key of its own and other cells."""
    row = dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | {"id": "7"} | changes
    return ",".join(row.values())


DUE = {"due": "2031-02-01", "owner": "Amt", "days": "3"}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("7,2031-01-07,Mitte", "line 3: the row has 3 cells, and there are 11 columns; some are"),
        (cells(text='"a"b'), "line 3: the row has a quote that ends, and then something .* twice"),
        (cells() + ",x", "line 3: the row has 12 cells, .*a cell with a separator .* in quotes"),
        (cells(at="soon"), 'line 3, column at: "soon" is no time .iso. between the years'),
        (cells(at="31/12/2031"), 'column at: "31/12/2031" is no .*under .times.*: "%d/%m/%Y"'),
        (cells(at="04/03/2031"), '"%d/%m/%Y" or "%m/%d/%Y"'),
        (cells(at="2031-02-30"), 'column at: "2031-02-30" is no time'),
        (cells(at="1531-02-03"), 'column at: "1531-02-03" is no time .*between the years 1900 and'),
        (cells(id=""), "column id: it is empty, and the row has no other key"),
        (cells(id="x" * 201), 'column id: "x+…" is no id of an event: .* at most 200'),
        (cells(about="???"), r'column about: "\?\?\?" gives no code; put it into a table of alias'),
        (cells(about=""), 'column about: it is empty; "empty" in the mapping may say what'),
        (cells(where="—"), 'column where: "—" gives no code'),
        (cells(secret="maybe"), 'column secret: "maybe" is neither in "yes" nor in "no"'),
        (cells(text="x" * 20_001), "column text: .* can't be the text of a report.submitted: .*20"),
        (cells(text="a\x07"), 'column text: "a " can\'t be the text .*: must not contain control'),
        (cells(**DUE | {"owner": ""}), "column owner: it can't be the owner of a commitment.made"),
        (cells(**DUE | {"owner": "y" * 301}), "column owner: .* can't be the owner .*at most 300"),
        (cells(**DUE | {"days": "many"}), 'column days: "many" is no whole number of days'),
        (cells(**DUE | {"days": "7.5"}), 'column days: "7.5" is no whole number of days'),
        (cells(**DUE | {"days": ".0"}), 'column days: ".0" is no whole number of days'),
        (cells(**DUE | {"days": "-3"}), 'column days: "-3" is no whole number of days'),
        (cells(**DUE | {"days": "9" * 9}), "column due: .* has no day 999999999 later"),
        (cells(**DUE | {"days": "9" * 5_000}), 'column days: "9{60}…" is too many days'),
        (cells(**DUE | {"outcome": "open"}), 'column outcome: "open" can\'t be the outcome of a'),
        (cells(**DUE | {"outcome": "duplicate"}), "column outcome: .*nothing says of which report"),
        (
            cells(**DUE | {"outcome": "duplicate", "of": "7"}),
            'column of: "7" is a duplicate of itself',
        ),
        (cells(), None),
    ],
)
def test_a_wrong_row_is_told_by_line_column_and_value(
    row: str, words: str | None, tmp_path: Path
) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(lines(row))
    ended = tribune(tmp_path, file=file)
    if words is None:  # a good row: the others are wrong for their one cell alone
        ended = tribune(tmp_path, file=file)
        assert ended.exit_code == 0, ended.stderr
        return
    assert ended.exit_code == 2, ended.output
    assert re.search(
        rf"^{file}, {words if words.startswith('line') else f'line 3.*{words}'}",
        ended.stderr,
        re.MULTILINE,
    ), ended.stderr
    assert "1 of 2 rows are wrong, and nothing is sent; mend them, or leave" in ended.stderr
    assert "NATS" not in ended.stderr


async def test_nothing_of_a_file_with_a_wrong_row_is_sent(
    server: NatsServer, nats: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBUNE_NATS_URL", server.url)
    file = written(tmp_path, MAPPING, lines(cells(at="soon")))
    ended = await asyncio.to_thread(published, tmp_path, file=file)
    assert ended.exit_code == 2, ended.stderr
    assert "1 of 2 rows are wrong, and nothing is sent" in ended.stderr
    assert await ends_at(nats, "INBOX_BOSTON") == 0


PACKED = gzip.compress(lines(*[cells(id=str(n)) for n in range(2, 999)]), mtime=0)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("rows.csv", None, "there is no file {file}"),
        ("rows.csv", "folder", "{file} is a folder; name a file"),
        ("rows.csv", b"", "{file} is empty"),
        ("rows.csv", b"\n\n", "{file} is empty: there is no line with columns"),
        ("rows.csv.gz", gzip.compress(b"", mtime=0), "{file} is empty: nothing is packed in it"),
        ("rows.csv", HEADER.encode(), "{file} has columns and no row: there is nothing to send"),
        ("rows.csv.gz", lines(), "{file} is no gzip file; take .gz off its name"),
        ("rows.csv.gz", PACKED[:-9], "{file} is a gzip file that is cut off"),
        ("rows.csv.gz", PACKED[:200] + b"xx" + PACKED[202:], "{file} is a gzip file that is"),
        ("rows.csv", bz2.compress(lines()), "{file} is packed by bzip2; unpack it"),
        (
            "rows.xlsx",
            b"PK\x03\x04....",
            "{file} is a ZIP archive, as .xlsx and .ods are; save the",
        ),
        ("rows.json", b'[{"id": 1}]', r"{file} is one JSON document; .* `jq -c '.\[\]' rows.json`"),
        (
            "rows.parquet",
            b"PAR1....",
            "{file} is (no sound Parquet file|a Parquet file, and pyarrow)",
        ),
        (
            "rows.csv",
            lines().replace(b",where,", b",wehre,"),
            'mapping.toml, line 11: "where" is no column of rows.csv, read as CSV in .*"wehre" may',
        ),
        (
            "rows.csv",
            lines().replace(b",text,", b",id,"),
            '{file}: the column "id" stands there twice',
        ),
        (
            "rows.csv",
            lines(cells(text='"never closed'), *[cells(id=str(n)) for n in range(9)]),
            "{file}, line 3: a quote that is opened in this row is not closed",
        ),
        ("rows.jsonl", b'{"id": 1}\n{"id"\n', '{file}, line 2: "{{"id"" is no JSON: '),
        ("rows.jsonl", b'{"id": 1}\n5\n', '{file}, line 2: "5" is no JSON object'),
        ("rows.jsonl", b'{"id": 1}\n', "none of the 1 rows of {file} gives an event"),
    ],
)
def test_a_wrong_file_is_told_by_its_name(
    name: str, content: bytes | str | None, words: str, tmp_path: Path
) -> None:
    file = tmp_path / name
    if isinstance(content, bytes):
        file.write_bytes(content)
    elif content == "folder":
        file.mkdir()
    ended = tribune(tmp_path, file=file)
    assert ended.exit_code == 2, ended.output
    assert re.search(words.format(file=re.escape(str(file))), ended.stderr), ended.stderr
    assert "NATS" not in ended.stderr


def test_an_encoding_that_can_t_be_known_is_asked_for_with_a_line_in_each(tmp_path: Path) -> None:
    """Polish as Polish programs wrote it, and a mapping for a town where others were usual."""
    mapping = MAPPING.replace("Europe/Berlin", "Asia/Jerusalem")
    file = written(
        tmp_path,
        mapping,
        lines(*[cells(id=str(n), text="Żółta ścieżka, że aż") for n in range(9)])
        .decode()
        .encode("cp1250"),
    )
    ended = tribune(tmp_path, file=file)
    assert ended.exit_code == 2
    assert "A line of it would be" in ended.stderr
    assert "cp1250: " in ended.stderr


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        (
            "cp1252",
            ', line 1: its byte 17 (0xDF) is no UTF-8, and .*; "cp1252" fits, or .*',
        ),
        ("utf-16", ', line 1: its byte 1 (0xFF) is no UTF-8, .* the file is; it is "utf-16"'),
        (
            "utf-16-le",
            ', line 1: its byte 33 (0xDF) is no UTF-8, .* the file is; it is "utf-16-le"',
        ),
    ],
)
def test_an_encoding_that_the_mapping_gets_wrong_is_told_as_such(
    encoding: str, words: str, tmp_path: Path
) -> None:
    """Not as a column whose name nobody could read."""
    mapping = MAPPING.replace("[aliases", '[file]\nencoding = "utf-8"\n[aliases', 1)
    mapping = mapping.replace('"about"', '"straße"').replace("{about}", "{straße}")
    content = lines(*[cells(id=str(n), text="grün, Bäume") for n in range(9)]).decode()
    file = written(tmp_path, mapping, content.replace("about", "straße").encode(encoding))
    ended = tribune(tmp_path, file=file)
    assert ended.exit_code == 2
    pattern = re.escape(f"{file}{words}").replace(r"\.\*", ".*")
    assert re.search(pattern, ended.stderr), ended.stderr
    if encoding == "cp1252":
        assert "\n  cp1252: id,at,where,straße,text," in ended.stderr
    file.write_bytes(content.replace("about", "straße").encode())
    assert "UTF-8" not in tribune(tmp_path, file=file).stderr


def test_bytes_that_are_no_text_are_told_by_line_and_column(tmp_path: Path) -> None:
    good = [cells(id=str(n), text="Straße") for n in range(5)]
    content = lines(*good).replace(
        "4,2031-01-07,Mitte,Trees,Straße".encode(), b"4,2031-01-07,Mitte,Trees,Stra\xdfe"
    )
    file = written(tmp_path, MAPPING, content)
    ended = tribune(tmp_path, file=file)
    assert (
        f'{file}, line 7, column text: "Stra�e" holds bytes that are no text in utf-8'
        in ended.stderr
    )


def test_problems_of_one_kind_are_told_once_with_their_first_lines(tmp_path: Path) -> None:
    bad = [cells(id=str(n), at=f"day {n}") for n in range(2, 30)]
    file = written(tmp_path, MAPPING, lines(*bad, cells(about="")))
    ended = tribune(tmp_path, file=file)
    assert ended.exit_code == 2
    found = [line for line in ended.stderr.splitlines() if line.startswith(str(file))]
    assert len(found) == 2
    assert 'line 3, column at: "day 2" is no time' in found[0]
    assert found[0].endswith(
        '(so line 4 "day 3", line 5 "day 4", line 6 "day 5", line 7 "day 6", 23 more)'
    )
    assert "29 of 30 rows are wrong" in ended.stderr


def test_what_a_cell_holds_steers_no_terminal(tmp_path: Path) -> None:
    file = written(tmp_path, MAPPING, lines(cells(at="\x1b[31m[red]")))
    assert 'column at: " [31m[red]" is no time' in tribune(tmp_path, file=file).stderr


def test_parquet_without_what_reads_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    file = written(tmp_path, MAPPING, b"PAR1....PAR1", "rows.parquet")
    ended = tribune(tmp_path, file=file)
    assert ended.exit_code == 2
    assert "pyarrow, which reads it, is not installed: `make parquet`" in ended.stderr


def test_of_two_rows_with_one_key_the_one_that_happened_first_is_named_as_such(
    tmp_path: Path,
) -> None:
    """Whatever is told twice: its filing here, its resolution in the last two."""
    rows = [
        cells(id="2", at="2031-02-01", where="Nord"),
        cells(id="2", at="2031-01-15", where="Sud"),
        cells(id="3", due="2031-03-01", owner="Amt", days="3", outcome="confirmed"),
        cells(id="3", due="2031-03-01", owner="Amt", days="3", outcome="refuted"),
    ]
    ended = tribune(tmp_path, file=written(tmp_path, MAPPING, lines(*rows)))
    assert "the one that is sent first counts: line 3 (as in 4), 6 (as in 5)" in ended.stderr


def test_a_dry_run_shows_events_counts_and_oddities_and_as_json(tmp_path: Path) -> None:
    rows = [cells(id="2", about="Parks & Rec"), cells(id="3", about="Parks Rec"), cells(id="3")]
    file = written(tmp_path, MAPPING, lines(*rows))
    ended = tribune(tmp_path, file=file)
    assert ended.exit_code == 0
    assert "CSV in utf-8, separated by commas, 4 rows" in ended.stdout
    assert "  4 report.submitted" in ended.stdout
    assert 'line 2: report.submitted 1\n  {"report": "1", "place": "de.mitte"' in ended.stdout
    assert 'sector "parks-rec": "Parks & Rec", "Parks Rec" fall together' in ended.stderr
    assert "of which only the one that is sent first counts: line 5 (as in 4)" in ended.stderr
    assert '"de.mitte" (4)' in ended.stderr
    told = json.loads(tribune(tmp_path, "--json", file=file).stdout)
    assert told["events"] == {"report.submitted": 4}
    assert told["sectors"] == {"trees": 2, "parks-rec": 2}
    assert len(told["warnings"]) == 5
    assert any("filed at a time still to come" in warning for warning in told["warnings"])


TEMPLATED = MAPPING.replace('when = "at"', 'when = "{day} {hour}"', 1).replace("{text}", "")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("rows.csv", lines().decode(), 'line 8: "{day} {hour}" is no column of rows.csv, .*'),
        ("rows.jsonl", '{"id": 1}\n', 'line 8: no row has anything in "{day} {hour}"'),
    ],
)
def test_a_template_where_columns_stand_is_told_what_to_write(
    name: str, content: str, words: str, tmp_path: Path
) -> None:
    ended = tribune(tmp_path, file=written(tmp_path, TEMPLATED, content, name))
    assert ended.exit_code == 2
    instead = '; columns stand here without braces and several as a list, ["day", "hour"]'
    pattern = re.escape(f"{words}{instead}").replace(r"\.\*", ".*")
    assert re.search(pattern, ended.stderr), ended.stderr


@pytest.mark.parametrize("days", ["3.0", '"3,0"', "3.000", "3"])
def test_a_number_of_days_without_a_fraction_is_whole_however_it_is_written(
    days: str, tmp_path: Path
) -> None:
    """As spreadsheets and databases write a column of numbers in which one cell is empty."""
    ended = tribune(tmp_path, file=written(tmp_path, MAPPING, lines(cells(**DUE | {"days": days}))))
    assert ended.exit_code == 0, ended.stderr
    assert '"due_at": "2031-02-04T22:59:59+00:00"' in ended.stdout


@pytest.mark.parametrize("line", ['{"requests": [{"id": 1}]}', '{"n": 1, "requests": [{"id": 1}]}'])
def test_a_list_within_one_object_is_told_how_to_get_at_its_rows(line: str, tmp_path: Path) -> None:
    ended = tribune(tmp_path, file=written(tmp_path, MAPPING, f"{line}\n", "rows.json"))
    assert ended.exit_code == 2
    assert "rows.json is one JSON document; JSON Lines have one object in each" in ended.stderr
    assert "`jq -c '.[\"requests\"][]' rows.json` prints them so" in ended.stderr


def test_a_row_that_stands_alone_may_hold_a_list(tmp_path: Path) -> None:
    row = dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | {"photos": [{"id": 1}]}
    ended = tribune(tmp_path, file=written(tmp_path, MAPPING, f"{json.dumps(row)}\n", "rows.jsonl"))
    assert ended.exit_code == 0, ended.stderr


def test_a_time_of_two_columns_that_is_none_is_told_with_both(tmp_path: Path) -> None:
    mapping = MAPPING.replace('"at"', '["at", "text"]')
    ended = tribune(tmp_path, file=written(tmp_path, mapping, lines(cells(text="soon"))))
    assert 'line 3, column at, text: "2031-01-07 soon" is no time' in ended.stderr


@pytest.mark.parametrize(("key", "told"), [("{#row}", 1), ("{#file}/{#row}", 0), ("{id}", 0)])
def test_a_key_that_another_file_has_as_well_is_warned_of_once(
    key: str, told: int, tmp_path: Path
) -> None:
    mapping = MAPPING.replace('id = "{id}', f'id = "{key}')
    ended = tribune(tmp_path, file=written(tmp_path, mapping, lines()))
    assert ended.exit_code == 0
    assert ended.stderr.count("mapping.toml, line 7: {#row} is a key within one file only") == told


def test_rows_whose_events_intake_may_refuse_are_told(tmp_path: Path) -> None:
    mapping = MAPPING.replace('id = "{id}', 'id = "{id}-{of}').replace('= "{of}"', '= "9"')
    mapping = mapping.replace('when = "at"', 'when = "text"').replace(
        'when = "due"', 'when = "at"', 1
    )
    row = {"id": "8", "outcome": "closed", "days": "3", "owner": "x", "due": "2031-02-01"}
    rows = [cells(**row | {"id": str(n), "of": "1"}) for n in range(2, 7)]
    whole = cells(**row | {"of": "1", "text": "2031-01-07"})
    half = cells(**row | {"text": "2031-01-07"})
    ended = tribune(
        tmp_path,
        file=written(tmp_path, mapping, "\n".join([HEADER, *rows, whole, half, ""]).encode()),
    )
    assert ended.exit_code == 0, ended.stderr
    told = [
        line for line in ended.stderr.splitlines() if "key is empty" in line or "refuses if" in line
    ]
    without = "a report.resolved without a report.submitted, which intake refuses if it had none"
    assert told == [
        f"warning: {without} before: line 2, 3, 4 and 2 more",
        "warning: a part of the key is empty (of), so that several may have the same: line 8",
    ]
