"""The releases that were made, as they stand in GATE, and what each of them lets out."""

import asyncio
from collections.abc import Callable, Sequence

from services.publishing.release.book import HANDLES, Book, Out
from shared.contracts.event import Event
from shared.contracts.release import ReleaseMade
from shared.contracts.routing import log_of
from shared.eventsourcing.codec import Codec
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.headers import header
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at, last_under
from shared.eventsourcing.jetstream.reader import ReadFrom, open_reader
from shared.eventsourcing.learning import names_of

BATCH = 500
GATE = log_of("gate")


class Ledger:
    """Reads the logs once, as far as it is asked about. What it keeps of them are the events that
    are held, and the cells of reports that are out and have no outcome yet."""

    def __init__(self, client: Client, release_key: bytes, codec: Codec) -> None:
        self._client = client
        self._codec = codec
        self._book = Book(release_key)
        self._taken = dict.fromkeys(HANDLES, 0)
        self._folded = 0
        self._one_at_a_time = asyncio.Lock()
        self.made: list[RecordedEvent] = []

    async def look(self) -> None:
        """Which releases there are by now."""
        start = self.made[-1].sequence + 1 if self.made else 1
        end = await ends_at(self._client, GATE)
        await self._read(GATE, (ReleaseMade,), (start, end), self.made.append)

    async def let_out(self, wanted: RecordedEvent) -> Out:
        """By one that was not asked for before; those before it are passed over."""
        async with self._one_at_a_time:
            return await self._through(wanted.sequence)

    async def held(self) -> int:
        """How many events wait for a release by now."""
        async with self._one_at_a_time:
            await self._through(len(self.made))
            await self._take({each: await ends_at(self._client, log_of(each)) for each in HANDLES})
            return self._book.held

    async def _through(self, sequence: int) -> Out:
        out: Out = []
        while self._folded < sequence:
            made = self.made[self._folded].event
            assert isinstance(made, ReleaseMade)  # noqa: S101  nothing else was read
            await self._take({"intake": made.intake, "promotion": made.promotion})
            out = self._book.release(made)
            self._folded += 1
        return out

    async def _take(self, through: dict[str, int]) -> None:
        for writer, handles in HANDLES.items():
            start, end = self._taken[writer] + 1, through[writer]
            await self._read(log_of(writer), handles, (start, end), self._book.take)
            self._taken[writer] = max(end, self._taken[writer])

    async def _read(
        self,
        stream: str,
        handles: Sequence[type[Event]],
        span: tuple[int, int],
        take: Callable[[RecordedEvent], None],
    ) -> None:
        """Of some types, both ends included."""
        start, end = span
        if start > end:
            return
        filters, names = [each.filter() for each in handles], names_of(handles)
        last = min(end, await last_under(self._client, stream, filters))
        source = ReadFrom(stream, start, filters=filters, batch=BATCH)
        async with open_reader(self._client, source) as reader:
            async for batch in reader.through(last):
                for each in batch:
                    if each.sequence <= end and header(each.headers, "ce-type") in names:
                        take(self._codec.decode(each.headers, each.body, each.sequence))
