"""With another digest key than the one that an inbox was taken in with, intake does not start."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from nats.aio.client import Client
from service_process import WITHIN_S, service_process

from deploy.problems import WRONG_USE
from deploy.upkeep.pruning import left_over
from deploy.upkeep.redo import redo
from shared.contracts.receipt import Receipts
from shared.eventsourcing.jetstream.ends import ends_at, last_message
from shared.runtime.service import REFUSES
from shared.testing.servers import NatsServer

pytestmark = pytest.mark.deep

LONG_AGO = "2012-01-02T12:00:00+00:00"
OTHER = "another key, a long one as is due"


async def submit(client: Client, *numbers: int) -> None:
    for number in numbers:
        body = {
            "report": str(number),
            "place": "us.ma.boston.roxbury",
            "sector": "street-lights",
            "filed_at": LONG_AGO,
        }
        headers = {
            "ce-specversion": "1.0",
            "ce-id": f"submitted {number}",
            "ce-source": "https://311.example",
            "ce-type": "report.submitted",
        }
        subject, message = "inbox.boston.report.submitted", json.dumps(body).encode()
        await client.jetstream().publish(subject, message, headers=headers)


async def test_of_two_with_keys_of_their_own_only_one_serves(
    server: NatsServer, nats: Client, tmp_path: Path
) -> None:
    """No receipt can tell them yet: one command would be carried out twice."""
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
    async with (
        service_process("intake", server, folders[0]) as one,
        service_process("intake", server, folders[1]) as other,
    ):
        ends = [asyncio.create_task(each.process.wait()) for each in (one, other)]
        async with asyncio.timeout(WITHIN_S):
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        winner, loser = (other, one) if ends[0].done() else (one, other)
        assert await loser.ended() == REFUSES
        assert "was taken in with another digest key" in loser.said
        assert '"started"' not in loser.said, "it served commands"
        await winner.ready()
        ends[folders.index(winner.log.parent)].cancel()
    assert await left_over(nats) == []


async def test_a_short_key_is_refused(server: NatsServer, tmp_path: Path) -> None:
    """It can be guessed from any digest of a number that is known."""
    async with service_process("intake", server, tmp_path, TRIBUNE_DIGEST_KEY="guess me") as one:
        assert await one.ended() == WRONG_USE
    assert "TRIBUNE_DIGEST_KEY is shorter than 32 characters" in one.said
    assert "Traceback" not in one.said


async def test_a_lost_key_is_told_and_nothing_is_taken_twice(
    server: NatsServer, nats: Client, tmp_path: Path
) -> None:
    """Nor is what was said before, once the operator goes on with a new one."""
    await submit(nats, 1, 2)
    async with service_process("intake", server, tmp_path) as made:
        await made.ready()
    assert (tmp_path / "digest.key").stat().st_mode & 0o077 == 0
    await submit(nats, 3)
    (tmp_path / "digest.key").rename(tmp_path / "lost.key")
    async with service_process("intake", server, tmp_path) as refused:
        assert await refused.ended() == REFUSES
    assert (
        "Put the old key back (`secrets/digest_key` in the folder of keys, or digest.key"
        in refused.said
    )
    assert await ends_at(nats, "INTAKE") == 2
    way_out = re.search(r"`tribune redo (inbox-boston) --from (\d+)` goes on", refused.said)
    assert way_out is not None
    await redo(nats, way_out[1], int(way_out[2]))
    await submit(nats, 2)
    async with service_process("intake", server, tmp_path) as goes_on:
        await goes_on.ready()
    assert await ends_at(nats, "INTAKE") == 3
    newest = await last_message(nats, "RECEIPTS")
    assert newest is not None
    answered = Receipts.model_validate_json(newest.body).accepted
    assert [(each.inbox_sequence, each.duplicate) for each in answered] == [(3, False), (4, True)]
    async with service_process("intake", server, tmp_path, TRIBUNE_DIGEST_KEY=OTHER) as refused:
        assert await refused.ended() == REFUSES
    assert OTHER not in refused.said
