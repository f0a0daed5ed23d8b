"""Follows the receipts of what was sent, and counts those that are ours and hold."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf

from deploy.asking import outlasting
from deploy.feeding.own import Own
from deploy.looking.pointed import Pointed
from deploy.looking.refusals import Refusals
from deploy.looking.withdrawals import Withdrawals, receipts_in
from shared.contracts.receipt import Accepted, Receipts, Refused
from shared.contracts.reference import Reference
from shared.contracts.routing import inbox_of
from shared.eventsourcing.inbox.receipts import THROUGH
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import last_under
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader

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


class Answers:
    """Receipts from `start` on, of messages behind `before`. One may come before the
    acknowledgement of what it answers: while we send, what lies behind our last waits for that.

    Where receipts are withdrawn, all are gone through again from the first on, without those.
    """

    def __init__(self, client: Client, source: str, start: int, before: int, moved: Moved) -> None:
        self._client = client
        self._source = source
        self._filters = [f"receipt.{source}.>"]
        self._start = self._next = start
        self._moved = moved
        self._pointed = Pointed(client)
        self._news = asyncio.Event()
        self._withdrawn = Withdrawals()
        self._withdrawn_at = 0
        self.own = Own(before)
        self._is_sending = False
        self.told = Answered()

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Within, something is on its way into the inbox, and then it is our own."""
        self._is_sending = True
        try:
            yield
        finally:
            self._is_sending = False
            self._news.set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            self._news.clear()
            await self._news.wait()

    async def all(self) -> None:
        """Each receipt is counted: of what intake writes together, the accepted and then the
        refused, the first says already how far it is."""
        while self.own:
            await self.until(lambda: self.told.through >= self.own.last)
            question = lambda: last_under(self._client, "RECEIPTS", self._filters)  # noqa: E731
            end = await outlasting(self._client, question, tries=inf)
            await self.until(lambda: self._next > end)  # noqa: B023  is over before `end` changes
            if self.told.through >= self.own.last:  # unless they were withdrawn meanwhile
                return

    async def follow(self) -> None:
        """Until cancelled; after an outage from the last receipt on."""
        while True:
            await outlasting(self._client, self._follow, tries=inf)

    async def _follow(self) -> None:
        """Until receipts are withdrawn."""
        source = ReadFrom("RECEIPTS", self._next, filters=self._filters)
        async with open_reader(self._client, source) as reader:
            while True:
                is_all = True
                for message in await reader.next():
                    is_all = await self._count(message)
                    if not is_all:
                        break
                self._news.set()
                await self._moved(self.told.total)
                if not is_all:
                    return

    async def _count(self, message: Message) -> bool:
        """False if all that was counted has to be counted again. What fails on the way is read
        again, and then nothing of it counts twice."""
        if receipts := receipts_in(message):
            if self._are_withdrawn(message, receipts):
                return False
            await self._add(message.sequence, receipts)
            through = message.headers.get(THROUGH, "")
            self.told.through = int(through) if through.isdecimal() else self.told.through
        self._next = message.sequence + 1
        return True

    def _are_withdrawn(self, message: Message, receipts: Receipts) -> bool:
        """By this message, which was not met before."""
        behind = receipts.withdrawn_after
        if behind is None or message.sequence <= self._withdrawn_at:
            return False
        self._withdrawn.add(self._source, message.sequence, behind)
        self._withdrawn_at = message.sequence
        self.own.begin_again()
        self.told = Answered()
        self._next = self._start
        return True

    async def _add(self, at: int, receipts: Receipts) -> None:
        both: tuple[Accepted | Refused, ...] = (*receipts.accepted, *receipts.refused)
        newest = max((one.inbox_sequence for one in both), default=0)
        await self.until(lambda: newest <= self.own.last or not self._is_sending)
        refused = [one for one in receipts.refused if self._may_count(at, one)]
        values = await self._pointed.values(self._source, refused)
        for accepted in receipts.accepted:
            if self._may_count(at, accepted) and self.own.holds(accepted):
                self.told.duplicate += accepted.duplicate
                self.told.accepted += not accepted.duplicate
        for one, of in zip(refused, values, strict=True):
            if self.own.holds(one):
                where = Reference(inbox_of(self._source), one.inbox_sequence)
                self.told.refusals.add(one, where, of)

    def _may_count(self, at: int, one: Accepted | Refused) -> bool:
        sequence = one.inbox_sequence
        return self._withdrawn.hold(self._source, at, sequence) and self.own.may_hold(sequence)
