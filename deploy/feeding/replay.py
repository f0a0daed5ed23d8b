"""Replays upstream events with their own time: the clock follows, and never ahead of its sweeps."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from deploy.feeding.answers import Moved
from deploy.feeding.publish import BATCH, Publication, publishing
from deploy.feeding.replay_clock import NEVER, ReplayClock, midnight
from deploy.feeding.replay_order import Course
from shared.eventsourcing.jetstream.connection import Client, connect, follow_address
from shared.mapping import UpstreamEvent


@dataclass(frozen=True)
class Hands:
    """Connections of those who have a part in it: one who looks, the source, who sets the clock."""

    looks: Client
    sends: Client
    sets: Client

    @classmethod
    def all_of(cls, client: Client) -> "Hands":
        """Of somebody who may do everything."""
        return cls(client, client, client)


@asynccontextmanager
async def hands_of(
    url: str,
    credentials: Callable[[str], Path | None],
    source: str,
    authority: Path | None = None,
    address: Callable[[], str] = str,
) -> AsyncIterator[Hands]:
    """Each with its own credentials, which are asked for by the user's name; `address` tells where
    a server is that begins again elsewhere."""
    async with AsyncExitStack() as stack:
        clients = []
        for user in ("operator", f"source-{source}", "clock"):
            name, whom = f"replay {user}", credentials(user)
            client = await connect(url, name, whom, authority=authority, once=True)
            follow_address(client, address)
            clients.append(client)
            stack.push_async_callback(clients[-1].close)
        yield Hands(*clients)


async def replay(
    hands: Hands, source: str, events: Sequence[UpstreamEvent], moved: Moved, end: datetime
) -> Publication:
    """Events in their order; the clock goes on once all from before are answered, and events are
    sent ahead of it as far as no sweep has to come before them. At last the clock goes to `end`,
    and everything is swept."""
    clock = ReplayClock(hands.looks, hands.sets)
    await clock.begin()
    opened = publishing(hands.looks, source, moved, hands.sends)
    async with opened as publication, asyncio.TaskGroup() as group:
        course, gate = Course(events), Gate()
        group.create_task(_send(course, gate, publication))
        await _keep_time(clock, course, gate, publication)
        await clock.advance(end)
        await clock.sweep()
    return publication


class Gate:
    """Lets through what needs no sweep from `at` on."""

    def __init__(self) -> None:
        self._at = datetime.min.replace(tzinfo=NEVER.tzinfo)
        self._opened = asyncio.Event()

    def open_until(self, at: datetime) -> None:
        self._at = at
        self._opened.set()

    def lets(self, course: Course, index: int) -> bool:
        return course.sweep_before(index) < self._at

    async def opened(self) -> None:
        self._opened.clear()
        await self._opened.wait()


async def _keep_time(
    clock: ReplayClock, course: Course, gate: Gate, publication: Publication
) -> None:
    """From stop to stop, each stretch between two of them answered before the clock goes on."""
    start = 0
    while start < len(course):
        await clock.advance(midnight(course.at(start)))
        start = _stretch(clock, course, start)
        gate.open_until(clock.stop)
        await publication.answered_until(start)


def _stretch(clock: ReplayClock, course: Course, start: int) -> int:
    """The first event from after the next stop; what a stretch promises may fall due in it."""
    for index in range(start, len(course)):
        if course.at(index) >= clock.stop and index > start:
            return index
        if due := course.due(index):
            clock.expect(due)
    return len(course)


async def _send(course: Course, gate: Gate, publication: Publication) -> None:
    start = 0
    while start < len(course):
        until = start
        most = min(start + BATCH, len(course))
        while until < most and gate.lets(course, until):
            until += 1
        if start < until:
            await publication.send_written(course.take(start, until))
            start = until
        else:
            course.write_ahead(start)
            await gate.opened()
