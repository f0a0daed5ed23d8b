"""Deletes from an inbox, and of its dead letters, what is older than its source's data are kept."""

import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from typing import Protocol

import structlog

from shared.eventsourcing.inbox.receipts import taken_in
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.dead_letters import dead_letter, remove
from shared.eventsourcing.jetstream.deleting import KeepsAllError, delete
from shared.eventsourcing.jetstream.direct_get import DirectGet
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.message import Message

DEAD = "DEAD"


class GivesUp(Protocol):
    """The inbox of one source; `give_up` answers a dead message for the last time."""

    source: str
    stream: str

    async def give_up(self, message: Message) -> bool: ...


class Expiring:
    """What is not taken in yet stays. The oldest comes first in a stream, so no position is kept;
    to go over it twice harms nothing."""

    def __init__(
        self,
        client: Client,
        service: str,
        inbox: GivesUp,
        keeps_s: float,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._service = service
        self._inbox = inbox
        self._keeps_s = keeps_s
        self._now = now
        self._get = DirectGet(client)

    async def once(self) -> int:
        """How many messages and letters went. An inbox of an older declaration lets nothing go: it
        holds all for 30 days, and `status` says so."""
        gone = 0
        through = (await taken_in(self._client, self._inbox.source)).through
        try:
            async for message in self._old(self._inbox.stream, through):
                gone += await delete(self._client, self._inbox.stream, message.sequence)
        except KeepsAllError:
            pass
        ours = f"dead.{self._service}.{self._inbox.stream}."
        async for message in self._old(DEAD, await ends_at(self._client, DEAD)):
            if message.subject.startswith(ours):
                gone += await self._end(message.sequence)
        return gone

    async def _end(self, number: int) -> bool:
        """Its receipt first: a message has one, or lies in DEAD."""
        letter = await dead_letter(self._client, number)
        if letter is None or not await self._inbox.give_up(letter.message):
            return False
        await remove(self._client, number)
        log = structlog.get_logger()
        log.warning("a dead letter is not kept any longer", message=str(letter.reference))
        return True

    async def _old(self, stream: str, through: int) -> AsyncIterator[Message]:
        """Those up to there that are too old."""
        async for message in self._get.span(stream, 1, through):
            at = datetime.fromisoformat(message.headers["Nats-Time-Stamp"])
            if at.timestamp() > self._now() - self._keeps_s:
                return
            yield message
