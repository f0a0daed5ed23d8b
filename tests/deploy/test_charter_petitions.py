"""A charter's terms for petitions: read whole, or refused by line and reason."""

from pathlib import Path

import pytest
from charters import OWN, copied, spoilt, told

from shared.runtime.charter import read_charter

GOOD = 'owner = "Works"\n[needs]\n"us.ma" = 50\n"us.ma.boston" = 20\n'


def test_without_the_file_there_are_none(tmp_path: Path) -> None:
    directory = copied(tmp_path)
    (directory / "petitions.toml").unlink(missing_ok=True)
    terms = read_charter(directory).petitions
    assert terms.owner is None
    assert terms.needed_at("us.ma.boston") is None


def test_the_smallest_place_that_is_named_counts(tmp_path: Path) -> None:
    directory = copied(tmp_path)
    (directory / "petitions.toml").write_text(GOOD)
    terms = read_charter(directory).petitions
    assert terms.needed_at("us.ma.boston.roxbury") == 20
    assert terms.needed_at("us.ma") == 50
    assert terms.needed_at("us") is None, "nothing is said for it"
    assert (terms.term_days, terms.known_days, terms.answer_days) == (60, 30, 30)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("50", "0"), "must be at least 1, and is 0"),
        (GOOD.replace("50", "4"), "must be at least 5, the smallest_figure of body.toml"),
        (GOOD.replace("us.ma.boston", "us.ma.bosten"), 'no place "us.ma.bosten" in places.toml'),
        (f"know_days = 3\n{GOOD}", '"known_days" may be meant'),
        (f"term_days = 0\n{GOOD}", '"term_days" must be at least 1'),
        ('owner = "Works"\n', "must say both an owner and under [needs]"),
        ("[needs]\neverywhere = 50\n", "must say both an owner and under [needs]"),
    ],
)
def test_what_is_wrong_is_told_by_file(tmp_path: Path, text: str, said: str) -> None:
    (problem,) = told(spoilt(tmp_path, "petitions.toml", text))
    assert problem.startswith("petitions.toml")
    assert said in problem


def test_no_source_is_called_as_what_petitions_make(tmp_path: Path) -> None:
    sources = (OWN / "sources.toml").read_text()
    (problem,) = told(spoilt(tmp_path, "sources.toml", f'petitions = "Petitions"\n{sources}'))
    assert '"petitions" is what commitments of petitions come from' in problem
