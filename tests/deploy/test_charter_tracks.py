"""A track that makes no sense is refused by its line; what is not said decides nothing."""

import re
from pathlib import Path

import pytest
from charters import OWN, spoilt, told

from services.promotion.domain.track import Track
from services.promotion.rules import tracks_of
from shared.runtime.charter import read_charter

FIRST = """[[track]]
name = "first"
version = 1
title = "First"
confirmed = 12
sectors = 3
days = 8
refuted_share = 0.25
"""
SECOND = FIRST.replace("first", "second").replace("First", "Second")
THIRD = FIRST.replace("first", "third").replace("First", "Third")
ALL_OF_IT = """places = 2
confirmers = 2
window_days = 90
half_life_days = 60
most_per_day = 3
most_per_confirmer = 9
level = 2
after = ["first"]
grace_days = 30
"""

OF_ONE_KEY = [
    ("vresion = 2", 'there is no key "vresion" here; "version" may be meant'),
    ("window = 90", 'there is no key "window" here; "window_days" may be meant'),
    ("places = 0", '"places" must be at least 1, and is 0'),
    ('places = "2"', '"places" must be a whole number, and is "2"'),
    ("places = 27", 'nobody can meet "first": it wants 27 places, and there are 26 with the root'),
    ("confirmers = 0", '"confirmers" must be at least 1, and is 0'),
    ("confirmers = 2.5", '"confirmers" must be a whole number, and is 2.5'),
    ("confirmers = true", '"confirmers" must be a whole number, and is true'),
    ("window_days = 0", '"window_days" must be at least 1, and is 0'),
    ("window_days = 731", '"window_days" must be at most 730, and is 731'),
    ('window_days = "90 days"', '"window_days" must be a whole number, and is "90 days"'),
    ("half_life_days = -3", '"half_life_days" must be at least 1, and is -3'),
    ("half_life_days = 1000", '"half_life_days" must be at most 730, and is 1000'),
    ("half_life_days = nan", '"half_life_days" must be a whole number, and is nan'),
    ("most_per_day = 0", '"most_per_day" must be at least 1, and is 0'),
    ("most_per_day = [1]", '"most_per_day" must be a whole number, and is a list'),
    ("most_per_confirmer = 0", '"most_per_confirmer" must be at least 1, and is 0'),
    ("most_per_confirmer = {}", '"most_per_confirmer" must be a whole number, and is a table'),
    ("grace_days = 0", '"grace_days" must be at least 1, and is 0'),
    ("grace_days = 731", '"grace_days" must be at most 730, and is 731'),
    ("level = 0", '"level" must be at least 1, and is 0'),
    ("level = 101", '"level" must be at most 100, and is 101'),
    ('level = "high"', '"level" must be a whole number, and is "high"'),
    ('after = "second"', '"after" must be a list; .*, and is "second"'),
    ("after = [1]", 'an entry of "after" must be a text in quotes, and is 1'),
    ('after = ["Second One"]', '"Second One" is no track name: .*; "second-one" may be meant'),
    ('after = ["second", "second"]', '"after" must name no track twice, and is a list'),
    ('after = ["secnod"]', '"secnod" is no track of this charter; "second" may be meant'),
    ('after = ["first"]', '"first" can not come after itself; leave it out'),
    ("level = 1\nlevel = 2", '"level" stands here again; it stood in line 9 already'),
    ("level = ", "this is no TOML: "),
]


@pytest.mark.parametrize(("line", "words"), OF_ONE_KEY)
def test_a_key_that_makes_no_sense_is_refused_by_its_line(
    tmp_path: Path, line: str, words: str
) -> None:
    found = spoilt(tmp_path, "tracks.toml", FIRST + line + "\n" + SECOND)
    assert found.charter is None
    (problem,) = told(found)
    at = 9 + line.count("\n")
    assert re.fullmatch(f"tracks.toml, line {at}: {words}.*", problem), problem


def _with(text: str, *changes: str) -> str:
    for change in changes:
        key = change.partition(" =")[0]
        line = re.compile(f"^{key} = .*$", re.MULTILINE)
        text = line.sub(change, text) if line.search(text) else f"{text}{change}\n"
    return text


