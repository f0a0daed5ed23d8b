"""Publishes a mapped file into its source's inbox, and follows the receipts that come back."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from nats.errors import Error as NatsError

from deploy.feeding.mapping import UpstreamEvent, in_batches
from deploy.feeding.mapping.events import as_they_come
from deploy.feeding.sending import Door
from deploy.looking.pointed import Pointed
from deploy.looking.refusals import Refusals
from deploy.looking.withdrawals import receipts_in
from shared.contracts.receipt import Accepted, Receipts, Refused
from shared.contracts.reference import Reference
from shared.contracts.routing import inbox_of
from shared.eventsourcing.inbox.receipts import THROUGH
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at, last_under
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader
from shared.eventsourcing.jetstream.wire import Outgoing

BATCH = 500
MOST_WAITING = 20_000
TRY_AGAIN_S = 0.25

Moved = Callable[[int], Awaitable[None]]
"""Gets how many are answered."""


@dataclass
class Answered:
    """What the receipts of our own events said. `through` is the inbox sequence up to which all
    are answered."""

    accepted: int = 0
    duplicate: int = 0
    refusals: Refusals = field(default_factory=Refusals)
    through: int = 0

    @property
    def refused(self) -> int:
        return self.refusals.total

    @property
    def total(self) -> int:
        return self.accepted + self.duplicate + self.refused


class Publication:
    """`sent` events are in the inbox, the last at `last_sequence`. Use `publishing`."""

    def __init__(self, client: Client, source: str, moved: Moved, sender: Client) -> None:
        self._client = client
        self._door = Door(sender, source)
        self._source = source
        self._filters = [f"receipt.{source}.>"]
        self._moved = moved
        self._pointed = Pointed(client)
        self._news = asyncio.Event()
        self._before = 0
        self._next_receipt = 1
        self._waiting: Counter[str] = Counter()
        self._taken: deque[tuple[int, int]] = deque()
        self.sent = 0
        self.last_sequence = 0
        self.answered = Answered()

    async def open(self) -> None:
        """Raises DoorError where the source has no inbox."""
        self._before = await self._door.open()

    async def send(self, events: Iterable[UpstreamEvent]) -> None:
        """Not further ahead of the receipts than what may wait. Raises DoorError where the inbox
        takes no more."""
        for batch in as_they_come(events, BATCH):
            if self.sent > MOST_WAITING:
                await self.answered_until(self.sent - MOST_WAITING)
            await self.send_written([event.outgoing() for event in batch])

    async def send_written(self, messages: Sequence[Outgoing]) -> None:
        """As `send`, what is written already."""
        for batch in in_batches(messages, BATCH):
            self._waiting.update(message.headers["ce-id"].strip() for message in batch)
            self.last_sequence = await self._door.take(batch)
            self.sent += len(batch)
            self._taken.append((self.sent, self.last_sequence))
            self._news.set()

    async def all_answered(self) -> None:
        """Wait until all that was sent has its receipt, and each is counted: of what intake writes
        together, the accepted and then the refused, the first says already how far it is."""
        while self.answered.through < self.last_sequence:
            self._news.clear()
            await self._news.wait()
        end = await self._end_of_receipts()
        while self._next_receipt <= end:
            self._news.clear()
            await self._news.wait()

    async def _end_of_receipts(self) -> int:
        while True:
            try:
                return await last_under(self._client, "RECEIPTS", self._filters)
            except (NatsError, OSError, TimeoutError):
                if self._client.is_closed:
                    raise
                await asyncio.sleep(TRY_AGAIN_S)

    async def answered_until(self, number: int) -> None:
        """Wait until the first so many that are sent have their receipts."""
        while not self._is_answered(number):
            self._news.clear()
            await self._news.wait()

    def _is_answered(self, number: int) -> bool:
        """What is sent in one piece lies together in the inbox."""
        while self._taken and self._taken[0][0] < number:
            self._taken.popleft()
        if not self._taken:
            return False
        sent, sequence = self._taken[0]
        return self.answered.through >= sequence - (sent - number)

    async def follow_receipts(self, start: int) -> None:
        """Until cancelled; after an outage from the last receipt on."""
        self._next_receipt = start
        while True:
            try:
                await self._follow()
            except (NatsError, OSError, TimeoutError):
                if self._client.is_closed:
                    raise
                await asyncio.sleep(TRY_AGAIN_S)

    async def _follow(self) -> None:
        source = ReadFrom("RECEIPTS", self._next_receipt, filters=self._filters)
        async with open_reader(self._client, source) as reader:
            while True:
                for message in await reader.next():
                    await self._count(message)
                self._news.set()
                await self._moved(self.answered.total)

    async def _count(self, message: Message) -> None:
        """What fails on the way is read again, and then nothing of it counts twice."""
        if receipts := receipts_in(message):
            await self._add(receipts)
            self.answered.through = int(message.headers.get(THROUGH, self.answered.through))
        self._next_receipt = message.sequence + 1

    async def _add(self, receipts: Receipts) -> None:
        refused = [one for one in receipts.refused if self._is_open(one)]
        values = await self._pointed.values(self._source, refused)
        for accepted in filter(self._is_ours, receipts.accepted):
            self.answered.duplicate += accepted.duplicate
            self.answered.accepted += not accepted.duplicate
        for one, of in zip(refused, values, strict=True):
            if not self._is_ours(one):
                continue
            where = Reference(inbox_of(self._source), one.inbox_sequence)
            self.answered.refusals.add(one, where, of)

    def _is_open(self, receipt: Accepted | Refused) -> bool:
        ours = self._waiting.get(receipt.ce_id or "", 0)
        return receipt.inbox_sequence > self._before and ours > 0

    def _is_ours(self, receipt: Accepted | Refused) -> bool:
        """Others may send to the same inbox, as may a run of ours have that was stopped before it
        had its receipts; each of our events counts once, also where it went in twice because an
        acknowledgement got lost. All of ours have an id that can be read."""
        if not self._is_open(receipt):
            return False
        ce_id = receipt.ce_id or ""
        self._waiting[ce_id] -= 1
        if not self._waiting[ce_id]:
            del self._waiting[ce_id]
        return True


@asynccontextmanager
async def publishing(
    client: Client, source: str, moved: Moved, sender: Client | None = None
) -> AsyncIterator[Publication]:
    """Receipts are followed meanwhile; what fails on either side ends both. `sender` is the
    source's own connection, if we may not send ourselves. Raises DoorError."""
    publication = Publication(client, source, moved, sender or client)
    await publication.open()
    start = await ends_at(client, "RECEIPTS") + 1
    async with asyncio.TaskGroup() as group:
        following = group.create_task(publication.follow_receipts(start))
        yield publication
        following.cancel()


async def publish(
    client: Client,
    source: str,
    events: Iterable[UpstreamEvent],
    moved: Moved,
    sender: Client | None = None,
) -> Publication:
    """Send all events and wait until each has its receipt."""
    async with publishing(client, source, moved, sender) as publication:
        await publication.send(events)
        await publication.all_answered()
    return publication
