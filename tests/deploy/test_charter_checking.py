"""A charter's terms by which claims are checked: read whole, or refused by line and reason."""

from pathlib import Path

import pytest
from charters import copied, spoilt, told

from shared.contracts.checking import CheckingTerms
from shared.runtime.charter import read_charter


def test_without_the_file_or_without_agree_nothing_is_checked(tmp_path: Path) -> None:
    directory = copied(tmp_path)
    assert read_charter(directory).checking.terms is None
    (directory / "checking.toml").write_text("rest_days = 9\n")
    assert read_charter(directory).checking.terms is None


def test_what_is_not_said_is_as_the_contract_has_it(tmp_path: Path) -> None:
    directory = copied(tmp_path)
    (directory / "checking.toml").write_text("agree = 2\n")
    assert read_charter(directory).checking.terms == CheckingTerms()
    (directory / "checking.toml").write_text("agree = 3\nversion = 4\noften = 1\n")
    terms = read_charter(directory).checking.terms
    assert terms == CheckingTerms(version=4, agree=3, often=1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("agree = 0\n", '"agree" must be at least 1, and is 0'),
        ("agree = 2\nfind_day = 3\n", 'there is no key "find_day" here; "find_days" may be meant'),
        ('agree = "two"\n', '"agree" must be a whole number'),
    ],
)
def test_what_is_wrong_is_told_by_line(tmp_path: Path, text: str, said: str) -> None:
    (problem,) = told(spoilt(tmp_path, "checking.toml", text))
    assert problem.startswith("checking.toml, line ")
    assert said in problem
