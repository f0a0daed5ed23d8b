"""Two processes of intake and a kill while a lot is passed up: each tier comes once, and a million
that wait stay as they are."""

import asyncio
import json
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from nats.aio.client import Client
from real_suite import CHARTER
from service_process import service_process

from deploy.bench.sweep import let_wait
from deploy.looking.reading import messages
from shared.contracts.check import CheckOverdue
from shared.eventsourcing.cloudevents import decode_known
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.eventsourcing.projections.database import open_database
from shared.mapping import in_batches
from shared.testing.examples import ROXBURY
from shared.testing.servers import NatsServer

pytestmark = pytest.mark.deep

CHECKS, TIERS, WAITING = 10_000, (1, 2, 3), 1_000_000
AT_ONCE = 500
WITHIN_S = 900.0
DUE_TOML = '[[tier]]\ndays = 2\ncounted = "calendar"\n[[tier]]\ndays = 9\nto = "The mayor"\n'
RAISED = "intake.check.CheckOverdue.>"


def made(number: int, at: datetime) -> Outgoing:
    """Due two months ago."""
    body = {
        "commitment": str(number),
        "owner": "Public Works",
        "task": "Mend the lamp",
        "place": ROXBURY,
        "sector": "street-lights",
        "made_at": at.isoformat(),
        "due_at": (at + timedelta(days=30)).isoformat(),
    }
    headers = {
        "ce-specversion": "1.0",
        "ce-id": f"commitment-{number}",
        "ce-source": "/boston",
        "ce-type": "commitment.made",
    }
    return Outgoing("inbox.boston.commitment.made", json.dumps(body).encode(), headers)


async def submit(client: Client) -> None:
    publisher, at = Publisher(client), datetime.now(UTC) - timedelta(days=90)
    for numbers in in_batches(range(CHECKS), AT_ONCE):
        await publisher.publish([made(number, at) for number in numbers])


async def until_raised(client: Client, at_least: int) -> int:
    """So many, whichever they are; how many there are."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            told = await client.jetstream().stream_info("INTAKE", subjects_filter=RAISED)
            if (found := sum((told.state.subjects or {}).values())) >= at_least:
                return found
            await asyncio.sleep(0.2)


async def raised(client: Client) -> Counter[tuple[str, int]]:
    """How often each was raised in each tier."""
    found = Counter[tuple[str, int]]()
    async for message in messages(client, "INTAKE", [RAISED]):
        recorded = decode_known(message.headers, message.body, message.sequence)
        if recorded and isinstance(event := recorded.event, CheckOverdue):
            found[event.check_id, event.tier] += 1
    return found


async def test_each_tier_comes_once_though_who_raises_is_killed(
    server: NatsServer, nats: Client, tmp_path: Path, database_url: str
) -> None:
    charter = tmp_path / "charter"
    shutil.copytree(CHARTER, charter)
    (charter / "due.toml").write_text(DUE_TOML)
    given = {"TRIBUNE_DATABASE_URL": database_url, "TRIBUNE_CHARTER_DIR": str(charter)}
    async with (
        service_process("intake", server, tmp_path, **given) as one,
        service_process("intake", server, tmp_path, **given) as two,
    ):
        said = [await one.ready(), await two.ready()]
        owner = one if "sweep" in said[1]["standby"] else two
        engine = open_database(database_url)
        await asyncio.to_thread(let_wait, engine, WAITING)
        engine.dispose()
        await submit(nats)
        await until_raised(nats, CHECKS * len(TIERS) // 3)
        owner.process.kill()
        await until_raised(nats, CHECKS * len(TIERS))
        await asyncio.sleep(3)  # some sweeps more raise nothing
        found = await raised(nats)
    assert set(found.values()) == {1}
    assert Counter(tier for _, tier in found) == dict.fromkeys(TIERS, CHECKS)
