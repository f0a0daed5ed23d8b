"""A slice of the half year through the real suite, and what it left behind to compare."""

import asyncio
import json
import os
import random
import signal
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from real_suite import Home, started, until

from deploy.asking import outlasting
from deploy.demo import END, FILE, MAPPING
from deploy.embedded import Suite
from deploy.lag import settled
from deploy.mapping import Mapping, UpstreamEvent, read_rows
from deploy.publish import Publication
from deploy.reading import messages
from deploy.replay import replay as play
from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.jetstream.connection import Client

LOGS = ("INTAKE", "PROMOTION", "PUBLIC")
BY_CHANCE = frozenset(
    {"overdue_known_at", "withdrawn_known_at", "event_id", "sequence"}
    | {"raised_at", "changed_at", "recorded_at"}
)
"""Columns that say when and where something was recorded: by a sweep or a claim, here or there."""


def events_of(rows: int) -> list[UpstreamEvent]:
    return Mapping(MAPPING).events(read_rows(FILE)[:rows])


@dataclass
class Killer:
    """Kills a part of the suite at random moments: each time so many receipts have come back."""

    suite: Suite
    seed: int
    victims: tuple[str, ...]
    total: int
    sign: signal.Signals = signal.SIGKILL
    killed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        moments = self._chance.sample(range(int(self.total * 0.9)), len(self.victims))
        self._moments = sorted(moments)

    async def moved(self, answered: int) -> None:
        """Several moments may have passed since the last receipts: they come by the batch."""
        while len(self.killed) < len(self.victims) and answered >= self._moments[len(self.killed)]:
            await asyncio.sleep(self._chance.uniform(0, 0.2))  # a moment of no choosing
            await self.strike(self.victims[len(self.killed)])

    async def strike(self, victim: str) -> None:
        pid = self.suite.pids[victim]
        os.kill(pid, self.sign)
        self.killed.append(victim)

        async def is_back() -> bool:
            return self.suite.pids.get(victim, pid) != pid

        await until(is_back, f"{victim} is started again")


async def replay(
    client: Client, events: list[UpstreamEvent], killer: Killer | None = None
) -> Publication:
    """As the demo does it: the clock follows, and at last goes past 2019."""

    async def moved(answered: int) -> None:
        if killer:
            await killer.moved(answered)

    publication = await play(client, "boston", events, moved, END)
    await asyncio.wait_for(outlasting(client, lambda: settled(client)), 180)
    return publication


@dataclass(frozen=True)
class Left:
    """What a replay left behind, without what is up to chance."""

    rows: dict[str, list[tuple[Any, ...]]]
    events: dict[str, Counter[tuple[str, str, str]]]
    """How often each (type, aggregate id, body) stands in each log."""


async def left_by(home: Home) -> Left:
    async with home.log() as client:
        events = {stream: await _events(client, stream) for stream in LOGS}
    return Left(home.rows(without=BY_CHANCE), events)


async def _events(client: Client, stream: str) -> Counter[tuple[str, str, str]]:
    found: Counter[tuple[str, str, str]] = Counter()
    async for message in messages(client, stream):
        recorded = decode(message.headers, message.body, message.sequence)
        body = _without_sequences(json.loads(message.body))
        kind, of = type(recorded.event).__name__, recorded.event.aggregate_id
        found[kind, of, json.dumps(body, sort_keys=True)] += 1
    return found


def _without_sequences(body: Any) -> Any:
    if isinstance(body, dict):
        return {k: _without_sequences(v) for k, v in body.items() if k != "sequence"}
    return [_without_sequences(item) for item in body] if isinstance(body, list) else body


async def replayed(home: Home, events: list[UpstreamEvent]) -> Publication:
    """Nothing is killed."""
    async with started(home.suite()) as client:
        return await replay(client, events)
