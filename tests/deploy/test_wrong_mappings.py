"""What is wrong with a mapping file is told by line and key, all of it at once."""

import re
from pathlib import Path

import pytest
from charters import copied
from mappings import REPORTS
from typer.testing import CliRunner

from deploy.cli import app
from deploy.feeding.demo import FILE, MAPPING

TEXT = MAPPING.read_text(encoding="utf-8")


def published(mapping: Path, file: Path = FILE) -> tuple[int, str]:
    arguments = ["publish", str(file), "--mapping", str(mapping), "--dry-run"]
    ended = CliRunner().invoke(app, arguments)
    return ended.exit_code, ended.stderr


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('source = "boston"', "source = boston", 'this is no TOML: .*; a text stands in "quotes"'),
        ('source = "boston"', 'source = "Boston"', '"source" is "Boston", and no source code: sma'),
        ('source = "boston"', 'sorce = "boston"', 'there is no key "sorce" here; "source" may be'),
        ('source = "boston"', 'source = "boston"\nsource = "x"', '"source" stands here again'),
        ('source = "boston"', f"{'a.' * 5_000}b = 1", "this is no TOML: Nested too deeply"),
        (
            '{case_enquiry_id}"\nplace = { place = "neighborhood", under = "us.ma.boston"',
            '{case_enquiry_id}"\nplace = { place = "neighborhood", under = "us.>"',
            '"under" must be a place code: .* "us.>"',
        ),
        (
            'time_zone = "America/New_York"',
            'time_zone = "America/New York"',
            'must be a time zone .*, and is "America/New York"; "America/New_York" may be meant',
        ),
        ('time_zone = "America/New_York"', "time_zone = 5", "must be a text in quotes, and is 5"),
        ('kind = "report.resolved"', 'kind = "report.closed"', "must be one of report.submitted, "),
        (
            'when = "closed_dt"\nneeds',
            "when = 5\nneeds",
            '"when" must be a column in quotes, or a list of columns, and is 5',
        ),
        (
            'when = "closed_dt"\nneeds',
            'when = ["x", 5]\nneeds',
            '"when" must be a text in quotes, and is 5',
        ),
        (
            'when = "closed_dt"\nneeds',
            'when = ""\nneeds',
            '"when" must have at least 1 characters, and is ""',
        ),
        (
            'id = "{case_enquiry_id}/done"',
            'id = "{case_enquiry_id/done"',
            '"id" holds a brace that no column stands in',
        ),
        (
            'id = "{case_enquiry_id}/done"',
            'id = "{case_enquiry_id}/resolved"',
            "is the id of the report.resolved above as well; each event needs its own",
        ),
        (
            'id = "{case_enquiry_id}/done"',
            'id = "done"',
            "is the same for all rows; name the key's",
        ),
        ('owner = "{department}"\ntask', 'ownr = "x"\ntask', 'has no field "ownr"; "owner" may be'),
        (
            "outcome = { words",
            "outcome = { word",
            '"outcome" is a table of word, .*; a value is a text .* or a rule: text, place, slug',
        ),
        (
            'sector = { slug = "reason" }\nmade_at',
            'sector = { slug = "reason", alias = "x" }\nmade_at',
            'there is no key "alias" here; "aliases" may be meant',
        ),
        (
            'sector = { slug = "reason" }\nmade_at',
            'sector = { slug = "reason", aliases = "x" }\nmade_at',
            r"there is no table \[aliases.x\]",
        ),
        (
            'same_as_whole = ["Boston"] }\nsector = { slug = "reason" }\ntext',
            'same_as = ["Boston"] }\nsector = { slug = "reason" }\ntext',
            'there is no key "same_as" here; "same_as_whole" may',
        ),
        (
            'due_at = { instant = "target_dt" }',
            'due_at = { after = "open_dt" }',
            '"after" wants either "days" or "hours"',
        ),
        (
            'due_at = { instant = "target_dt" }',
            'due_at = { after = "open_dt", days = 0 }',
            '"days" must be at least 1, and is 0',
        ),
        (
            'due_at = { instant = "target_dt" }',
            f'due_at = {{ after = "open_dt", days = {"9" * 5_000} }}',
            "this is no TOML: 9{20}… has too many digits",
        ),
        (
            'due_at = { instant = "target_dt" }',
            f'due_at = {{ after = "open_dt", days = 0x{"9" * 5_000} }}',
            '"days" must be at most 1,000,000, and is 0x9{58}…',
        ),
        (
            'due_at = { instant = "target_dt" }',
            'due_at = { instant = "target_dt", day_means = "x" }',
            "\"day_means\" must be 'start' or 'end', and is \"x\"",
        ),
        (
            "confidential = false\n# The",
            'confidential = "no"\n# The',
            '"confidential" is "no" in every row, and input should be a valid boolean',
        ),
        (
            'when = "open_dt"\nneeds',
            'when = "opened"\nneeds',
            '"opened" is no column of boston311-',
        ),
        (
            'needs = ["target_dt"]\n[event.data]\ncommitment = "{case_enquiry_id}"\nreport',
            'needs = "target_dt"\n[event.data]\ncommitment = "{case_enquiry_id}"\nreport',
            '"needs" must be a list, and is "target_dt"',
        ),
    ],
)
def test_a_wrong_key_is_told_by_its_line(old: str, new: str, words: str, tmp_path: Path) -> None:
    assert TEXT.count(old) == 1
    changed = TEXT.replace(old, new)
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(changed, encoding="utf-8")
    code, told = published(mapping)
    assert code == 2
    found = re.search(rf"{mapping}, line (\d+): .*{words}", told)
    assert found, told
    first = TEXT[: TEXT.index(old)].count("\n") + 1
    assert first <= int(found[1]) <= first + new.count("\n"), told
    assert "NATS" not in told


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ('[file]\nseperator = ";"\n', 'line 4: there is no key "seperator" here; "separator" may'),
        ('[file]\nseparator = ";;"\n', '"separator" must have at most 1 characters, and is ";;"'),
        ('[file]\nencoding = "latin-9000"\n', '"encoding" must be an encoding such as'),
        ('[file]\nencoding = "hex"\n', '"encoding" must be an encoding of texts'),
        ('[file]\nformat = "xlsx"\n', "\"format\" must be 'csv', 'jsonl' or 'parquet', and is"),
        ('[file]\nskip_lines = "two"\n', '"skip_lines" must be a whole number, and is "two"'),
        ('[times]\nformats = ["%d.%m"]\n', "names no whole day: a year"),
        ('[times]\nformats = ["%d.%m.%Y %Z"]\n', "holds %Z, which each machine reads otherwise"),
        ('[times]\nformats = ["DD.MM.YYYY"]\n', "names no whole day"),
        ('[times]\nformats = ["%Q"]\n', "is no format: it is made of %d, %m, %Y"),
        ('[times]\nmonths = ["janvier"]\n', '"months" must have at least 12 entries'),
        ('[aliases]\nx = "y"\n', '"x" must be a table, and is "y"'),
    ],
)
def test_a_wrong_table_is_told(file: str, words: str, tmp_path: Path) -> None:
    head, rest = TEXT.split("\n[[event]]", 1)
    text = head.replace("# ", "#")
    mapping = tmp_path / "mapping.toml"
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    mapping.write_text("\n".join(lines) + f"\n{file}[[event]]{rest}", encoding="utf-8")
    code, told = published(mapping)
    assert code == 2
    assert re.search(rf"{mapping}, line [34]: ", told), told
    assert re.search(words, told), told


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "there is no file "),
        ("", '"source" is missing'),
        (
            'source = "b"\ntime_zone = "UTC"\n',
            r"there is no \[\[event\]\]; each says what of a row",
        ),
        ('source = "b"\ntime_zone = "UTC"\nevent = 5', r"line 3: .*must be given as \[\[event\]\]"),
        ('source = "b"\ntime_zone = "UTC"\nevent = [5]', "line 3: an event must be a table"),
        (
            REPORTS + 'report = "{id}"\nsector = "trees"\nfiled_at = { instant = "at" }\n',
            'line 8: "place" is missing; a report.submitted needs it',
        ),
    ],
)
def test_what_is_not_there_is_told(text: str | None, words: str, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    if text is not None:
        mapping.write_text(text)
    code, told = published(mapping)
    assert code == 2
    assert re.search(words, told), told
    assert str(mapping) in told


def test_everything_is_told_at_once(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(
        TEXT.replace("New_York", "Old York")
        .replace('"report.resolved"', '"x"')
        .replace("slug", "slog")
    )
    told = published(mapping)[1]
    assert told.count(f"{mapping}, line ") == 4, told


def test_a_mapping_may_begin_with_a_mark_and_end_lines_as_windows_does(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.toml"
    mapping.write_bytes(
        ("\ufeff" + TEXT.replace('"report.resolved"', '"x"')).replace("\n", "\r\n").encode()
    )
    told = published(mapping)[1]
    line = TEXT[: TEXT.index('"report.resolved"')].count("\n") + 1
    assert f'{mapping}, line {line}: "kind" must be one of' in told


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ("sources.toml", '"Bos" = "x"\n', 'sources.toml, line 1: "Bos" is no source code'),
        ("sectors.toml", "trees = 5\n", 'sectors.toml, line 1: "trees" must be a text in quotes'),
        ("places.toml", '"de" = "\\u200c"\n', 'places.toml, line 1: "de" must be one line of text'),
    ],
)
def test_a_charter_is_told_by_file_line_and_key(
    file: str, text: str, words: str, tmp_path: Path
) -> None:
    charter = copied(tmp_path)
    (charter / file).write_text(text)
    ended = CliRunner().invoke(app, ["charter", "check", str(charter)])
    assert ended.exit_code == 1
    assert words in ended.stdout


def test_a_name_with_a_joiner_is_one_line(tmp_path: Path) -> None:
    """Persian is written with them."""
    charter = copied(tmp_path)
    with (charter / "places.toml").open("a", encoding="utf-8") as places:
        places.write('"ir" = "نی\u200cریز"\n')
    ended = CliRunner().invoke(app, ["charter", "check", str(charter)])
    assert ended.exit_code == 0, ended.stdout
