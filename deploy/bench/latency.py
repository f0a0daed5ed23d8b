"""One report at a time: from publishing it to its receipt, through the real intake service."""

import asyncio
import time

from nats.aio.msg import Msg

from deploy.bench.laboratory import SOURCE, laboratory, upstream_events
from deploy.bench.times import in_ms
from shared.contracts.receipt import Receipts

REPORTS = 1_000
WARM_UP = 200
PER_S = 100


async def latency() -> dict[str, float]:
    """`p50_ms` and `p99_ms` at 100 reports a second."""
    outgoing = [event.outgoing() for event in upstream_events({"report.submitted"}, 2_000)]
    sent: dict[str, float] = {}
    took: dict[str, float] = {}
    async with laboratory(("intake",)) as lab:

        async def receive(message: Msg) -> None:
            now = time.perf_counter()
            for receipt in Receipts.model_validate_json(message.data).accepted:
                took[receipt.ce_id] = now - sent[receipt.ce_id]

        await lab.client.subscribe(f"receipt.{SOURCE}.>", cb=receive)
        jetstream = lab.client.jetstream()
        wanted = outgoing[: WARM_UP + REPORTS]
        next_at = time.perf_counter()
        for message in wanted:
            await asyncio.sleep(max(0.0, next_at - time.perf_counter()))
            next_at += 1 / PER_S
            sent[message.headers["ce-id"]] = time.perf_counter()
            await jetstream.publish(message.subject, message.body, headers=message.headers)
        async with asyncio.timeout(30):
            while len(took) < len(wanted):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    measured = [took[message.headers["ce-id"]] for message in wanted[WARM_UP:]]
    return {"reports": len(measured), **in_ms(measured)}
