"""Fills a suite's log with the half year over and over, each time with new ids and later dates."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from itertools import count

from deploy.bench.laboratory import Laboratory
from deploy.feeding.demo import FILE, MAPPING
from deploy.feeding.tables import read_rows
from deploy.looking.lag import lags_of_flows
from deploy.programs import PROGRAMS, SERVICES
from deploy.suite import categories, passages, program_named, reactions
from services.promotion.domain.member import category
from services.promotion.rules import tracks_of
from shared.contracts.routing import logs
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.inbox.serve import Inbox
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.reactor import Reactor
from shared.eventsourcing.relay import Relay
from shared.mapping import Mapping, Row, UpstreamEvent, in_batches
from shared.runtime.clock import Clock
from shared.runtime.settings import Settings

A_HALF_YEAR = timedelta(days=184)
DATES = ("open_dt", "target_dt", "closed_dt")
PIECE, AT_ONCE = 500, 10_000
MOST_EVENTS_EACH = 3
"""What one upstream event leads to, in all logs together."""
LOOKS_EVERY_S = 0.02

Told = Callable[[int], None]
Upstream = Iterator[list[UpstreamEvent]]


class Filling:
    """Inbox, reactions and relays of all services at work in this process, as the services have
    them; without read models, and so without sweeps. Use `filling`."""

    def __init__(
        self,
        lab: Laboratory,
        inbox: Inbox,
        works: "list[asyncio.Task[None]]",
        upstream: Upstream,
    ) -> None:
        self._lab = lab
        self._inbox = inbox
        self._works = works
        self._upstream = upstream

    async def until(self, events: int, told: Told) -> int:
        """Goes on until the logs hold so many events in all, or a few more; how many."""
        while (missing := events - (there := await self.events())) > 0:
            told(there)
            for _ in range(max(1, min(AT_ONCE, missing // MOST_EVENTS_EACH) // PIECE)):
                await self._lab.send(await asyncio.to_thread(next, self._upstream))
            is_far = missing > 2 * MOST_EVENTS_EACH * AT_ONCE
            await self._look(self._is_nearly_taken_in if is_far else self._is_settled)
        await self._look(self._is_settled)
        return there

    async def events(self) -> int:
        """How many there are in all logs."""
        return sum([await ends_at(self._lab.client, stream) for stream in logs()])

    async def _is_nearly_taken_in(self) -> bool:
        """Then the next is sent: nobody shall wait for it."""
        end = await ends_at(self._lab.client, self._inbox.stream)
        return self._inbox.position + AT_ONCE // 2 >= end

    async def _is_settled(self) -> bool:
        """Ends are looked at before and after, so nothing can be under way unseen."""
        before = await self.events()
        taken_in = self._inbox.position == await ends_at(self._lab.client, self._inbox.stream)
        behind = [lag for lag in await lags_of_flows(self._lab.client) if lag.behind]
        return taken_in and not behind and before == await self.events()

    async def _look(self, holds: Callable[[], Awaitable[bool]]) -> None:
        while not await holds():
            for work in self._works:
                if work.done():
                    await work
            await asyncio.sleep(LOOKS_EVERY_S)


@asynccontextmanager
async def filling(
    lab: Laboratory, settings: Settings, upstream: Upstream
) -> AsyncIterator[Filling]:
    """All parts are stopped at the end."""
    client, now, store = lab.client, Clock().now, lab.store()
    inbox = lab.inbox(lab.handler())
    parts: list[Inbox | Reactor | Relay] = [inbox]
    for service in SERVICES:
        of_service = categories(service)
        if service == "promotion":
            of_service = (category(tracks_of(lab.charter)),)
        handler = CommandHandler(store, of_service, now)
        parts += [Reactor(client, reaction, handler, lab.codec) for reaction in reactions(service)]
    for program in map(program_named, PROGRAMS):
        parts += [
            Relay(client, program.service, each, now, lab.codec)
            for each in passages(program.name, settings)
        ]
    works = [asyncio.create_task(part.run()) for part in parts]
    try:
        yield Filling(lab, inbox, works, upstream)
    finally:
        for work in works:
            work.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*works, return_exceptions=True)


def half_years() -> Upstream:
    """Without end, a piece at a time, in the order in which they happened."""
    mapping, rows = Mapping(MAPPING), read_rows(FILE)
    for number in count():
        events = mapping.events([_later(row, number) for row in rows])
        for some in in_batches(events, PIECE):
            yield list(some)


def _later(row: Row, number: int) -> Row:
    """So many half years later, as another case."""
    moved = {name: _moved(row[name], number) for name in DATES}
    return row | moved | {"case_enquiry_id": f"{row['case_enquiry_id']}-{number}"}


def _moved(date: str, number: int) -> str:
    if not date.strip():
        return date
    return (datetime.fromisoformat(date) + number * A_HALF_YEAR).isoformat(sep=" ")
