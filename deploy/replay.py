"""Replays upstream events with their own time: the clock follows, and never ahead of its sweeps."""

import json
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta

from deploy.asking import ask, outlasting, request
from deploy.mapping import UpstreamEvent
from deploy.publish import Moved, Publication, publishing
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.runtime.clock_stream import set_clock

SWEPT_WITHIN_S = 60.0
AHEAD = 1_000
NEVER = datetime.max.replace(tzinfo=UTC)


class ReplayClock:
    """The suite's watermark. It stops at the first midnight (UTC) after anything falls due, and
    goes on only once that is swept, in a calendar that holds all that came before."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._at = NEVER
        self.stop = NEVER

    async def begin(self) -> None:
        """From where the suite's clock stands."""
        said = await outlasting(self._client, lambda: ask(self._client, "intake"))
        self._at = datetime.fromisoformat(said["now"])
        await self.swept()

    async def advance(self, to: datetime) -> None:
        """With a stop wherever something falls due before."""
        while self.stop <= to:
            await self._set(self.stop)
            await self.swept()
        await self._set(to)

    def expect(self, due: datetime) -> None:
        """Something falls due that the suite will learn of only now."""
        self.stop = min(self.stop, _midnight_after(max(due, self._at)))

    async def _set(self, to: datetime) -> None:
        if to > self._at:
            await outlasting(self._client, lambda: set_clock(self._client, to))
            self._at = to

    async def swept(self) -> None:
        """Wait until nothing is left to raise; then the next stop is known."""
        body = {"until": self._at.isoformat()}
        question = lambda: request(  # noqa: E731
            self._client, "query.intake.swept", body, within_s=SWEPT_WITHIN_S
        )
        due = (await outlasting(self._client, question))["next_due"]
        self.stop = _midnight_after(datetime.fromisoformat(due)) if due else NEVER


async def replay(
    client: Client, source: str, events: Sequence[UpstreamEvent], moved: Moved, end: datetime
) -> Publication:
    """Events in their order, each stretch between two stops answered before the clock goes on; at
    last the clock goes to `end`, and everything is swept."""
    clock = ReplayClock(client)
    await clock.begin()
    async with publishing(client, source, moved) as publication:
        start, written = 0, Written(events)
        while start < len(events):
            await clock.advance(_midnight(events[start].at))
            until = _stretch(clock, events, written, start)
            await publication.send_written(written.take(start, until))
            written.go_on(until)
            await publication.all_answered()
            start = until
        await clock.advance(end)
        await clock.swept()
    return publication


class Written:
    """The messages of events, each written once, and some ahead while others are answered."""

    def __init__(self, events: Sequence[UpstreamEvent]) -> None:
        self._events = events
        self._messages: dict[int, Outgoing] = {}

    def at(self, index: int) -> Outgoing:
        if index not in self._messages:
            self._messages[index] = self._events[index].outgoing()
        return self._messages[index]

    def take(self, start: int, until: int) -> list[Outgoing]:
        taken = [self.at(index) for index in range(start, until)]
        for index in range(start, until):
            del self._messages[index]
        return taken

    def go_on(self, start: int) -> None:
        for index in range(start, min(start + AHEAD, len(self._events))):
            self.at(index)


def _stretch(
    clock: ReplayClock, events: Sequence[UpstreamEvent], written: Written, start: int
) -> int:
    """The first event that has to wait for the next stop; what a stretch promises may fall due in
    it."""
    for index in range(start, len(events)):
        event = events[index]
        if event.at >= clock.stop and index > start:
            return index
        if event.kind == "commitment.made":
            with suppress(ValueError, KeyError):
                clock.expect(datetime.fromisoformat(json.loads(written.at(index).body)["due_at"]))
    return len(events)


def _midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(UTC).date(), time(), UTC)


def _midnight_after(moment: datetime) -> datetime:
    """The first one that is later: what falls due at midnight is late by the next."""
    return _midnight(moment) + timedelta(days=1)
