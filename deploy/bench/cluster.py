"""The log in partitions on a cluster of three servers: how fast, how large, and when one dies."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from nats.js.api import Placement

from deploy.bench.cluster_servers import SERVERS, Server, cluster, formed
from deploy.bench.laboratory import laboratory, upstream_events
from deploy.terminal import Terminal
from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.jetstream.append import Publisher, expecting_end
from shared.eventsourcing.jetstream.connection import Client, connect
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.reader import ReadFrom, open_reader
from shared.eventsourcing.jetstream.streams import log_stream
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.mapping import in_batches

LAYOUTS = (
    (1, 1, False),
    (2, 1, False),
    (3, 1, False),
    (6, 1, False),
    (1, 3, False),
    (3, 3, False),
    (3, 1, True),
    (3, 3, True),
)
"""Partitions, copies of each, and whether a server is killed."""
EVENTS, BATCH = 20_000, 250
DEAD_FOR_S = 3.0
TAKES_WITHIN_S = 60.0

steps = Terminal(stderr=True)


@dataclass
class Partition:
    """One stream of the log. `stood_still_s` is the longest time between two batches that it
    acknowledged."""

    name: str
    outgoing: list[Outgoing] = field(default_factory=list)
    acknowledged: int = 0
    stood_still_s: float = 0.0


async def partitions(events: int = EVENTS) -> dict[str, Any]:
    """For each layout: events a second, what each server takes in memory for it; and with three
    partitions what becomes of them when one server is killed and comes back."""
    written = await _events(events)
    found = {}
    for number, copies, kills in LAYOUTS:
        name = f"{number} x R{copies}" + ", one killed" * kills
        found[name] = await _measured(written, number, copies, kills=kills)
        steps.print(f"{name}: {found[name]}", style="dim", highlight=False)
    return {"events": len(written), **found}


async def _events(count: int) -> list[Outgoing]:
    """As intake writes them."""
    async with laboratory() as lab:
        await lab.send(upstream_events({"report.submitted"})[:count])
        await lab.take_in(lab.handler())
        found: list[Outgoing] = []
        async with open_reader(lab.client, ReadFrom("INTAKE", 1)) as reader:
            while len(found) < count:
                for each in await reader.next():
                    ours = {k: v for k, v in each.headers.items() if not k.startswith("Nats-")}
                    found.append(Outgoing(each.subject, each.body, ours))
        return found


async def _measured(
    written: Sequence[Outgoing], number: int, copies: int, *, kills: bool
) -> dict[str, Any]:
    with TemporaryDirectory(prefix="tribune-bench-") as folder:
        async with cluster(Path(folder)) as servers:
            client = await connect(servers[0].url, "bench")
            try:
                await formed(client)
                partitions = await _declared(client, servers, number, copies)
                _divide(written, partitions)
                return await _filled(client, servers, partitions, kills=kills)
            finally:
                await client.close()


async def _declared(
    client: Client, servers: Sequence[Server], number: int, copies: int
) -> list[Partition]:
    """One copy each goes to one server after the other; of three each server has one."""
    partitions = [Partition(f"PART{index}") for index in range(number)]
    for index, partition in enumerate(partitions):
        config = log_stream(partition.name)
        config.num_replicas = copies
        if copies == 1:
            config.placement = Placement(tags=[servers[index % SERVERS].name])
        await client.jetstream(timeout=TAKES_WITHIN_S).add_stream(config)
    return partitions


def _divide(written: Sequence[Outgoing], partitions: Sequence[Partition]) -> None:
    """By the aggregate's id, which is a digest: all events of one go the same way."""
    for each in written:
        _, rest = each.subject.split(".", 1)
        partition = partitions[int(rest.split(".")[2][:8], 16) % len(partitions)]
        subject = f"{partition.name.lower()}.{rest}"
        partition.outgoing.append(Outgoing(subject, each.body, each.headers))


async def _filled(
    client: Client, servers: list[Server], partitions: list[Partition], *, kills: bool
) -> dict[str, Any]:
    before = [await server.memory_mb() for server in servers]
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for partition in partitions:
            group.create_task(_append(client, partition))
        if kills:
            group.create_task(_kill_one(client, servers, partitions))
    seconds = time.perf_counter() - began
    sent = sum(partition.acknowledged for partition in partitions)
    there = sum([await ends_at(client, partition.name) for partition in partitions])
    after = [await server.memory_mb() for server in servers]
    return {
        "events_per_s": round(sent / seconds),
        "memory_mb": [round(b - a, 1) for a, b in zip(before, after, strict=True)],
        "stood_still_s": [round(each.stood_still_s, 2) for each in partitions],
        "missing": sent - there,
    }


async def _append(client: Client, partition: Partition) -> None:
    """Each batch behind the one before; what has to wait waits."""
    publisher, last = Publisher(client), time.perf_counter()
    for batch in in_batches(partition.outgoing, BATCH):
        batch[0].headers = batch[0].headers | expecting_end(partition.acknowledged)
        wanted = partition.acknowledged + len(batch)
        try:
            await publisher.publish(batch)
        except ConcurrencyError:
            if await ends_at(client, partition.name) != wanted:  # else an answer got lost
                raise
        partition.acknowledged = wanted
        now = time.perf_counter()
        partition.stood_still_s, last = max(partition.stood_still_s, now - last), now


async def _kill_one(
    client: Client, servers: Sequence[Server], partitions: Sequence[Partition]
) -> None:
    """In the middle, the server that leads the second partition, or the last; not the one that we
    are connected to. It comes back after a while."""
    while any(each.acknowledged < len(each.outgoing) // 3 for each in partitions):  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    info = await client.jetstream().stream_info(partitions[1].name)
    leader = info.cluster.leader if info.cluster else None
    (victim,) = [each for each in servers[1:] if each.name == leader] or servers[-1:]
    await victim.kill()
    await asyncio.sleep(DEAD_FOR_S)
    await victim.start()
    await victim.is_well()
