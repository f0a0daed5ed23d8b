"""Keeps read models up to date: a batch of events and the checkpoint in one transaction."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from shared.eventsourcing.codec import PLAIN, Codec
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader
from shared.eventsourcing.lease import heed_lease
from shared.eventsourcing.pipeline import Turn, work_through
from shared.eventsourcing.projections.database import run_in
from shared.eventsourcing.projections.decoding import Decoded, decoded
from shared.eventsourcing.projections.prepare import prepare
from shared.eventsourcing.projections.read_model import ReadModel
from shared.eventsourcing.projections.recent import Batch, Recent
from shared.eventsourcing.projections.unindexed import Unindexed
from shared.eventsourcing.projections.writer import Writer

__all__ = ["Projector", "prepare"]

REPLAY_BATCH = 8000
"""Keys are spread over a whole tree: half as large a batch wrote half as much again."""
PAUSE_S = 0.02
"""Where events come one by one: a transaction for each keeps all else of the process waiting."""
MANY, ENOUGH, LONGER_S = 50, 2000, 0.5
"""Where that many come at once, more are on their way: a transaction writes nearly as many pages
for few of them as for enough."""

LOOKED_AT_EVERY_S = 0.5

Listener = Callable[[int], None]


class StandsNoMoreError(Exception):
    """Who waits for a projector that has ended would wait for ever."""


class Projector(Writer):
    """One stream into read models that derive from it, read and decoded once for all.

    `turn` is held by whoever writes their rows; `recent` is for those who catch up with them.
    """

    def __init__(
        self,
        engine: Engine,
        models: Sequence[ReadModel],
        stream: str = "",
        codec: Codec = PLAIN,
        *,
        tells: bool = True,
    ) -> None:
        super().__init__(engine, models, stream, tells=tells)
        self._codec = codec
        self.recent = Recent()
        self.turn = asyncio.Lock()
        self._moved = asyncio.Event()
        self._hurried = asyncio.Event()
        self._is_over = False

    def begin(self) -> int:
        self.recent.clear()
        return super().begin()

    def take_over(self, model: ReadModel, made: Writer) -> None:
        super().take_over(model, made)
        self._moved.set()

    async def reached(self, sequence: int) -> None:
        """Wait until all models are there. Raises StandsNoMoreError if they will not come."""
        while self.position < sequence:
            if self._is_over:
                raise StandsNoMoreError(f"the projector of {self.stream} ended at {self.position}")
            self.hurry()
            self._moved.clear()
            await self._moved.wait()

    def hurry(self) -> None:
        """Somebody waits for what has come."""
        self._hurried.set()

    def end(self) -> None:
        """It goes no further, and nobody is to wait for it."""
        self._is_over = True
        self._moved.set()

    async def has_models(self) -> None:
        """Wait until there is one."""
        while not self._models:
            self._moved.clear()
            await self._moved.wait()

    def apply(self, messages: Sequence[Message]) -> None:
        """One batch. Raises ConcurrencyError if another projector moved a checkpoint."""
        self.settle_now(self.decoded(messages), messages[-1].sequence)

    def decoded(self, messages: Sequence[Message]) -> Decoded:
        return decoded(messages, self._codec)

    async def settle(self, batch: Decoded, last: int) -> None:
        """When it is its turn. Raises LeaseLostError, ConcurrencyError."""
        await heed_lease()
        async with self.turn:
            before = self.position
            await run_in(self._engine, self.settle_now, batch, last)
            self.recent.note(Batch(before, batch, last))
        self._moved.set()

    async def run(self, client: Client, name: str, listen: Listener | None = None) -> None:
        """Follow the stream until cancelled."""
        async with self.turn:
            start = await run_in(self._engine, self.begin) + 1
            rows = Unindexed(
                self._engine, self._models, start - 1, await ends_at(client, self.stream)
            )
            await run_in(self._engine, rows.begin)
        looking = asyncio.create_task(self._look_for_rebuilds())
        try:
            source = ReadFrom(self.stream, start, name, batch=ENOUGH)
            async with open_reader(client, source) as reader:

                async def settle(batch: list[Message], found: Decoded, _: Turn) -> None:
                    await self.settle(found, batch[-1].sequence)
                    await reader.done_with(batch)
                    if rows.lacks_at(self.position):
                        async with self.turn:
                            await run_in(self._engine, rows.end)
                    if listen:
                        listen(self.position)
                    await self._let_more_come(len(batch), has_more=reader.has_more)

                await work_through(reader, self.decoded, settle)
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)

    async def _let_more_come(self, came: int, *, has_more: bool) -> None:
        pause = LONGER_S if MANY <= came < ENOUGH else 0.0 if has_more else PAUSE_S
        with suppress(TimeoutError):
            async with asyncio.timeout(pause):
                await self._hurried.wait()
        self._hurried.clear()

    async def _look_for_rebuilds(self) -> None:
        """What was set aside may be healed meanwhile, and who does that tells nobody."""
        while True:
            await asyncio.sleep(LOOKED_AT_EVERY_S)
            if self.set_aside:
                with suppress(OperationalError):
                    self.set_aside = await run_in(self._engine, self._counted)

    def _counted(self) -> dict[str, int]:
        with self._engine.connect().execution_options(reads_only=True) as connection:
            return self._set_aside(connection)

    async def catch_up(self, client: Client, until: int, listen: Listener | None = None) -> None:
        """Read from the checkpoint up to and including the sequence `until`, then stop."""
        start = await run_in(self._engine, self.begin) + 1
        if start > until:
            return
        rows = Unindexed(self._engine, self._models, start - 1, until)
        await run_in(self._engine, rows.begin)

        def wanted(batch: list[Message]) -> Decoded:
            return self.decoded([message for message in batch if message.sequence <= until])

        async def settle(batch: list[Message], found: Decoded, _: Turn) -> None:
            last = min(batch[-1].sequence, until)
            await run_in(self._engine, self.settle_now, found, last)
            if listen:
                listen(self.position)
            if rows.lacks_at(last):
                await run_in(self._engine, rows.end)
            if last == until:
                raise _CaughtUp

        async with open_reader(client, ReadFrom(self.stream, start, batch=REPLAY_BATCH)) as reader:
            with suppress(_CaughtUp):
                await work_through(reader, wanted, settle)


class _CaughtUp(Exception):  # noqa: N818  how `work_through` ends
    pass
