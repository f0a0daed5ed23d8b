"""The whole half year, replayed once for all tests that look at it."""

import pytest
from city import HalfYear, demonstrated
from real_suite import home


@pytest.fixture(scope="session")
def half_year(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> HalfYear:
    told = tmp_path_factory.mktemp("told") / "stderr"
    return demonstrated(home(request, tmp_path_factory.mktemp("half_year")), told)
