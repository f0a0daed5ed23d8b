"""Finds the receipt of one message: by halving RECEIPTS, for what it holds of a source is in order.

It is in order but for where an operator had the inbox taken in again; so only that part is halved
in which the receipt that holds must stand.
"""

from typing import NamedTuple

from shared.contracts.receipt import Accepted, Receipts, Refused
from shared.contracts.routing import inbox_of
from shared.eventsourcing.inbox.receipts import THROUGH, WITHDRAWN, taken_in
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.direct_get import DirectGet
from shared.eventsourcing.jetstream.ends import answering, ends_at, message_for, newest
from shared.eventsourcing.jetstream.message import Message

STREAM = "RECEIPTS"

Receipt = Accepted | Refused


class _Part(NamedTuple):
    """Of RECEIPTS: behind the withdrawal at `after` (0: none), and before `before`."""

    after: int
    before: int


class LookedUp:
    """What failed in `service` for a reason of ours lies in DEAD under its name."""

    def __init__(self, client: Client, service: str) -> None:
        self._client = client
        self._service = service
        self._get = DirectGet(client)

    async def receipt(self, source: str, sequence: int) -> Receipt | None:
        """Of the message at this sequence of the inbox. Raises LogUnavailableError."""
        with answering(STREAM):
            part = await self._part(source, sequence)
            redriven = await self._redriven(source, sequence, part)
            return redriven or await self._in_order(source, sequence, part)

    async def waits(self, source: str, sequence: int) -> bool:
        """Whether the message is in the inbox, and nobody has taken it in yet."""
        with answering(STREAM):
            if (await taken_in(self._client, source)).through >= sequence:
                return False
            return sequence <= await ends_at(self._client, inbox_of(source))

    async def is_dead(self, source: str, sequence: int) -> bool:
        subject = f"dead.{self._service}.{inbox_of(source)}.{sequence}"
        with answering("DEAD"):
            return await newest(self._client, "DEAD", subject) is not None

    async def _part(self, source: str, sequence: int) -> _Part:
        before = await ends_at(self._client, STREAM) + 1
        query = {"seq": 1, "next_by_subj": f"receipt.{source}.{WITHDRAWN}"}
        for message in reversed((await self._get.all(STREAM, query)).messages):
            behind = Receipts.model_validate_json(message.body).withdrawn_after or 0
            if sequence > behind:
                return _Part(message.sequence, before)
            before = message.sequence
        return _Part(0, before)

    async def _redriven(self, source: str, sequence: int, part: _Part) -> Receipt | None:
        since = f".{part.after}" if part.after else ""
        subject = f"receipt.{source}.redriven.{sequence}{since}"
        found = await newest(self._client, STREAM, subject)
        return _in(found, sequence) if found else None

    async def _in_order(self, source: str, sequence: int, part: _Part) -> Receipt | None:
        left, right = part.after + 1, part.before
        first: Message | None = None
        while left < right:
            middle = (left + right) // 2
            message = await self._next(source, middle)
            if message is None or message.sequence >= right:
                right = middle
            elif int(message.headers.get(THROUGH, 0)) >= sequence:
                first, right = message, middle
            else:
                left = message.sequence + 1
        if first is None:
            return None
        receipt = _in(first, sequence)
        if receipt is None:  # of one batch those accepted stand before those refused
            second = await self._next(source, first.sequence + 1)
            receipt = _in(second, sequence) if second else None
        return receipt

    async def _next(self, source: str, start: int) -> Message | None:
        query = {"seq": start, "next_by_subj": f"receipt.{source}.*"}
        return await message_for(self._client, STREAM, query)


def receipts_in(message: Message) -> list[Receipt]:
    said = Receipts.model_validate_json(message.body)
    return [*said.accepted, *said.refused]


def _in(message: Message, sequence: int) -> Receipt | None:
    found = receipts_in(message)
    return next((each for each in found if each.inbox_sequence == sequence), None)
