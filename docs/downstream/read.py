"""Prints every event of PUBLIC as a line of JSON, from the first to the newest, and ends.

    python read.py nats://127.0.0.1:4222 recount.creds > public.jsonl

Needs nats-py with nkeys (`pip install 'nats-py[nkeys]'`), and what `tribune user add recount --kind
dashboard` gives: each user has one place in the stream, and a dashboard would lose its own.
"""

import asyncio
import json
import sys
from pathlib import Path

import nats

OURS = "tribune.public."


async def main(url: str, credentials: str) -> None:
    name = f"dashboard-{Path(credentials).stem.removeprefix('dashboard-')}"
    client = await nats.connect(url, user_credentials=credentials)
    await client.request(f"$JS.API.CONSUMER.RESET.PUBLIC.{name}", b'{"seq": 1}')
    subscription = await client.jetstream().pull_subscribe_bind(name, "PUBLIC")
    pending = (await subscription.consumer_info()).num_pending
    while pending:
        for message in await subscription.fetch(500, timeout=10):
            pending, headers = message.metadata.num_pending, message.headers
            event = {"type": headers["ce-type"].removeprefix(OURS), "time": headers["ce-time"]}
            print(json.dumps(event | {"body": json.loads(message.data)}))
    await client.close()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
