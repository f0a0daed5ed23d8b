"""Two processes of intake and a kill while what is late is passed up: each tier comes once."""

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

from deploy.looking.reading import messages
from shared.contracts.check import CheckOverdue
from shared.eventsourcing.cloudevents import decode_known
from shared.testing.examples import ROXBURY
from shared.testing.servers import NatsServer

pytestmark = pytest.mark.deep

CHECKS, TIERS = 400, (1, 2, 3)
WITHIN_S = 240.0
DUE_TOML = '[[tier]]\ndays = 2\ncounted = "calendar"\n[[tier]]\ndays = 9\nto = "The mayor"\n'


async def submit(client: Client) -> None:
    """All of them were due two months ago."""
    made = datetime.now(UTC) - timedelta(days=90)
    for number in range(CHECKS):
        body = {
            "commitment": str(number),
            "owner": "Public Works",
            "task": "Mend the lamp",
            "place": ROXBURY,
            "sector": "street-lights",
            "made_at": made.isoformat(),
            "due_at": (made + timedelta(days=30)).isoformat(),
        }
        headers = {
            "ce-specversion": "1.0",
            "ce-id": f"commitment-{number}",
            "ce-source": "/boston",
            "ce-type": "commitment.made",
        }
        subject = "inbox.boston.commitment.made"
        await client.jetstream().publish(subject, json.dumps(body).encode(), headers=headers)


async def raised(client: Client, at_least: int) -> Counter[tuple[str, int]]:
    """How often each was raised in each tier, once there are so many."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            found = Counter[tuple[str, int]]()
            async for message in messages(client, "INTAKE", ["intake.check.CheckOverdue.>"]):
                recorded = decode_known(message.headers, message.body, message.sequence)
                if recorded and isinstance(event := recorded.event, CheckOverdue):
                    found[event.check_id, event.tier] += 1
            if found.total() >= at_least:
                return found
            await asyncio.sleep(0.2)


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
        await submit(nats)
        await raised(nats, 1)
        owner.process.kill()
        found = await raised(nats, CHECKS * len(TIERS))
        await asyncio.sleep(3)  # some sweeps more raise nothing
        assert await raised(nats, 1) == found
    assert set(found.values()) == {1}
    assert Counter(tier for _, tier in found) == dict.fromkeys(TIERS, CHECKS)
