"""Two processes of intake and a kill while a lot is passed up: each tier comes once, and soon,
beside a million that wait."""

import asyncio
import json
import os
import shutil
import time
from collections import Counter
from pathlib import Path

import pytest
from nats.aio.client import Client
from real_suite import CHARTER
from service_process import service_process
from sqlalchemy import Engine

from deploy.bench.laboratory import cpu_s
from deploy.bench.sweep import let_wait
from deploy.looking.reading import messages
from services.intake.projections import checks
from shared.contracts.check import CheckOverdue
from shared.eventsourcing.cloudevents import decode_known
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.eventsourcing.projections.checkpoints import read_all
from shared.eventsourcing.projections.database import ask_in, open_database
from shared.mapping import in_batches
from shared.runtime.clock_stream import set_clock
from shared.testing.examples import DAY, MONDAY, ROXBURY
from shared.testing.servers import NatsServer

pytestmark = pytest.mark.deep

CHECKS, TIERS, WAITING = 10_000, (1, 2, 3), 1_000_000
RAISES = CHECKS * len(TIERS)
AT_ONCE = 500
WITHIN_S, WANTED_S = 900.0, 10.0
DUE = MONDAY + 30 * DAY
LATER = DUE + 30 * DAY
DUE_TOML = '[[tier]]\ndays = 2\ncounted = "calendar"\n[[tier]]\ndays = 9\nto = "The mayor"\n'
RAISED = "intake.check.CheckOverdue.>"


def made(number: int) -> Outgoing:
    body = {
        "commitment": str(number),
        "owner": "Public Works",
        "task": "Mend the lamp",
        "place": ROXBURY,
        "sector": "street-lights",
        "made_at": MONDAY.isoformat(),
        "due_at": DUE.isoformat(),
    }
    headers = {
        "ce-specversion": "1.0",
        "ce-id": f"commitment-{number}",
        "ce-source": "/boston",
        "ce-type": "commitment.made",
    }
    return Outgoing("inbox.boston.commitment.made", json.dumps(body).encode(), headers)


async def submit(client: Client) -> None:
    publisher = Publisher(client)
    for numbers in in_batches(range(CHECKS), AT_ONCE):
        await publisher.publish([made(number) for number in numbers])


async def until_it_ends_at(client: Client, sequence: int) -> None:
    async with asyncio.timeout(WITHIN_S):
        while await ends_at(client, "INTAKE") < sequence:
            await asyncio.sleep(0.02)


async def until_rows_hold(engine: Engine, sequence: int) -> None:
    async with asyncio.timeout(WITHIN_S):
        while (await ask_in(engine, read_all))[checks.read_model.name] < sequence:
            await asyncio.sleep(0.1)


async def raised(client: Client) -> Counter[tuple[str, int]]:
    """How often each was raised in each tier."""
    found = Counter[tuple[str, int]]()
    async for message in messages(client, "INTAKE", [RAISED]):
        recorded = decode_known(message.headers, message.body, message.sequence)
        if recorded and isinstance(event := recorded.event, CheckOverdue):
            found[event.check_id, event.tier] += 1
    return found


async def test_each_tier_comes_once_and_soon_though_who_raises_is_killed(
    server: NatsServer, nats: Client, tmp_path: Path, database_url: str
) -> None:
    """All tiers are over at one moment, that of the clock that both follow. From then on is counted
    until the last one is in the log; CPU is of both processes."""
    charter = tmp_path / "charter"
    shutil.copytree(CHARTER, charter)
    (charter / "due.toml").write_text(DUE_TOML)
    given = {"TRIBUNE_DATABASE_URL": database_url, "TRIBUNE_CHARTER_DIR": str(charter)}
    given |= {"TRIBUNE_CLOCK": "stream"}
    await set_clock(nats, MONDAY)
    async with (
        service_process("intake", server, tmp_path, **given) as one,
        service_process("intake", server, tmp_path, **given) as two,
    ):
        said = [await one.ready(), await two.ready()]
        owner, other = (one, two) if "sweep" in said[1]["standby"] else (two, one)
        engine = open_database(database_url)
        await asyncio.to_thread(let_wait, engine, WAITING)
        await submit(nats)
        await until_it_ends_at(nats, CHECKS)
        await until_rows_hold(engine, end := await ends_at(nats, "INTAKE"))
        before = cpu_s(other.process.pid)
        at_owner = cpu_s(owner.process.pid)
        began = time.perf_counter()
        await set_clock(nats, LATER)
        await until_it_ends_at(nats, end + RAISES // 3)
        killed_s, at_owner = time.perf_counter() - began, cpu_s(owner.process.pid) - at_owner
        owner.process.kill()
        await until_it_ends_at(nats, end + RAISES)
        took_s, cpu = time.perf_counter() - began, cpu_s(other.process.pid) - before + at_owner
        await asyncio.sleep(3)  # some sweeps more raise nothing
        found = await raised(nats)
        engine.dispose()
    load = os.getloadavg()[0]
    told = f"killed after {killed_s:.1f} s, all raised after {took_s:.1f} s, {cpu:.1f} s of CPU"
    print(f"{told}, load {load:.1f}")  # noqa: T201
    assert set(found.values()) == {1}
    assert Counter(tier for _, tier in found) == dict.fromkeys(TIERS, CHECKS)
    assert cpu < WANTED_S, "of a machine that has nothing else to do this is the time"
