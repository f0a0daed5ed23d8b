"""How fast nats-py alone reads a stream: a standing pull of its own, whose callback only counts.

A process of its own, for `connect` makes nats-py's client another one in every process that it is
called in.
"""

import asyncio
import json
import sys
import time
from pathlib import Path

import nats
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

from shared.eventsourcing.jetstream.credentials import callbacks
from shared.eventsourcing.projections.projector import REPLAY_BATCH
from shared.runtime.memory import collect_less_often

CONSUMER = "bare"


async def read(url: str, credentials: str, stream: str, end: int) -> float:
    jwt, signature = callbacks(Path(credentials))
    client = await nats.connect(url, user_jwt_cb=jwt, signature_cb=signature)
    jetstream = client.jetstream()
    config = ConsumerConfig(
        name=CONSUMER,
        ack_policy=AckPolicy.NONE,
        deliver_policy=DeliverPolicy.ALL,
        mem_storage=True,
    )
    await jetstream.add_consumer(stream, config)
    inbox, done = client.new_inbox(), asyncio.Event()
    asked = count = 0

    async def ask() -> None:
        """As much ahead as our own reader does."""
        nonlocal asked
        asked += 2 * REPLAY_BATCH
        request = json.dumps({"batch": 2 * REPLAY_BATCH, "expires": int(30e9)}).encode()
        await client.publish(f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{CONSUMER}", request, inbox)

    async def take(message: Msg) -> None:
        nonlocal count
        count += bool(message.reply)
        if count == end or not message.reply:
            done.set()
        elif asked - count <= REPLAY_BATCH:
            await ask()

    subscription = await client.subscribe(inbox, cb=take)
    began = time.perf_counter()
    await ask()
    await done.wait()
    seconds = time.perf_counter() - began
    await subscription.unsubscribe()
    await jetstream.delete_consumer(stream, CONSUMER)
    await client.close()
    if count < end:
        raise RuntimeError(f"{stream}: the server ended the pull after {count} of {end} messages")
    return end / seconds


if __name__ == "__main__":
    import uvloop

    collect_less_often()
    url, credentials, stream, end = sys.argv[1:]
    print(uvloop.run(read(url, credentials, stream, int(end))))  # noqa: T201
