"""Reports over HTTP in batches of 100 into intake as it runs, against the same ones by NATS."""

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import Any

import httpx

from deploy.asking import request
from deploy.bench.laboratory import SOURCE, Laboratory, laboratory, upstream_events
from shared.contracts.routing import inbox_of
from shared.contracts.source_key_form import RANDOM, SIGNS, digest_of, written
from shared.eventsourcing.inbox.receipts import taken_in
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.mapping import in_batches

AT_ONCE, SIDE_BY_SIDE = 100, 4
REPORTS = 10_000
PARTS = ("intake-1", "nats")
BATCH_TYPE = "application/cloudevents-batch+json"

Send = Callable[[], Awaitable[object]]


async def over_http(reports: int = REPORTS) -> dict[str, float]:
    """`reports_per_s` from the first byte to the last receipt, each road twice and in turns; both
    send four batches side by side. `answered_per_s` is to the last answer: then all are kept for
    good, each with a number, and the last of them are not decided yet. What a sender does to make
    its batches is not measured. CPU is that of a report by HTTP, in either process."""
    events = upstream_events({"report.submitted"})
    part = min(reports, len(events) // 4)
    async with laboratory(("intake",)) as lab, sender(lab) as (client, key):
        address = f"http://127.0.0.1:{lab.suite.ports['intake-1']}/events"
        headers = {"Authorization": f"Bearer {key}", "Content-Type": BATCH_TYPE}

        def send_http(batch: list[Outgoing]) -> Send:
            content = json.dumps([_envelope(each) for each in batch])

            async def send() -> None:
                (await client.post(address, content=content, headers=headers)).raise_for_status()

            return send

        def send_nats(batch: list[Outgoing]) -> Send:
            return lambda: Publisher(lab.client).publish(batch)

        rates: dict[str, list[float]] = {"nats": [], "http": []}
        answered: list[float] = []
        taken: dict[str, float] = dict.fromkeys(PARTS, 0.0)
        for number, (road, made) in enumerate((("nats", send_nats), ("http", send_http)) * 2):
            some = events[number * part : (number + 1) * part]
            batches = [[each.outgoing() for each in batch] for batch in in_batches(some, AT_ONCE)]
            sends = [made(batch) for batch in batches]
            before = {each: lab.cpu_s(each) for each in PARTS}
            answered_s, settled_s = await _sent(lab, sends)
            rates[road].append(part / settled_s)
            if road == "http":
                answered.append(part / answered_s)
                for each in PARTS:
                    taken[each] += (lab.cpu_s(each) - before[each]) / 2
    by_nats, by_http = (sum(rates[road]) / 2 for road in ("nats", "http"))
    return {
        "reports": part,
        "answered_per_s": round(sum(answered) / 2),
        "reports_per_s": round(by_http),
        "by_nats_per_s": round(by_nats),
        "ratio_to_nats": round(by_http / by_nats, 2),
        "intake_cpu_us": round(taken["intake-1"] / part * 1e6),
        "log_server_cpu_us": round(taken["nats"] / part * 1e6),
    }


async def _sent(lab: Laboratory, sends: Iterable[Send]) -> tuple[float, float]:
    """Seconds until each was answered, and until each has its receipt."""
    turns = iter(sends)

    async def hand() -> None:
        for send in turns:
            await send()

    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(SIDE_BY_SIDE):
            group.create_task(hand())
    answered_s = time.perf_counter() - began
    end = await ends_at(lab.client, inbox_of(SOURCE))
    while (await taken_in(lab.client, SOURCE)).through < end:  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    return answered_s, time.perf_counter() - began


def _envelope(message: Outgoing) -> dict[str, Any]:
    said = {name[3:]: value for name, value in message.headers.items() if name[:3] == "ce-"}
    return said | {"data": json.loads(message.body)}


@asynccontextmanager
async def sender(lab: Laboratory) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
    """With a key that has no limit."""
    key = written("".join(secrets.choice(SIGNS) for _ in range(RANDOM)))
    body = {"key_id": secrets.token_hex(16), "source": SOURCE, "digest": digest_of(key)}
    await request(lab.client, "cmd.intake.GiveSourceKey", body)
    async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
        yield client, key
