"""Publishes a mapped file into its source's inbox, and waits for the receipts that come back."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from itertools import islice

from deploy.feeding.answers import Answered, Answers, Moved
from deploy.feeding.sending import Door
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.mapping import UpstreamEvent, in_batches
from shared.mapping.events import as_they_come

BATCH = 500
MOST_WAITING = 20_000


class Publication:
    """`sent` events are in the inbox. Use `publishing`."""

    def __init__(self, door: Door, answers: Answers) -> None:
        self._door = door
        self._answers = answers
        self._taken: deque[tuple[int, int]] = deque()
        self.sent = 0

    @property
    def answered(self) -> Answered:
        return self._answers.told

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
            ids = iter([message.headers["ce-id"].strip() for message in batch])
            with self._answers.sending():
                for stored in await self._door.take(batch):
                    count = stored.last - stored.first + 1
                    self._answers.own.add(stored, list(islice(ids, count)))
                    self.sent += count
                    self._taken.append((self.sent, stored.last))

    async def all_answered(self) -> None:
        """Wait until all that was sent has its receipt."""
        await self._answers.all()

    async def answered_until(self, number: int) -> None:
        """Wait until the first so many that are sent have their receipts."""
        await self._answers.until(lambda: self._is_answered(number))

    def _is_answered(self, number: int) -> bool:
        """What is stored in one piece lies together in the inbox."""
        while self._taken and self._taken[0][0] < number:
            self._taken.popleft()
        if not self._taken:
            return False
        sent, sequence = self._taken[0]
        return self.answered.through >= sequence - (sent - number)


@asynccontextmanager
async def publishing(
    client: Client, source: str, moved: Moved, sender: Client | None = None
) -> AsyncIterator[Publication]:
    """Receipts are followed meanwhile; what fails on either side ends both. `sender` is the
    source's own connection, if we may not send ourselves. Raises DoorError."""
    door = Door(sender or client, source)
    before = await door.open()
    start = await ends_at(client, "RECEIPTS") + 1
    answers = Answers(client, source, start, before, moved)
    async with asyncio.TaskGroup() as group:
        following = group.create_task(answers.follow())
        yield Publication(door, answers)
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
