"""The charter says which sources' data are public already, and when the others' are released."""

from datetime import UTC, datetime, time
from pathlib import Path

import pytest
from charters import OWN, copied, spoilt, told

from deploy.commands.becoming_public import becomes_public
from shared.runtime.charter import Charter, examine
from shared.runtime.settings import Settings

BODY = (OWN / "body.toml").read_text()
BOTH = 'boston = {name = "311", public = true}\nhotline = "Hotline"\n'
NOW = datetime(2030, 1, 7, 12, tzinfo=UTC)


@pytest.fixture
def charter(tmp_path: Path) -> Charter:
    found = spoilt(tmp_path, "sources.toml", BOTH).charter
    assert found is not None
    return found


def test_a_source_is_protected_unless_it_says_that_it_is_public(charter: Charter) -> None:
    assert charter.public_sources == {"boston"}
    assert charter.protects


def test_a_source_is_trusted_with_words_if_it_says_so_or_is_public(tmp_path: Path) -> None:
    more = f'{BOTH}union = {{name = "Union", trusted = true}}\n'
    charter = spoilt(tmp_path, "sources.toml", more).charter
    assert charter is not None
    assert charter.trusted_sources == {"boston", "union"}
    assert charter.public_sources == {"boston"}


def test_the_demonstrations_data_are_public(tmp_path: Path) -> None:
    charter = examine(copied(tmp_path)).charter
    assert charter is not None
    assert not charter.protects
    assert (charter.release_at, charter.smallest_figure) == (time(6), 5)


@pytest.mark.parametrize("said", ["6:00", "24:00", "06:60", "", "06:00:00"])
def test_what_is_no_time_of_day_is_told(tmp_path: Path, said: str) -> None:
    text = BODY.replace('release_at = "06:00"', f'release_at = "{said}"')
    (problem,) = told(spoilt(tmp_path, "body.toml", text))
    assert 'must be a time of day, such as "06:00"' in problem


def test_a_smallest_figure_that_hides_nothing_is_told(tmp_path: Path) -> None:
    text = BODY.replace("smallest_figure = 5", "smallest_figure = 1")
    (problem,) = told(spoilt(tmp_path, "body.toml", text))
    assert "must be at least 2" in problem


def test_who_sends_is_told_when_it_becomes_public(charter: Charter) -> None:
    settings = Settings(_env_file=None)
    assert becomes_public(charter, "boston", settings, NOW) == ""
    assert becomes_public(charter, "hotline", settings, NOW) == (
        "hotline is protected: its checks are public at once; its reports, and members that they"
        " qualify, with the release on 2030-01-08 at 06:00 (America/New_York) or a later one, as"
        " soon as more than 5 people have a place in common"
    )
    in_a_replay = Settings(_env_file=None, clock="stream")
    assert "with the release at 06:00" in becomes_public(charter, "hotline", in_a_replay, NOW)


def test_one_source_may_have_a_form_and_not_two(tmp_path: Path) -> None:
    more = f'{BOTH}street = {{name = "Street", form = "open"}}\n'
    charter = spoilt(tmp_path, "sources.toml", more).charter
    assert charter is not None
    assert charter.form == "street"
    twice = f'{more}shop = {{name = "Shop", form = "confidential"}}\n'
    (problem,) = told(spoilt(tmp_path / "twice", "sources.toml", twice))
    assert '"shop" has a form, and so has "street"' in problem


def test_without_a_form_nobody_reports_on_the_site(charter: Charter) -> None:
    assert charter.form is None