OF_SEVERAL = [
    (_with(FIRST, "window_days = 7"), 7, "it wants 8 days within a window of 7"),
    (
        _with(FIRST, "most_per_day = 1", "window_days = 10"),
        5,
        "no more than 10.0 count at a time, and it wants 12",
    ),
    (_with(FIRST, "most_per_day = 1", "half_life_days = 2"), 5, "no more than 3.4 count at a time"),
    (_with(FIRST, "sectors = 36"), 6, "it wants 36 sectors, and sectors.toml has 35"),
    (FIRST + SECOND.replace("second", "first"), 10, '"first" is the name of another track already'),
    (
        _with(FIRST, "level = 2", 'after = ["second"]') + _with(SECOND, "level = 2"),
        9,
        '"first" of level 2 comes after "second" of level 2; it must be higher',
    ),
    (
        _with(FIRST, 'after = ["second"]') + _with(SECOND, 'after = ["first"]'),
        9,
        'nobody can begin: "first" after "second" after "first"; leave one of them out',
    ),
    (
        FIRST + _with(SECOND, 'after = ["third"]') + _with(THIRD, 'after = ["first", "second"]'),
        17,
        'nobody can begin: "second" after "third" after "second"',
    ),
    (FIRST.replace("[[track]]", "[track]"), 1, '"track" must be a list; several tables are given'),
    (
        FIRST.replace("[[track]]", "[[tracks]]"),
        1,
        'there is no key "tracks" here; "[[track]]" may be meant',
    ),
    ("version = 2\n" + FIRST, 1, 'no key "version" here; there are takes_back, [[track]]'),
    ("takes_back = 1\n" + FIRST, 1, '"takes_back" must be true or false, and is 1'),
    ("take_back = true\n" + FIRST, 1, 'no key "take_back" here; "takes_back" may be meant'),
    ("track = [1]\n", 1, 'an entry of "track" must be a text in quotes, or a table'),
    (FIRST.replace("days = 8\n", ""), 1, '"days" is missing'),
]


@pytest.mark.parametrize(("text", "line", "words"), OF_SEVERAL)
def test_what_makes_no_sense_together_is_refused_by_a_line(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    found = spoilt(tmp_path, "tracks.toml", text)
    assert found.charter is None
    (problem,) = told(found)
    assert problem.startswith(f"tracks.toml, line {line}: ")
    assert words in problem


def test_more_than_thirty_kinds_of_mistakes_are_tried() -> None:
    kinds = {words for _, words in OF_ONE_KEY} | {words for *_, words in OF_SEVERAL}
    assert len(kinds) >= 30


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (("places = 13",), '"places" is more than "confirmed", which so decides nothing'),
        (("confirmers = 13",), '"confirmers" is more than "confirmed"'),
        (("most_per_day = 13",), '"most_per_day" is more than "confirmed", and so decides nothing'),
        (("most_per_confirmer = 13",), '"most_per_confirmer" is more than "confirmed", and so'),
        (("half_life_days = 90",), "without most_per_day a burst of one day counts more"),
        (('title = "Second"',), '"Second" is the title of "first", too'),
    ],
)
def test_what_is_odd_and_may_be_meant_is_a_warning(
    tmp_path: Path, changes: tuple[str, ...], words: str
) -> None:
    found = spoilt(tmp_path, "tracks.toml", _with(FIRST, *changes) + SECOND)
    assert found.charter is not None
    (warning,) = map(str, found.warnings)
    assert words in warning


def test_what_a_track_may_say_reaches_whoever_judges_by_it(tmp_path: Path) -> None:
    found = spoilt(tmp_path, "tracks.toml", FIRST + SECOND + ALL_OF_IT)
    assert found.charter is not None, told(found)
    assert found.warnings == []
    first, second = tracks_of(found.charter)
    assert first == Track("first", 1, "First", 12, 3, 8, 0.25)
    told_of = Track("second", 1, "Second", 12, 3, 8, 0.25, 2, 2, 90, 60, 3, 9, 2, ("first",), 30)
    assert second == told_of


def test_what_is_reopened_is_taken_back_where_the_charter_says_so(tmp_path: Path) -> None:
    found = spoilt(tmp_path, "tracks.toml", "takes_back = true\n" + FIRST)
    assert found.charter is not None
    assert found.charter.takes_back


def test_the_project_s_own_tracks_ask_for_nothing_new() -> None:
    assert not read_charter(OWN).takes_back
    for track in tracks_of(read_charter(OWN)):
        assert not any(track.weights)
        assert (track.places, track.confirmers, track.level, track.after) == (0, 0, 0, ())
