"""The same slice of the half year without any fault, as the measure of all that follow."""

import asyncio
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from damage import copied
from real_suite import KEYS, ON_POSTGRES, Home, home, started
from replays import Left, events_of, left_by, replayed

from deploy.feeding.publish import publish
from deploy.looking.lag import settled
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.mapping import UpstreamEvent

ROWS = 2_000
LARGE, LARGE_TEXT = 1_100, 18_000


@pytest.fixture(scope="session")
def events() -> list[UpstreamEvent]:
    return events_of(ROWS)


@pytest.fixture(scope="session")
def undisturbed(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    events: list[UpstreamEvent],
) -> Home:
    where = home(request, tmp_path_factory.mktemp("undisturbed"), **KEYS)
    publication = asyncio.run(replayed(where, events))
    assert publication.answered.accepted == len(events)
    return where


@pytest.fixture
def copy(undisturbed: Home, tmp_path: Path) -> Home:
    """Of a suite at rest, to be damaged. Its databases are copied where they are files."""
    if ON_POSTGRES:
        pytest.skip("what is damaged here is the log; the databases are copied as files")
    return copied(undisturbed, tmp_path / "copy")


@pytest.fixture(scope="session")
def grown(undisturbed: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The same with so many large reports besides that INTAKE and the inbox have several blocks."""
    if ON_POSTGRES:
        pytest.skip("what is damaged here is the log; the databases are copied as files")
    where = copied(undisturbed, tmp_path_factory.mktemp("grown") / "suite")
    asyncio.run(_grow(where))
    return where


async def _grow(where: Home) -> None:
    async def moved(_: int) -> None:
        pass

    async with started(where.suite()) as client:
        publication = await publish(client, "boston", [_large(n) for n in range(LARGE)], moved)
        assert publication.answered.accepted == LARGE
        await settled(client)


def _large(number: int) -> UpstreamEvent:
    at = datetime(2012, 1, 1, tzinfo=UTC)
    headers = {"ce-specversion": "1.0", "ce-id": f"large {number}", "ce-source": "/boston"}
    said = {
        "report": f"large {number}",
        "place": "us.ma.boston",
        "sector": "sanitation",
        "text": f"{number:05} " * (LARGE_TEXT // 6),
        "filed_at": at.isoformat(),
    }
    kind = "report.submitted"
    outgoing = Outgoing(
        f"inbox.boston.{kind}", json.dumps(said).encode(), headers | {"ce-type": kind}
    )
    return UpstreamEvent(at, kind, lambda: outgoing)


@pytest.fixture(scope="session")
def expected(undisturbed: Home) -> Left:
    return asyncio.run(left_by(undisturbed))
