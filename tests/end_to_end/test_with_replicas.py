"""The half year with two processes of every service: the same to the row; for `make test-deep`."""

from pathlib import Path

import pytest
from city import HalfYear, demonstrated
from real_suite import home

pytestmark = pytest.mark.deep


def test_two_of_each_make_the_same_of_it(
    request: pytest.FixtureRequest, half_year: HalfYear, tmp_path: Path
) -> None:
    where = home(request, tmp_path / "suite")
    twice = demonstrated(where, tmp_path / "told", "--replicas", "2")
    assert twice.exit_code == 0, twice.told
    assert twice.summary.keys() == half_year.summary.keys()
    for name in twice.summary.keys() - {"seconds"}:
        assert twice.summary[name] == half_year.summary[name], name
