"""A charter that can't be used says so by file, line and key, all of it at once."""

import re
from pathlib import Path

import pytest
from charters import OWN, copied, spoilt, told

from services.promotion.rules import tracks_of
from shared.eventsourcing.jetstream.streams import InboxLimits
from shared.runtime.charter import CharterError, examine, read_charter
from shared.runtime.charter_models import FILES

KB, MB, GB = 1024, 1024**2, 1024**3
TRACK = """[[track]]
name = "inspector"
version = 1
title = "Inspector"
confirmed = 60
sectors = 6
days = 40
refuted_share = 0.10
"""


def test_the_project_s_own_charter_is_good() -> None:
    examined = examine(OWN)
    assert (examined.problems, examined.warnings) == ([], [])
    assert examined.counts == {
        "places": 25,
        "sectors": 35,
        "sources": 1,
        "tracks": 2,
        "staff": 0,
        "rules": 0,
        "parties": 0,
    }
    charter = read_charter(OWN)
    assert charter.places["us.ma.boston.roxbury"] == "Roxbury"
    assert charter.sources["boston"].name == "311 of the City of Boston"
    tracks = tracks_of(charter)
    assert [(track.name, track.confirmed) for track in tracks] == [
        ("correspondent", 12),
        ("inspector", 60),
    ]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('"us.MA" = "x"', '"us.MA" is no place code: small letters, .*; "us.ma" may be meant'),
        ('"us..ma" = "x"', '"us..ma" is no place code: '),
        ('"us.ma.*" = "x"', r'"us.ma.\*" is no place code: '),
        ('"a.b.c.d.e.f.g.h.i" = "x"', "is no place code: .* at most 8 parts"),
        ('us.ma = "Massachusetts"', '"us" is a table here; a code with dots stands in quotes'),
        ('"de" = 5', '"de" must be a text in quotes, and is 5'),
        ('"de" = ""', '"de" must be one line of text, and not empty, and is ""'),
        ('"de" = true', '"de" must be a text in quotes, and is true'),
        ('"us" = "again"', '"us" stands here again; it stood in line 1 already'),
        ('"de" = Germany', 'this is no TOML: Invalid value; a text stands in "quotes"'),
        ('"de" = "Germany', "this is no TOML: "),
        ('"everywhere.de" = "x"', '"everywhere" is the root of the register .*"de" may be meant'),
    ],
)
def test_a_place_that_is_none_is_told_with_its_line(tmp_path: Path, line: str, words: str) -> None:
    first = '"world" = "x"' if line.startswith("us.") else '"us" = "United States"'
    found = spoilt(tmp_path, "places.toml", f"{first}\n# a remark\n{line}\n")
    assert found.charter is None
    (problem,) = told(found)
    assert re.search(f"^places.toml, line 3: .*{words}", problem), problem


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("version = 1", "version = 0", '"version" must be at least 1, and is 0'),
        ("version = 1", "version = 3000000000", "must be at most 1,000,000, and is 3000000000"),
        ("version = 1", "version = true", '"version" must be a whole number, and is true'),
        ("version = 1", "vresion = 1", 'there is no key "vresion" here; "version" may be meant'),
        ("confirmed = 60", 'confirmed = "60"', '"confirmed" must be a whole number, and is "60"'),
        ("confirmed = 60", "confirmed = -1", '"confirmed" must be at least 1, and is -1'),
        ("confirmed = 60", "confirmed = 60.5", '"confirmed" must be a whole number, and is 60.5'),
        ("refuted_share = 0.10", "refuted_share = 1.5", "must be at most 1, and is 1.5"),
        ("refuted_share = 0.10", "refuted_share = -0.1", "must be at least 0, and is -0.1"),
        ("refuted_share = 0.10", "refuted_share = nan", "must be a number, and is nan"),
        ('name = "inspector"', 'name = "In Spector"', '"in-spector" may be meant'),
        ('name = "inspector"', f'name = "{"a" * 61}"', "is no track name: .*at most 60"),
        ("sectors = 6", "sectors = 36", "it wants 36 sectors, and sectors.toml has 35"),
        ('title = "Inspector"', 'title = "a\\nb"', '"title" must be one line of text'),
        ("days = 40", "days = 40\ndays = 41", '"days" stands here again'),
    ],
)
def test_a_figure_or_key_of_a_track_that_makes_no_sense_is_told(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    found = spoilt(tmp_path, "tracks.toml", TRACK.replace(old, new))
    at = TRACK.splitlines().index(old) + 1
    wanted = [line for line in told(found) if re.search(words, line)]
    assert len(wanted) == 1, told(found)
    assert f"tracks.toml, line {at + new.count(chr(10))}: " in wanted[0]


def test_what_a_track_lacks_is_told_by_the_line_of_the_track(tmp_path: Path) -> None:
    second = TRACK.replace("inspector", "other").replace("days = 40\n", "")
    found = spoilt(tmp_path, "tracks.toml", TRACK + "\n" + second)
    assert told(found) == ['tracks.toml, line 10: "days" is missing']


def test_two_tracks_of_one_name_are_told(tmp_path: Path) -> None:
    found = spoilt(tmp_path, "tracks.toml", TRACK + "\n" + TRACK.replace("= 1\n", "= 2\n"))
    words = '"inspector" is the name of another track already; each has its own'
    assert told(found) == [f"tracks.toml, line 11: {words}"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('Boston = "x"', 'line 1: "Boston" is no source code: .*"boston" may be meant'),
        ('"bos.ton" = "x"', 'line 1: "bos.ton" is no source code: '),
        ('city-hall = "x"\ncity_hall = "y"', "line 2: .*differ only in - and _"),
        ('boston = "x"\nboston = "y"', 'line 2: "boston" stands here again'),
        ('[boston]\nname = "x"\n[boston]\nname = "y"', 'line 3: "boston" stands here again'),
        ("boston = 5", '"boston" must be a text in quotes, or a table, and is 5'),
        ("[boston]\nmax_bytes = 5", 'line 1: "name" is missing'),
        ('[b]\nname = "x"\nmax_byte = 1', 'line 3: .*no key "max_byte" here; "max_bytes" may be'),
        ('[b]\nname = "x"\nmax_bytes = "1TB"', "line 3: .*with B, KB, MB or GB.* and is .1TB"),
        ('[b]\nname = "x"\nmax_bytes = "1KB"', "must be at least 1 MB, and is .1KB"),
        ('[b]\nname = "x"\nmax_msg_size = "3KB"', "must be at least 4 KB, and is .3KB"),
        ('[b]\nname = "x"\nmax_msg_size = "2MB"', "must be at most 1 MB, and is .2MB"),
    ],
)
def test_a_source_that_makes_no_sense_is_told(tmp_path: Path, text: str, words: str) -> None:
    (problem,) = [x for x in told(spoilt(tmp_path, "sources.toml", text)) if re.search(words, x)]
    assert problem.startswith("sources.toml, line ")


