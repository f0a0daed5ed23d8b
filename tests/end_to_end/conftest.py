"""The half year and its beginning, each replayed once for all tests that look at it."""

import pytest
from city import TWO_WEEKS, HalfYear, demonstrated
from real_suite import home


@pytest.fixture(scope="session")
def half_year(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> HalfYear:
    told = tmp_path_factory.mktemp("told") / "stderr"
    return demonstrated(home(request, tmp_path_factory.mktemp("half_year")), told)


@pytest.fixture(scope="session")
def two_weeks(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> HalfYear:
    told = tmp_path_factory.mktemp("told") / "stderr"
    return demonstrated(home(request, tmp_path_factory.mktemp("two_weeks")), told, of=TWO_WEEKS)


@pytest.fixture(
    scope="session", params=["two_weeks", pytest.param("half_year", marks=pytest.mark.deep)]
)
def stretch(request: pytest.FixtureRequest) -> HalfYear:
    """The whole of it takes the better part of what all other tests take."""
    found: HalfYear = request.getfixturevalue(request.param)
    return found
