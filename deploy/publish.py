"""Publishes a mapped file into its source's inbox, and follows the receipts that come back."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from nats.errors import Error as NatsError

from deploy.mapping import UpstreamEvent, in_batches
from deploy.sending import Door
from shared.contracts.receipt import Receipts
from shared.eventsourcing.inbox.receipts import THROUGH
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader

BATCH = 500
TRY_AGAIN_S = 0.25

Moved = Callable[[int, datetime | None], Awaitable[None]]
"""Gets how many are answered, and the watermark: the upstream time up to which all is taken in."""


@dataclass
class Answered:
    """What the receipts said; `through` is the inbox sequence up to which all are answered."""

    accepted: int = 0
    duplicate: int = 0
    refused: int = 0
    through: int = 0

    @property
    def total(self) -> int:
        return self.accepted + self.duplicate + self.refused


class Publication:
    """`sent` events are in the inbox, the last at `last_sequence`."""

    def __init__(self, client: Client, source: str) -> None:
        self._client = client
        self._source = source
        self.stream = f"INBOX_{source.upper()}"
        self.door = Door(client, source)
        self.sent = 0
        self.last_sequence = 0
        self.answered = Answered()
        self._next_receipt = 1
        self._times: list[tuple[int, datetime]] = []

    async def send(self, events: list[UpstreamEvent]) -> None:
        """Raises DoorError where the inbox takes no more."""
        for batch in in_batches(events, BATCH):
            self.last_sequence = await self.door.take([event.outgoing() for event in batch])
            self._times.append((self.last_sequence, batch[-1].at))
            self.sent += len(batch)

    async def follow_receipts(self, start: int, total: int, moved: Moved) -> None:
        """Until all is sent and answered; after an outage from the last receipt on."""
        self._next_receipt = start
        while self._waits_for(total):
            try:
                await self._follow(total, moved)
            except (NatsError, OSError, TimeoutError):
                if self._client.is_closed:
                    raise
                await asyncio.sleep(TRY_AGAIN_S)

    async def _follow(self, total: int, moved: Moved) -> None:
        filters = [f"receipt.{self._source}.>"]
        source = ReadFrom("RECEIPTS", self._next_receipt, filters=filters)
        async with open_reader(self._client, source) as reader:
            while self._waits_for(total):
                for message in await reader.next():
                    self._count(message)
                await moved(self.answered.total, self._watermark())

    def _waits_for(self, total: int) -> bool:
        return self.sent < total or self.answered.through < self.last_sequence

    def _count(self, message: Message) -> None:
        self._next_receipt = message.sequence + 1
        receipts = Receipts.model_validate_json(message.body)
        duplicates = sum(receipt.duplicate for receipt in receipts.accepted)
        self.answered.accepted += len(receipts.accepted) - duplicates
        self.answered.duplicate += duplicates
        self.answered.refused += len(receipts.refused)
        self.answered.through = int(message.headers[THROUGH])

    def _watermark(self) -> datetime | None:
        watermark = None
        while self._times and self._times[0][0] <= self.answered.through:
            watermark = self._times.pop(0)[1]
        return watermark


async def publish(
    client: Client,
    source: str,
    events: list[UpstreamEvent],
    moved: Moved,
) -> Publication:
    """Send all events and wait until each has its receipt. Raises DoorError."""
    publication = Publication(client, source)
    await publication.door.open()
    start = (await client.jetstream().stream_info("RECEIPTS")).state.last_seq + 1
    async with asyncio.TaskGroup() as group:
        group.create_task(publication.send(events))
        group.create_task(publication.follow_receipts(start, len(events), moved))
    return publication
