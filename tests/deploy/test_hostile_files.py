"""What somebody's file can't do to the one who publishes it: fill memory, take forever, forge lines
of what is told, lay open what people wrote, or vanish."""

import gzip
import stat
import time
import tomllib
import tracemalloc
from pathlib import Path

import pytest
from mappings import REPORTS
from taking_files import took, written

from deploy.feeding.tables import open_table
from deploy.feeding.tables.content import LONGEST_LINE
from deploy.feeding.taking.draft import write_draft
from deploy.feeding.taking.oddities import oddities
from deploy.given import WrongFileError

MAPPING = (
    REPORTS
    + """report = "{id}"
place = { place = "town", under = "de.x" }
sector = "roads"
filed_at = { instant = "at" }
text = "{words}"
"""
)
HEADER = "id,town,at,words\n"
GOOD = "1,Ulm,2026-03-04T10:00:00Z,A hole\n"
WRONG = "2,Ulm,never,Only for us\n"
FORGED = "rows.csv: 9 of 9 rows are sent"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (HEADER + GOOD + "2,LONG", "utf-8"),
        (HEADER + GOOD * 80 + "é\n2,LONG", "latin-1"),
        (HEADER + GOOD * 80 + "é\n2,LONG", "utf-16"),
    ],
)
def test_no_line_is_held_that_is_larger_than_a_row(
    text: str, encoding: str, tmp_path: Path
) -> None:
    long = text.replace("LONG", "x" * (6 * LONGEST_LINE)).encode(encoding)
    file = written(tmp_path, MAPPING, gzip.compress(long, 1), "rows.csv.gz")
    size = len(long)
    del long
    tracemalloc.start()
    with pytest.raises(WrongFileError, match=r"line \d+: it has more than 8 MB, and so is no row"):
        took(file)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < size, peak


def test_a_row_of_many_lines_ends_some_time(tmp_path: Path) -> None:
    file = written(
        tmp_path, MAPPING, HEADER + '1,"' + f'{"x" * 999}\n","' * (LONGEST_LINE // 999) + '"\n'
    )
    with pytest.raises(WrongFileError, match=r"line 2: a quote .* goes on for more than 8 MB"):
        took(file)


@pytest.mark.parametrize("ends", ["\r", "\r\n"])
def test_a_file_larger_than_a_line_may_be_has_any_line_ends(ends: str, tmp_path: Path) -> None:
    text = (HEADER + GOOD.replace("A hole", "Ein Löchlein" * 1_000) * 800).replace("\n", ends)
    file = written(tmp_path, MAPPING, text.encode("latin-1"))
    assert file.stat().st_size > LONGEST_LINE
    table = open_table(file, zone="Europe/Berlin", wanted=("id",))
    assert sum(1 for _ in table.records(("id",))) == 800


@pytest.mark.parametrize("nested", ["[" * 900 + "]" * 900, '{"a":' * 9_000 + "1" + "}" * 9_000])
def test_what_is_nested_too_deeply_is_one_wrong_row(nested: str, tmp_path: Path) -> None:
    good = '{"id": 1, "town": "Ulm", "at": "2026-03-04T10:00:00Z", "words": WORDS}\n'
    lines = good.replace("WORDS", nested) + good.replace("WORDS", '"A hole"')
    taken, _ = took(written(tmp_path, MAPPING, lines, "rows.jsonl"), tmp_path / "left.jsonl")
    (problem,) = taken.problems
    assert str(problem).startswith('line 1: "{"id": 1')
    assert "nested too deeply" in str(problem)
    assert taken.counts.total() == 1
    assert len((tmp_path / "left.jsonl").read_text().splitlines()) == 1


def test_a_long_text_is_no_time_at_once(tmp_path: Path) -> None:
    """Formats are tried in all the ways in which a text may be parted."""
    mapping = MAPPING.replace("[[event]]", '[times]\nformats = ["%d%m%Y %A %b %p"]\n[[event]]', 1)
    cell = '"01112011 1 ' + "a " * 200_000 + '\nx"'
    file = written(tmp_path, mapping, HEADER + f"1,Ulm,{cell},A hole\n")
    started = time.process_time()
    taken, _ = took(file)
    assert time.process_time() - started < 5
    assert "is no time" in str(next(iter(taken.problems)))


def test_names_in_a_file_forge_no_line_of_what_is_told(tmp_path: Path) -> None:
    many = ",".join(f"c{number}" for number in range(9_000))
    header = f'id,town,at,"wordz\n{FORGED}","{"y" * 999}\n{FORGED}",{many}\n'
    with pytest.raises(WrongFileError) as found:
        took(written(tmp_path, MAPPING, header + GOOD))
    assert not [line for line in str(found.value).splitlines() if line.startswith(FORGED)]
    unlike = MAPPING.replace("{words}", "{Anything}")
    with pytest.raises(WrongFileError, match="and 8,9") as found:
        took(written(tmp_path, unlike, header + GOOD))
    assert len(str(found.value)) < 3_000
    rows = f'1,"U lm\n{FORGED}",2026-03-04,\n2,"U-lm\n{FORGED}",2026-03-04,\n'
    told = list(oddities(*took(written(tmp_path, MAPPING, HEADER + rows))))
    assert any("fall together" in line for line in told)
    assert not [line for line in told if "\n" in line]


@pytest.mark.parametrize("name", ["left.csv", "left.csv.gz"])
def test_rejects_are_for_who_publishes_alone(name: str, tmp_path: Path) -> None:
    """They hold what people wrote."""
    left = tmp_path / name
    took(written(tmp_path, MAPPING, HEADER + GOOD + WRONG), left)
    assert stat.S_IMODE(left.stat().st_mode) == 0o600
    text = gzip.decompress(left.read_bytes()) if name.endswith("gz") else left.read_bytes()
    assert b"Only for us" in text


def test_rejects_take_no_name_that_was_not_given_them(tmp_path: Path) -> None:
    file = written(tmp_path, MAPPING, HEADER + GOOD + WRONG, "left.csv.part")
    before = file.read_bytes()
    took(file, tmp_path / "left.csv")
    assert file.read_bytes() == before
    assert (tmp_path / "left.csv").is_file()


def test_the_name_of_a_file_writes_nothing_into_a_charter(tmp_path: Path) -> None:
    taken, mapping = took(written(tmp_path, MAPPING, HEADER + GOOD))
    write_draft(tmp_path / "charter", taken, mapping, 'x\n"de.y" = "Nowhere"\n# .csv')
    places = tomllib.loads((tmp_path / "charter" / "places.toml").read_text(encoding="utf-8"))
    assert set(places) == {"de", "de.x", "de.x.ulm"}
