"""Makes a read model beside those that stand, and switches it in when it is where they are."""

import asyncio
from collections.abc import Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine

from shared.eventsourcing.codec import PLAIN, Codec
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.reader import Message, Reader, ReadFrom, open_reader
from shared.eventsourcing.lease import heed_lease
from shared.eventsourcing.pipeline import Turn, work_through
from shared.eventsourcing.projections import serving
from shared.eventsourcing.projections.database import run_in
from shared.eventsourcing.projections.decoding import Decoded
from shared.eventsourcing.projections.projector import Projector
from shared.eventsourcing.projections.read_model import ReadModel


@dataclass
class Follower:
    """`standing` projectors, by stream, write the read models that are served; they wait for
    nothing here. Where there are none in a stream, it goes as far as that went in the beginning."""

    engine: Engine
    model: ReadModel
    standing: Mapping[str, Projector]
    codec: Codec = PLAIN
    parts: dict[str, Projector] = field(init=False)
    goals: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.parts = {
            stream: Projector(self.engine, [self.model], stream, self.codec)
            for stream in self.model.streams
        }

    def begin(self) -> None:
        for part in self.parts.values():
            part.begin()

    @property
    def position(self) -> int:
        return sum(part.position for part in self.parts.values())

    @property
    def goal(self) -> int:
        return sum(self._goal(stream) for stream in self.parts)

    @property
    def set_aside(self) -> dict[str, int]:
        """Counted for the model, whatever the stream."""
        return {name: n for part in self.parts.values() for name, n in part.set_aside.items()}

    async def run(self, client: Client, name: str) -> None:
        """Until it is switched in; those that stand have taken it over then."""
        await run_in(self.engine, self.begin)
        for stream, projector in self.standing.items():
            if stream in self.parts and not projector.models:
                self.goals[stream] = await ends_at(client, stream)
        for stream, part in self.parts.items():
            await self.not_ahead(stream, part.position)
        if not await self._joins():
            await first_of(self._follow(client, part, name) for part in self.parts.values())

    async def _follow(self, client: Client, part: Projector, name: str) -> None:
        source = ReadFrom(part.stream, part.position + 1, f"{name}-{self.model.name}")
        async with open_reader(client, source) as reader:

            async def settle(batch: list[Message], found: Decoded, _: Turn) -> None:
                await self.settle(part, found, batch[-1].sequence)
                await reader.done_with(batch)

            with suppress(_Joined):
                await work_through(_Behind(self, part.stream, reader), part.decoded, settle)

    async def settle(self, part: Projector, batch: Decoded, last: int) -> None:
        await self.not_ahead(part.stream, last)
        await part.settle(batch, last)
        if await self._joins():
            raise _Joined

    async def not_ahead(self, stream: str, sequence: int) -> None:
        """The others have at hand what it lacks when it is taken over, and nobody goes back."""
        if self.standing[stream].models:
            await self.standing[stream].reached(sequence)

    async def _joins(self) -> bool:
        """Whether it was near enough to be switched in."""
        if not self._is_near():
            return False
        async with AsyncExitStack() as turns:
            for projector in [*self._siblings(), *self.parts.values()]:
                await turns.enter_async_context(projector.turn)
            if not self._is_near():
                return False
            await heed_lease()
            await run_in(self.engine, self._switch)
            for stream, part in self.parts.items():
                self.standing[stream].take_over(self.model, part)
        return True

    def _is_near(self) -> bool:
        return all(self._is_near_in(stream, part) for stream, part in self.parts.items())

    def _is_near_in(self, stream: str, part: Projector) -> bool:
        standing = self.standing[stream]
        if not standing.models:
            return part.position >= self.goals[stream]
        if standing.position_of(self.model.family) > standing.position:
            return False  # what is shown would go back to where its siblings are
        return standing.recent.since(standing.position) <= part.position <= standing.position

    def _goal(self, stream: str) -> int:
        standing = self.standing[stream]
        return standing.position if standing.models else self.goals.get(stream, 0)

    def _siblings(self) -> list[Projector]:
        """In an order that is the same for all followers: none waits for another in a circle."""
        return [self.standing[stream] for stream in sorted(self.parts)]

    def _switch(self) -> None:
        """The last few batches; then one transaction in which all are proven to be at the same
        sequence, and the model is served."""
        for stream, part in self.parts.items():
            for batch in self.standing[stream].recent.batches:
                if batch.last > part.position:
                    part.settle_now(batch.decoded, batch.last)
        with self.engine.begin() as connection:
            for projector in [*self._siblings(), *self.parts.values()]:
                projector.expect(connection)
            serving.serve(connection, self.model)


class _Joined(Exception):  # noqa: N818  how `work_through` ends
    pass


@dataclass(frozen=True)
class _Behind:
    """A reader that waits for those that stand. Here a stop ends the wait at once; that of a batch
    in hand it would let go on."""

    follower: Follower
    stream: str
    reader: Reader

    @property
    def has_more(self) -> bool:
        return self.reader.has_more

    async def next(self) -> list[Message]:
        batch = await self.reader.next()
        await self.follower.not_ahead(self.stream, batch[-1].sequence)
        return batch


async def first_of(works: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Until one of them ends; the others are cancelled. Raises what it failed for."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in ended:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
