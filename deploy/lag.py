"""How far the readers of each stream are behind, as the server knows it."""

import asyncio
from dataclasses import dataclass

from shared.eventsourcing.jetstream.connection import Client

LOGS = ("INTAKE", "PROMOTION", "PUBLIC")
LOOK_AGAIN_S = 0.1


@dataclass(frozen=True)
class Lag:
    """`waiting` messages are not yet delivered, `in_hand` ones delivered but not yet durable."""

    stream: str
    consumer: str
    waiting: int
    in_hand: int

    @property
    def total(self) -> int:
        return self.waiting + self.in_hand


async def lags(client: Client, streams: list[str]) -> list[Lag]:
    found = []
    for stream in streams:
        found += [
            Lag(stream, info.name, info.num_pending or 0, info.num_ack_pending or 0)
            for info in await client.jetstream().consumers_info(stream)
            if info.config.durable_name
        ]
    return found


async def settled(client: Client) -> dict[str, int]:
    """Wait until every reader has worked through its stream; the last sequence of each log.

    Streams are looked at in the order in which events flow, so nothing can be under way unseen.
    """
    jetstream = client.jetstream()
    while True:
        before = {name: (await jetstream.stream_info(name)).state.last_seq for name in LOGS}
        behind = [lag for name in LOGS for lag in await lags(client, [name]) if lag.total]
        after = {name: (await jetstream.stream_info(name)).state.last_seq for name in LOGS}
        if not behind and before == after:
            return after
        await asyncio.sleep(LOOK_AGAIN_S)
