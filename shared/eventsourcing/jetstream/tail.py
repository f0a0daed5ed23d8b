"""Appends to a stream's very end, whoever else does: what is there already is not added again."""

from collections.abc import Mapping, Sequence

from nats.aio.client import Client

from shared.contracts.reference import Reference
from shared.eventsourcing.errors import ConcurrencyError, LogDamagedError
from shared.eventsourcing.jetstream.append import Publisher, expecting_end
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.eventsourcing.jetstream.written import Written

CONFLICTS_BORNE = 50
ID = "ce-id"


class Tail:
    """`end` is the last sequence that we know of; `known` are the ids that stand behind the place
    from which we began, about 100 bytes each, until they are no use any more (`forget`).

    What is there has to carry the `mark` that ours carries: beside others' it would stand twice.
    What carries none an older version wrote, which asks for no lease and may be ahead of us:
    `ahead` are ids of its that came beside ours and that we have not come to yet.

    What others of this process wrote under the same mark, `written`, is not looked at: their ids
    are not ours.
    """

    def __init__(
        self,
        client: Client,
        publisher: Publisher,
        stream: str,
        mark: Mapping[str, str],
        written: Written | None = None,
    ) -> None:
        self._client = client
        self._publisher = publisher
        self._stream = stream
        self._mark = mark
        self._written = written or Written()
        self.known: set[str] = set()
        self.ahead: set[str] = set()
        self.end = 0

    async def begin(self, start: int) -> None:
        """`start` is a sequence up to which all that we wrote needs no looking at."""
        self.known, self.ahead = set(), set()
        self.end = start
        await self._look(await ends_at(self._client, self._stream))
        self.ahead.clear()  # of what was there before

    def forget(self) -> None:
        """What comes now nobody can have written before, but for an older version."""
        self.known = set(self.ahead)

    async def append(self, messages: Sequence[Outgoing]) -> None:
        """Those that are not there yet, in one batch.

        Raises ConcurrencyError if others write so much that we never get through, LogDamagedError
        if they write under another mark.
        """
        for _ in range(CONFLICTS_BORNE):
            missing = [message for message in messages if message.headers[ID] not in self.known]
            self.ahead -= {message.headers[ID] for message in messages}
            if not missing:
                return
            first, *rest = missing
            expectation = first.headers | expecting_end(self.end)
            try:
                self.end = await self._publisher.publish(
                    [Outgoing(first.subject, first.body, expectation), *rest]
                )
                self._written.note(self.end - len(rest), self.end)
            except ConcurrencyError:
                await self._look_unless_ours()
            else:
                return
        raise ConcurrencyError(f"others write {self._stream} all the time")

    async def _look_unless_ours(self) -> None:
        """In the beginning that would not do: what stands there it may have written itself."""
        end = await ends_at(self._client, self._stream)
        if end > self.end and self._written.holds(self.end + 1, end):
            self.end = end
        else:
            await self._look(end)

    async def _look(self, end: int) -> None:
        """At the ids from where we were up to there."""
        if end <= self.end:
            return
        source = ReadFrom(self._stream, self.end + 1, headers_only=True)
        async with open_reader(self._client, source) as reader:
            while self.end < end:
                batch = await reader.next()
                self._refuse_other_marks(batch)
                self.known |= {message.headers.get(ID, "") for message in batch}
                self.ahead |= {each.headers.get(ID, "") for each in batch if self._is_older(each)}
                self.end = batch[-1].sequence

    def _is_older(self, message: Message) -> bool:
        return not self._mark.keys() <= message.headers.keys()

    def _refuse_other_marks(self, batch: Sequence[Message]) -> None:
        for message in batch:
            for name, value in self._mark.items():
                if message.headers.get(name, value) != value:
                    where = Reference(self._stream, message.sequence)
                    raise LogDamagedError(
                        f"{where} was written with another {name} than ours; nothing of ours was"
                        " written behind it"
                    )
