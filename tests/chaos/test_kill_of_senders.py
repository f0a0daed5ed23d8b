"""Who brings messages in is killed at random moments: what was accepted is there, and once.

On a busy machine each start takes its time, so nothing here has to be done by a clock, as long as
messages come in.
"""

import asyncio
import csv
import json
import os
import random
import signal
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from faults import new_seed
from real_suite import CHARTER, KEYS, LOOK_AGAIN_S, Home, free_ports, home, started
from replays import events_of, left_by

from deploy.asking import outlasting
from deploy.embedded import Suite
from deploy.feeding.demo import FILE, MAPPING
from deploy.feeding.tables import read_rows
from deploy.looking.lag import settled
from deploy.looking.reading import messages
from shared.eventsourcing.jetstream.connection import Client
from shared.mapping import UpstreamEvent

pytestmark = pytest.mark.deep

ROWS, KILLS, MOST_TOGETHER = 400, 4, 20
NOTHING_FOR_S = 300.0
INBOX = "INBOX_BOSTON"
BATCH = "application/cloudevents-batch+json"
ONCE = {"report.submitted": "ReportFiled", "commitment.made": "CheckOpened"}


@pytest.fixture
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    return home(request, tmp_path / "suite", **KEYS)


@pytest.fixture
def suite(where: Home) -> Suite:
    return Suite(where.data_dir, CHARTER, free_ports(), environment=where.environment)


async def ends_well(where: Home, events: Sequence[UpstreamEvent], told: str) -> None:
    """Each message has one receipt, each report and each promise is there once, and all is proven
    against all."""
    left = await left_by(where)
    assert left.receipts.keys() == {1}, told
    found = Counter((kind, of) for kind, of, _ in left.events["INTAKE"].elements())
    for upstream, kind in ONCE.items():
        counts = [count for (its, _), count in found.items() if its == kind]
        assert counts == [1] * sum(event.kind == upstream for event in events), f"{told}: {kind}"
    proof = await asyncio.to_thread(where.tribune, "verify", within_s=600)
    assert proof.returncode == 0, f"{told}\n{proof.stdout}{proof.stderr}"


async def brought_in(client: Client) -> int:
    return int((await client.jetstream().stream_info(INBOX)).state.last_seq)


async def has_come(client: Client, enough: int, goes_on: Callable[[], bool]) -> None:
    """Until so many messages are in the inbox; for as long as more of them come, or whoever sends
    starts: for that there is a time."""
    loop = asyncio.get_running_loop()
    before, since = -1, loop.time()
    while (now := await brought_in(client)) < enough:
        assert goes_on(), f"it ended at {now}, before it was killed"
        if now > before:
            before, since = now, loop.time()
        assert loop.time() < since + NOTHING_FOR_S, f"nothing comes after {now}"
        await asyncio.sleep(LOOK_AGAIN_S)


async def all_settles(client: Client) -> None:
    await outlasting(client, lambda: settled(client))


def written(rows: int, to: Path) -> Path:
    table = read_rows(FILE)[:rows]
    with to.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    return to


async def test_a_file_whose_publication_is_killed_is_taken_in_by_the_next_one(
    where: Home, suite: Suite, tmp_path: Path
) -> None:
    seed, events = new_seed(), events_of(ROWS)
    chance, file = random.Random(seed), written(ROWS, tmp_path / "rows.csv")
    command = ["publish", str(file), "--mapping", str(MAPPING)]
    async with started(suite) as client:
        for number in range(KILLS):
            before = await brought_in(client)
            enough = before + chance.randrange(1, len(events))
            with where.begin(*command, told=tmp_path / f"told-{number}") as process:
                await has_come(client, enough, lambda process=process: process.poll() is None)  # type: ignore[misc]
                process.kill()
        said = await asyncio.to_thread(where.tribune, *command, "--json")
        assert said.returncode == 0, said.stderr
        figures = json.loads(said.stdout)
        assert figures["sent"] == len(events) == figures["accepted"] + figures["duplicate"]
        assert figures["refused"] == 0
        await all_settles(client)
    await ends_well(where, events, f"seed {seed}")


class Sender:
    """Sends again what it has no answer for, as the documentation has it."""

    def __init__(self, address: str, key: str) -> None:
        self._http = httpx.AsyncClient(base_url=address, trust_env=False, timeout=20)
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": BATCH}
        self.taken: dict[int, str] = {}

    async def send(self, events: Sequence[UpstreamEvent]) -> None:
        body = json.dumps([structured(event) for event in events])
        while True:
            try:
                answer = await self._http.post("/events", content=body, headers=self._headers)
            except httpx.HTTPError:
                await asyncio.sleep(LOOK_AGAIN_S)
                continue
            if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
                await asyncio.sleep(LOOK_AGAIN_S)
                continue
            assert answer.status_code in (200, 202, 207), answer.text
            self.taken |= {one["inbox_sequence"]: one["ce_id"] for one in answer.json()}
            return

    async def close(self) -> None:
        await self._http.aclose()


def structured(event: UpstreamEvent) -> dict[str, Any]:
    message = event.outgoing()
    said = {name.removeprefix("ce-"): value for name, value in message.headers.items()}
    return said | {"specversion": "1.0", "data": json.loads(message.body)}


async def test_what_was_answered_over_http_is_there_though_intake_was_killed(
    where: Home, suite: Suite
) -> None:
    seed, events = new_seed(), events_of(ROWS)
    chance = random.Random(seed)
    moments = sorted(chance.sample(range(len(events)), KILLS))
    async with started(suite) as client:
        made = await asyncio.to_thread(where.tribune, "key", "add", "boston", "--rate", "0")
        assert made.returncode == 0, made.stderr
        address = f"http://127.0.0.1:{suite.service_port('intake')}"
        sender = Sender(address, made.stdout.strip())

        async def kill_now_and_then() -> None:
            for moment in moments:
                await has_come(client, moment, lambda: True)
                while "intake-1" not in suite.pids:
                    await asyncio.sleep(LOOK_AGAIN_S)
                os.kill(suite.pids["intake-1"], signal.SIGKILL)

        killing = asyncio.create_task(kill_now_and_then())
        start = 0
        while start < len(events):
            together = chance.randrange(1, MOST_TOGETHER)
            await sender.send(events[start : start + together])
            start += together
        await killing
        await sender.close()
        await all_settles(client)
        stored = {m.sequence: m.headers["ce-id"] async for m in messages(client, INBOX)}
        assert len(sender.taken) == len(events), f"seed {seed}"
        assert sender.taken.items() <= stored.items(), f"seed {seed}: what was answered is there"
    await ends_well(where, events, f"seed {seed}")