def test_a_source_may_say_how_much_its_inbox_holds(tmp_path: Path) -> None:
    text = """
small = "says nothing"
[large]
name = "says both"
max_bytes = "5 gb"
max_msg_size = 65536
[half]
name = "says one"
max_bytes = "3MB"
"""
    charter = spoilt(tmp_path, "sources.toml", text).charter
    assert charter is not None
    assert charter.inboxes(InboxLimits(7 * MB, 8 * KB)) == {
        "small": InboxLimits(7 * MB, 8 * KB),
        "large": InboxLimits(5 * GB, 64 * KB),
        "half": InboxLimits(3 * MB, 8 * KB),
    }


def test_a_misspelt_key_of_the_body_is_told_and_what_it_stood_for_too(tmp_path: Path) -> None:
    found = spoilt(tmp_path, "body.toml", 'naem = "Tribune"\n')
    assert told(found) == [
        'body.toml: "name" is missing',
        'body.toml, line 1: there is no key "naem" here; "name" may be meant',
    ]


def test_the_root_stands_in_every_register_and_may_have_another_name(tmp_path: Path) -> None:
    assert read_charter(OWN).places["everywhere"] == "Everywhere"
    found = spoilt(tmp_path, "places.toml", '"us" = "x"\n"everywhere" = "The whole union"\n')
    assert found.charter is not None
    assert found.charter.places == {"everywhere": "The whole union", "us": "x"}


def test_a_place_whose_parent_is_not_registered_is_only_a_warning(tmp_path: Path) -> None:
    found = spoilt(tmp_path, "places.toml", '"us" = "United States"\n"us.ma.boston" = "Boston"\n')
    assert found.charter is not None
    (warning,) = map(str, found.warnings)
    assert warning == (
        'places.toml, line 2: "us.ma.boston" lies in "us.ma", which is not registered'
    )


def test_a_charter_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    """As editors of Windows write it, and spreadsheets; mappings may, too."""
    directory = copied(tmp_path)
    for name in FILES:
        if (directory / name).exists():
            text = (directory / name).read_text(encoding="utf-8").replace("\n", "\r\n")
            (directory / name).write_bytes(text.encode("utf-8-sig"))
    assert told(examine(directory)) == []
    assert read_charter(directory).places == read_charter(OWN).places


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    directory = copied(tmp_path)
    (directory / "body.toml").write_text("name = 1\n")
    (directory / "places.toml").write_text('"US" = "x"\n"us" = "x"\n"us" = "y"\n"de" = 1\n')
    (directory / "sectors.toml").unlink()
    (directory / "sources.toml").write_bytes(b"\xff\xfe")
    (directory / "tracks.toml").unlink()
    (directory / "tracks.toml").mkdir()
    problems = told(examine(directory))
    assert [problem.split(":")[0] for problem in problems] == [
        "body.toml, line 1",
        "places.toml, line 1",
        "places.toml, line 3",
        "places.toml, line 4",
        "sectors.toml",
        "sources.toml",
        "tracks.toml",
    ]
    assert "is not there; a charter has body.toml" in problems[4]
    assert "is no text in UTF-8" in problems[5]
    with pytest.raises(CharterError) as raised:
        read_charter(directory)
    assert all(problem in str(raised.value) for problem in problems)


def test_lines_that_are_no_toml_hide_nothing_else(tmp_path: Path) -> None:
    text = '"us" = "x"\n"a" = b\n"US" = "x"\nnothing\n"us" = "y"\n"c" = ["d"'
    assert [line.split(":")[0] for line in told(spoilt(tmp_path, "places.toml", text))] == [
        f"places.toml, line {number}" for number in (2, 3, 4, 5, 6)
    ]
    (problem,) = told(spoilt(tmp_path / "other", "body.toml", "name = Tribune\n"))
    assert problem == 'body.toml, line 1: this is no TOML: Invalid value; a text stands in "quotes"'


def test_empty_files_are_told_only_where_something_must_stand(tmp_path: Path) -> None:
    directory = copied(tmp_path)
    for file in FILES:
        (directory / file).write_text("")
    assert told(examine(directory)) == ['body.toml: "name" is missing']


def test_line_numbers_hold_behind_texts_and_lists_of_several_lines(tmp_path: Path) -> None:
    text = 'notice = """\nname = 1\n"""\r\n# x\nname = [\n "a",\n]\n'
    (problem,) = told(spoilt(tmp_path, "body.toml", text))
    assert problem == 'body.toml, line 5: "name" must be a text in quotes, and is a list'
