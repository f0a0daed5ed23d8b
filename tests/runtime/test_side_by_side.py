"""Two processes of one service, from their first start on: one works, the other stands by."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client
from service_process import ServiceProcess, service_process

from shared.contracts.receipt import Receipts
from shared.testing.examples import ROXBURY
from shared.testing.servers import NatsServer

WITHIN_S = 120.0
LONG_AGO = "2012-01-02T12:00:00+00:00"


async def submit(client: Client, first: int, last: int) -> None:
    for number in range(first, last):
        body = {
            "report": str(number),
            "place": ROXBURY,
            "sector": "street-lights",
            "filed_at": LONG_AGO,
        }
        headers = {
            "ce-specversion": "1.0",
            "ce-id": f"report-{number}",
            "ce-source": "/boston",
            "ce-type": "report.submitted",
        }
        subject = "inbox.boston.report.submitted"
        await client.jetstream().publish(subject, json.dumps(body).encode(), headers=headers)


async def answered(client: Client, count: int) -> list[int]:
    """The inbox sequences of all receipts, once there are so many."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            end = (await client.jetstream().stream_info("RECEIPTS")).state.last_seq
            found: list[int] = []
            for sequence in range(1, end + 1):
                message = await client.jetstream().get_msg("RECEIPTS", sequence, direct=True)
                said = Receipts.model_validate_json(message.data or b"")
                found += [receipt.inbox_sequence for receipt in said.accepted]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.05)


async def one_works(one: ServiceProcess, two: ServiceProcess) -> tuple[Any, Any]:
    """Both are ready, and between them each loop is owned once: the owner of the inbox first."""
    async with asyncio.timeout(WITHIN_S):
        while True:
            said = [await one.ready(), await two.ready()]
            standby = [set(each["standby"]) for each in said]
            if len(standby[0]) + len(standby[1]) == LOOPS_WITH_AN_OWNER:
                break
            await asyncio.sleep(0.05)
    assert not standby[0] & standby[1]
    return (two, one) if "inbox boston" in standby[0] else (one, two)


LOOPS_WITH_AN_OWNER = 15
"""The inbox, its receipts, words in inboxes, projections, the reactions to duplicates, handovers,
claims to be checked, who may check, followers of confidential reports, petitions and questions, the
sweep, files that nobody needs, those that all may see, and what the list of erasures knows and the
log does not."""


@pytest.fixture
def shared_database(database_url: str) -> dict[str, str]:
    return {"TRIBUNE_DATABASE_URL": database_url}


async def test_first_starts_side_by_side_and_the_one_that_is_killed_is_replaced(
    server: NatsServer, nats: Client, tmp_path: Path, shared_database: dict[str, str]
) -> None:
    async with (
        service_process("intake", server, tmp_path, **shared_database) as one,
        service_process("intake", server, tmp_path, **shared_database) as two,
    ):
        owner, heir = await one_works(one, two)
        await submit(nats, 0, 50)
        assert sorted(await answered(nats, 50)) == list(range(1, 51))
        owner.process.kill()
        await submit(nats, 50, 60)
        assert sorted(await answered(nats, 60)) == list(range(1, 61))
        async with asyncio.timeout(WITHIN_S):
            while (await heir.ready())["standby"]:
                await asyncio.sleep(0.05)
        assert "takes over" in heir.said
        for process in (one, two):
            assert "IntegrityError" not in process.said
