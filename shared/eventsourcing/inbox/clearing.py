"""Deletes from an inbox, a while after their receipts, messages that must not lie there longer."""

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Protocol

from shared.contracts.receipt import Receipts
from shared.contracts.routing import RECEIPTS, inbox_of
from shared.eventsourcing.inbox.receipts import THROUGH, taken_in
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.deleting import KeepsAllError, delete
from shared.eventsourcing.jetstream.direct_get import DirectGet
from shared.eventsourcing.jetstream.ends import ends_at, until_there
from shared.eventsourcing.jetstream.message import Message, ReadFrom, stored_at
from shared.eventsourcing.jetstream.positions import Position, PositionKeeper
from shared.eventsourcing.jetstream.reader import open_reader

POSITION = "words-"
AT_ONCE = 100
LOOKS_AGAIN_S = 30.0


class Words(Protocol):
    """Knows which messages must not lie in the clear."""

    def hidden(self, messages: Sequence[Message], accepted: Collection[int]) -> list[int]:
        """The sequences of those whose words stand sealed elsewhere, or must not stand anywhere."""

    def of(self, messages: Sequence[Message], whose: str) -> list[int]:
        """Of those that speak of one report."""


class Clearing:
    """Of one inbox. What is deleted was taken in before: it has its receipt, or lies in DEAD. To
    delete twice harms nothing, so only `run` keeps a position, beside that of its lease."""

    def __init__(
        self,
        client: Client,
        service: str,
        source: str,
        words: Words,
        keeps_s: float,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._service = service
        self._source, self._stream = source, inbox_of(source)
        self._words = words
        self._keeps_s = keeps_s
        self._now = now
        self._get = DirectGet(client)

    async def run(self) -> None:
        """Until cancelled: goes through the receipts, each once it is old enough."""
        await until_there(self._client, RECEIPTS)
        await self._until_it_lets_go()
        keeper = self._position()
        at = await keeper.begin()
        if at.sequence > await ends_at(self._client, RECEIPTS):
            at = Position()  # receipts were begun anew
        cleared = at.wrote
        answers = ReadFrom(RECEIPTS, at.sequence + 1, filters=(f"receipt.{self._source}.*",))
        async with open_reader(self._client, answers) as reader:
            while True:
                for message in await reader.next():
                    await self._until(stored_at(message) + self._keeps_s)
                    cleared = await self._clear(message, cleared)
                    await keeper.move(Position(message.sequence, wrote=cleared))

    async def clear_at_once(self, whose: str, known: Iterable[int] = ()) -> bool:
        """All that speaks of one report and was taken in; False where the inbox lets nothing go.
        What was cleared before need not be looked at, but for what is `known` to speak of it."""
        cleared = (await self._position().begin()).wrote
        through = (await taken_in(self._client, self._source)).through
        found = await self._look(cleared + 1, through, lambda page: self._words.of(page, whose))
        try:
            await self._delete({*found, *(each for each in known if each <= through)})
        except KeepsAllError:
            return False
        return True

    def _position(self) -> PositionKeeper:
        return PositionKeeper(self._client, self._service, f"{POSITION}{self._source}")

    async def _until_it_lets_go(self) -> None:
        """One of an older declaration never does, before it is begun anew."""
        await until_there(self._client, self._stream)
        while (await self._client.jetstream().stream_info(self._stream)).config.deny_delete:  # noqa: ASYNC110
            await asyncio.sleep(LOOKS_AGAIN_S)

    async def _until(self, due: float) -> None:
        """In steps, for clocks are set."""
        while (left := due - self._now()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(min(left, LOOKS_AGAIN_S))

    async def _clear(self, message: Message, cleared: int) -> int:
        """What one message of RECEIPTS answers; up to where the inbox is cleared then."""
        through = int(message.headers.get(THROUGH, "0"))
        answered = Receipts.model_validate_json(message.body)
        if answered.withdrawn_after is not None:
            return min(cleared, answered.withdrawn_after)
        accepted = {each.inbox_sequence for each in answered.accepted}
        found = await self._look(
            cleared + 1, through, lambda page: self._words.hidden(page, accepted)
        )
        await self._delete(found)
        return max(cleared, through)

    async def _look(
        self, first: int, last: int, chosen: Callable[[list[Message]], list[int]]
    ) -> list[int]:
        found, page = list[int](), list[Message]()
        async for message in self._get.span(self._stream, first, last):
            page.append(message)
            if len(page) == AT_ONCE:
                found += await asyncio.to_thread(chosen, page)
                page = []
        return found + (await asyncio.to_thread(chosen, page) if page else [])

    async def _delete(self, sequences: Iterable[int]) -> None:
        """Raises KeepsAllError."""
        for sequence in sequences:
            await delete(self._client, self._stream, sequence)
