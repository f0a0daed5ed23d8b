"""Tells one source its receipts, in a stream of its own whose sequences count nobody else's.

RECEIPTS is one stream for all sources, and names places of the log: who reads numbers there can
count what others send. What a source reads is copied from it, without these.
"""

import asyncio
import re
from collections.abc import Iterator, Sequence

from pydantic import ValidationError

from shared.contracts.receipt import ReceiptsTold
from shared.contracts.routing import RECEIPTS, told_of
from shared.eventsourcing.inbox.receipts import THROUGH
from shared.eventsourcing.jetstream.append import Publisher, expecting_end
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at, newest, until_there
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader
from shared.eventsourcing.jetstream.wire import Outgoing

REACHED = "Tribune-Receipts-Through"
AT_ONCE = 50
PAUSE_S = 0.2
"""Between two appends: where messages come one by one, one for each would make taking in, which
waits for the same disk, twice as slow."""

MOST_AT_ONCE_BYTES = 3 * 1024 * 1024
JSON = {"content-type": "application/json"}
_PLACE = re.compile(rb',(?:"stream":"[^"\\]*",)?"sequence":\d+')


def as_told(source: str, body: bytes) -> bytes:
    """What `ReceiptsTold` makes of it. As we write them ourselves, there is just one place where a
    receipt can hold the pattern: a quotation mark within a text has a backslash before it. To read
    and write them all again would take a tenth of what taking in takes. Raises ValidationError."""
    if body.startswith(b'{"source":"%b","accepted":[' % source.encode()):
        return _PLACE.sub(b"", body)
    return ReceiptsTold.model_validate_json(body).model_dump_json().encode()


class Telling:
    """What is told and how far that goes are one append, so that each receipt is told once, also
    after a death. The bookmark lies on a subject that the source's reader is not shown."""

    def __init__(self, client: Client, source: str) -> None:
        self._client = client
        self._publisher = Publisher(client)
        self._source = source
        self._bookmark = f"bookmark.{source}"
        self._end = 0
        self.stream = told_of(source)
        self.filters = (f"receipt.{source}.>",)
        self.position = 0

    async def run(self) -> None:
        """Follow RECEIPTS until cancelled."""
        await until_there(self._client, RECEIPTS)
        await until_there(self._client, self.stream)
        await self._begin()
        start = self.position + 1
        source = ReadFrom(RECEIPTS, start, filters=self.filters, batch=AT_ONCE)
        async with open_reader(self._client, source) as reader:
            while True:
                for messages in pieces(await reader.next()):
                    await self._tell(messages)
                await asyncio.sleep(PAUSE_S)

    async def begin_again(self) -> None:
        """RECEIPTS is another than it was: all that it holds is told."""
        await self._begin()
        await self._append([], 0)

    async def _begin(self) -> None:
        self._end = await ends_at(self._client, self.stream)
        found = await newest(self._client, self.stream, self._bookmark)
        said = found.headers.get(REACHED, "") if found else ""
        self.position = int(said) if said.isdecimal() else 0

    async def _tell(self, messages: Sequence[Message]) -> None:
        told = [each for each in map(self._told, messages) if each is not None]
        await self._append(told, messages[-1].sequence)

    def _told(self, message: Message) -> Outgoing | None:
        """None of what is no receipt: who is inside can have the server answer into RECEIPTS."""
        try:
            body = as_told(self._source, message.body)
        except ValidationError:
            return None
        through = message.headers.get(THROUGH)
        headers = JSON | ({THROUGH: through} if through else {})
        sort = message.subject.split(".")[2]
        return Outgoing(f"told.{self._source}.{sort}", body, headers)

    async def _append(self, told: Sequence[Outgoing], reached: int) -> None:
        """Raises ConcurrencyError if another process was first."""
        bookmark = Outgoing(self._bookmark, b"", {REACHED: str(reached)})
        messages = [*told, bookmark]
        messages[0].headers |= expecting_end(self._end)
        self._end = await self._publisher.publish(messages)
        self.position = reached


def pieces(messages: Sequence[Message]) -> Iterator[list[Message]]:
    """What one append takes: refusals can be long."""
    piece: list[Message] = []
    size = 0
    for message in messages:
        if piece and size + len(message.body) > MOST_AT_ONCE_BYTES:
            yield piece
            piece, size = [], 0
        piece.append(message)
        size += len(message.body)
    if piece:
        yield piece
