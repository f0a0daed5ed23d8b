"""The same slice of the half year without any fault, as the measure of all that follow."""

import asyncio

import pytest
from real_suite import Home, home
from replays import Left, events_of, left_by, replayed

from deploy.mapping import UpstreamEvent

ROWS = 2_000


@pytest.fixture(scope="session")
def events() -> list[UpstreamEvent]:
    return events_of(ROWS)


@pytest.fixture(scope="session")
def undisturbed(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    events: list[UpstreamEvent],
) -> Home:
    where = home(request, tmp_path_factory.mktemp("undisturbed"), TRIBUNE_RELEASE_KEY="one for all")
    publication = asyncio.run(replayed(where, events))
    assert publication.answered.accepted == len(events)
    return where


@pytest.fixture(scope="session")
def expected(undisturbed: Home) -> Left:
    return asyncio.run(left_by(undisturbed))
