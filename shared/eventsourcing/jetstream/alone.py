"""Appends one message to a stream unless its id stands there, whoever owns the stream's end."""

from collections.abc import Sequence

from nats.aio.client import Client

from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.jetstream.append import Publisher, expecting
from shared.eventsourcing.jetstream.direct_get import DirectGet
from shared.eventsourcing.jetstream.ends import newest
from shared.eventsourcing.jetstream.reader import ReadFrom, open_reader
from shared.eventsourcing.jetstream.tail import CONFLICTS_BORNE, ID
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.eventsourcing.packed import KEY, key

BYTES_KEPT = 64 * 1024**2


class _Ids:
    """Those under one subject, up to a sequence: 16 bytes each, for there may be very many."""

    def __init__(self) -> None:
        self.keys = bytearray()
        self.through = 0

    def __contains__(self, event_id: str) -> bool:
        wanted = key(event_id)
        at = self.keys.find(wanted)
        while at >= 0 and at % KEY:
            at = self.keys.find(wanted, at + 1)
        return at >= 0


class Alone:
    """What it has read it keeps for the next message of the same subject: letters come in numbers,
    and a subject may hold what was written in years."""

    def __init__(self, client: Client, publisher: Publisher, stream: str) -> None:
        self._client = client
        self._publisher = publisher
        self._stream = stream
        self._get = DirectGet(client)
        self._ids: dict[str, _Ids] = {}

    async def append(self, message: Outgoing, subjects: Sequence[str]) -> None:
        """`subjects` are all that it may stand under; on others than its own there are few.

        Raises ConcurrencyError if others write so much that we never get through.
        """
        others = [each for each in subjects if each != message.subject]
        for _ in range(CONFLICTS_BORNE):
            ids, last = await self._look(message.subject)
            if message.headers[ID] in ids or await self._stands_under(others, message.headers[ID]):
                return
            headers = message.headers | expecting(last, message.subject)
            try:
                await self._publisher.publish([Outgoing(message.subject, message.body, headers)])
            except ConcurrencyError:
                continue
            return
        raise ConcurrencyError(f"others write {message.subject} all the time")

    async def _look(self, subject: str) -> tuple[_Ids, int]:
        """Reads on from where it was; what stands there, and the subject's last sequence."""
        if sum(len(each.keys) for each in self._ids.values()) > BYTES_KEPT:
            self._ids.clear()
        ids = self._ids.setdefault(subject, _Ids())
        found = await newest(self._client, self._stream, subject)
        last = found.sequence if found else 0
        if ids.through < last:
            start, filters = ids.through + 1, [subject]
            source = ReadFrom(self._stream, start, filters=filters, headers_only=True)
            async with open_reader(self._client, source) as reader:
                async for batch in reader.through(last):
                    ids.keys += b"".join(key(each.headers.get(ID, "")) for each in batch)
                    ids.through = batch[-1].sequence
        return ids, last

    async def _stands_under(self, subjects: Sequence[str], event_id: str) -> bool:
        for subject in subjects:
            query = {"seq": 1, "next_by_subj": subject}
            found = (await self._get.all(self._stream, query)).messages
            if any(each.headers.get(ID) == event_id for each in found):
                return True
        return False
