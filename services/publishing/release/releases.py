"""Makes the release of each day, and writes into PUBLIC what it lets out: each event once.

That a release was made is written down first, and what goes out follows from it and the logs alone:
whoever dies in between, or comes second, goes on with the same.
"""

import asyncio
from datetime import date, datetime
from typing import Any

from services.publishing.public import KEY, TARGET
from services.publishing.release.book import PEOPLE, Out
from services.publishing.release.day import ReleaseTime
from services.publishing.release.ledger import GATE, Ledger
from shared.contracts.identity import command_id, event_id, fingerprint
from shared.contracts.release import ReleaseMade
from shared.contracts.routing import log_of
from shared.eventsourcing.codec import PLAIN, Codec
from shared.eventsourcing.event_store import NewEvent, RecordedEvent
from shared.eventsourcing.jetstream.append import Publisher, expecting_end
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.positions import Position, PositionKeeper
from shared.eventsourcing.jetstream.tail import Tail
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.eventsourcing.jetstream.written import Written
from shared.eventsourcing.learning import begun, names_of
from shared.eventsourcing.pipeline import heed_cancellation
from shared.runtime.clock import Clock
from shared.runtime.clock_stream import BEFORE_ALL

NAME = "public-released"
HANDLES = names_of((ReleaseMade,))


class Releases:
    """Works in the process that owns it. `wanted`: something may be held, for the charter protects
    some source; where releases were made before they go on."""

    def __init__(
        self,
        client: Client,
        service: str,
        release_key: bytes,
        at: ReleaseTime,
        smallest: int,
        clock: Clock,
        *,
        wanted: bool,
        anonymous_as_one: int = 1,
        codec: Codec = PLAIN,
        written: Written | None = None,
    ) -> None:
        self._client = client
        self._key = release_key
        self._at = at
        self._smallest = smallest
        self._anonymous_as_one = anonymous_as_one
        self._clock = clock
        self._wanted = wanted
        self._codec = codec
        self._publisher = Publisher(client)
        self._keeper = PositionKeeper(client, service, NAME)
        self._mark = {KEY: fingerprint(release_key)}
        self._tail = Tail(client, self._publisher, TARGET, self._mark, written)
        self._ledger = Ledger(client, release_key, codec)

    @property
    def position(self) -> int:
        return self._keeper.position.sequence

    async def run(self) -> None:
        """Until cancelled."""
        self._ledger = Ledger(self._client, self._key, self._codec)
        at = await begun(self._client, self._keeper, TARGET)
        await self._tail.begin(at.wrote)
        while True:
            heed_cancellation()
            await self._ledger.look()
            for recorded in self._ledger.made[self.position :]:
                await self._publish(recorded)
            if not self._wanted and not self._ledger.made:
                await asyncio.Event().wait()
            heed_cancellation()
            await self._until_due()
            await self._make()

    async def standing(self, _: Any) -> dict[str, Any]:
        """For who looks after the instance, and nobody else: how many events wait, and until when;
        of a replay's clock that was never set nobody knows."""
        now = self._clock.now()
        held = await self._ledger.held() if self._wanted or self._ledger.made else 0
        return {"held": held, "next": self._at.follows(now).isoformat() if held else None}

    async def _until_due(self) -> None:
        """A replay's clock stands before all days until it is set."""
        while (now := self._clock.now()) <= BEFORE_ALL:
            await self._clock.reached(max(now, BEFORE_ALL) + datetime.resolution)
        await self._clock.reached(self._at.after(self._last(), now))

    def _last(self) -> date | None:
        days = [each.event.on for each in self._ledger.made]  # type: ignore[attr-defined]
        return max(days, default=None)

    async def _make(self) -> None:
        """Of what stands in the logs by now. Raises ConcurrencyError where another one was made
        meanwhile."""
        now = self._clock.now()
        day, client = self._at.day(now), self._client
        promotion = await ends_at(client, log_of("promotion"))
        intake = await ends_at(client, log_of("intake"))  # with all that led to what is there
        command = command_id("release", day.isoformat())
        made = ReleaseMade(
            release_id=command,
            on=day,
            intake=intake,
            promotion=promotion,
            smallest=self._smallest,
            rule=PEOPLE,
            anonymous_as_one=self._anonymous_as_one,
        )
        new = NewEvent(event_id(made.release_id, command, 0), made, 1, now, "", "", "")
        subject, headers, body = self._codec.encode(new)
        expectation = expecting_end(len(self._ledger.made))
        await self._publisher.publish([Outgoing(subject, body, headers | expectation)])

    async def _publish(self, made: RecordedEvent) -> None:
        """PUBLIC, then the position. One at a time: what is appended together the server keeps
        under one id of a batch."""
        for each in self.messages(made, await self._ledger.let_out(made)):
            await self._tail.append([each])
        self._tail.forget()
        await self._keeper.move(Position(made.sequence, HANDLES, self._tail.end))

    def messages(self, made: RecordedEvent, out: Out) -> list[Outgoing]:
        """All are recorded at the moment of their release."""
        new = [NewEvent(each, event, 0, made.recorded_at, "", "", "") for each, event in out]
        encoded = [self._codec.encode(each) for each in new]
        return [Outgoing(subject, body, headers | self._mark) for subject, headers, body in encoded]


__all__ = ["GATE", "NAME", "Releases"]
