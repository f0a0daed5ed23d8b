"""The charter says what is expected of correspondents, and what it says wrong is told."""

from datetime import date
from pathlib import Path

import pytest
from charters import OWN, spoilt, told

from shared.runtime.charter import read_charter

BODY = (OWN / "body.toml").read_text()
GOOD = """
[beats]
rhythm_days = 7
holidays = [2031-12-25, 2031-12-26]
accredits = "editor"
"""


def test_beats_have_a_rhythm_holidays_and_somebody_who_accredits(tmp_path: Path) -> None:
    charter = spoilt(tmp_path, "body.toml", BODY + GOOD).charter
    assert charter is not None
    beats = charter.beats
    assert (beats.rhythm_days, beats.accredits) == (7, "editor")
    assert beats.holidays == [date(2031, 12, 25), date(2031, 12, 26)]
    usual = read_charter(OWN).beats
    assert (usual.rhythm_days, usual.holidays, usual.accredits) == (14, [], "inspector")
    assert (usual.prior_confirmed, usual.prior_settled) == (1, 2)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ("rhythm_days = 0", "rhythm_days"),
        ("rhythm_days = 367", "rhythm_days"),
        ('holidays = ["25 December"]', '"holidays" must be days without quotes'),
        ('accredits = "king"', '"king" is none of'),
        ("prior_confirmed = 2", "prior_confirmed that is less"),
        ("rythm_days = 7", "rythm_days"),
    ],
)
def test_what_makes_no_sense_is_told(tmp_path: Path, wrong: str, words: str) -> None:
    found = spoilt(tmp_path, "body.toml", f"{BODY}\n[beats]\n{wrong}\n")
    assert found.charter is None
    (problem,) = told(found)
    assert words in problem
