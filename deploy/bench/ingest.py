"""Reports from the inbox into INTAKE with receipts, against bare batches of the same bytes."""

import json
import time
from uuid import uuid4

from nats.js.api import StreamConfig

from deploy.bench.laboratory import BATCH, Laboratory, laboratory, upstream_events
from shared.contracts.routing import log_of
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader
from shared.eventsourcing.jetstream.streams import log_stream

REPORTS = 20_000


async def ingest() -> dict[str, float]:
    """`reports_per_s` through the inbox; `ratio_to_bare_log` against the mean of two bare runs.

    The bare runs publish the very messages that stand in INTAKE afterwards, with nats-py's own
    publish, each with its expectation, 500 a batch.
    """
    events = upstream_events({"report.submitted"})[:REPORTS]
    async with laboratory() as lab:
        await lab.send(events[:BATCH])
        await lab.take_in(lab.handler())
        await lab.send(events[BATCH:])
        began = time.perf_counter()
        await lab.take_in(lab.handler())
        seconds = time.perf_counter() - began
        messages = await _stored(lab, len(events))
        bare = [await _bare(lab.client, messages, name) for name in ("BARE1", "BARE2")]
        await lab.client.jetstream().delete_stream("BARE1")
    reports_per_s = (len(events) - BATCH) / seconds
    return {
        "reports": len(events) - BATCH,
        "reports_per_s": round(reports_per_s),
        "bare_per_s": round(sum(bare) / len(bare)),
        "ratio_to_bare_log": round(reports_per_s * len(bare) / sum(bare), 2),
    }


async def _stored(lab: Laboratory, count: int) -> list[Message]:
    found: list[Message] = []
    async with open_reader(lab.client, ReadFrom(log_of("intake"), 1)) as reader:
        while len(found) < count:
            found += [each._replace(headers=dict(each.headers)) for each in await reader.next()]
    return found


async def _bare(client: Client, messages: list[Message], name: str) -> float:
    """Messages per second."""
    config: StreamConfig = log_stream(name)
    config.deny_delete = config.deny_purge = False
    await client.jetstream().add_stream(config)
    prefix = name.lower()
    began = time.perf_counter()
    for start in range(0, len(messages), BATCH):
        await _batch(client, messages[start : start + BATCH], prefix)
    return len(messages) / (time.perf_counter() - began)


async def _batch(client: Client, messages: list[Message], prefix: str) -> None:
    batch_id = uuid4().hex
    filters = "Nats-Expected-Last-Subject-Sequence-Subject"
    for number, message in enumerate(messages, 1):
        headers = dict(message.headers) | {
            "Nats-Batch-Id": batch_id,
            "Nats-Batch-Sequence": str(number),
            filters: message.headers[filters].replace("intake", prefix, 1),
        }
        headers.pop("Nats-Batch-Commit", None)
        subject = message.subject.replace("intake", prefix, 1)
        if number < len(messages):
            await client.publish(subject, message.body, headers=headers)
            continue
        headers["Nats-Batch-Commit"] = "1"
        answer = await client.request(subject, message.body, timeout=10, headers=headers)
        if "error" in (said := json.loads(answer.data)):
            raise RuntimeError(f"the bare log refused a batch: {said['error']}")
