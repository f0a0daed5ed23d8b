"""The charter says of which reports the words are sealed."""

from pathlib import Path

import pytest
from charters import OWN, copied, spoilt, told

from shared.runtime.charter import examine

BODY = (OWN / "body.toml").read_text()


@pytest.mark.parametrize(("said", "seals_all"), [("confidential", False), ("all", True)])
def test_it_may_be_all_of_them(tmp_path: Path, said: str, seals_all: bool) -> None:  # noqa: FBT001
    charter = spoilt(tmp_path, "body.toml", f'{BODY}\nseals = "{said}"\n').charter
    assert charter is not None
    assert charter.seals_all is seals_all


def test_confidential_ones_are_what_is_usual(tmp_path: Path) -> None:
    charter = examine(copied(tmp_path)).charter
    assert charter is not None
    assert charter.seals_all is False


def test_what_is_none_of_the_two_is_told(tmp_path: Path) -> None:
    (problem,) = told(spoilt(tmp_path, "body.toml", f'{BODY}\nseals = "none"\n'))
    assert '"none" is none of "confidential" or "all"' in problem
