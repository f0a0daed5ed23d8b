"""Waits for receipts as they are written, for those who would rather wait than ask again."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from shared.eventsourcing.inbox.looked_up import STREAM, Receipt, receipts_in
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at, until_there
from shared.eventsourcing.jetstream.message import Message
from shared.eventsourcing.jetstream.reader import ReadFrom, open_reader


class Waiting:
    """Opened before the messages are sent, so that no receipt is missed."""

    def __init__(self) -> None:
        self._seen: dict[int, Receipt] = {}
        self._moved = asyncio.Event()

    def told(self, receipts: list[Receipt]) -> None:
        self._seen.update({each.inbox_sequence: each for each in receipts})
        self._moved.set()

    async def receipts(self, first: int, last: int, within_s: float) -> dict[int, Receipt]:
        """Those of the messages from `first` to `last` that came in time, by sequence."""
        wanted = range(first, last + 1)
        try:
            async with asyncio.timeout(within_s):
                while not all(each in self._seen for each in wanted):
                    self._moved.clear()
                    await self._moved.wait()
        except TimeoutError:
            pass
        return {each: self._seen[each] for each in wanted if each in self._seen}


class Awaited:
    """One reader for all that wait; what nobody waits for is not looked at."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._waiting: dict[str, set[Waiting]] = {}

    @contextmanager
    def of(self, source: str) -> Iterator[Waiting]:
        waiting = Waiting()
        self._waiting.setdefault(source, set()).add(waiting)
        try:
            yield waiting
        finally:
            self._waiting[source].discard(waiting)

    async def follow(self) -> None:
        """From now on, until cancelled."""
        await until_there(self._client, STREAM)
        start = await ends_at(self._client, STREAM) + 1
        async with open_reader(self._client, ReadFrom(STREAM, start)) as reader:
            while True:
                for message in await reader.next():
                    self._tell(message)

    def _tell(self, message: Message) -> None:
        if waiting := self._waiting.get(message.subject.split(".")[1]):
            receipts = receipts_in(message)
            for each in waiting:
                each.told(receipts)
