"""Keeps read models up to date: a batch of events and the checkpoint in one transaction."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from shared.eventsourcing.errors import UnreadableEventError
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader
from shared.eventsourcing.lease import heed_lease
from shared.eventsourcing.pipeline import Turn, work_through
from shared.eventsourcing.projections import checkpoints, set_aside
from shared.eventsourcing.projections.around import is_row_fault, write_around
from shared.eventsourcing.projections.database import run_in
from shared.eventsourcing.projections.decoding import Decoded, decoded
from shared.eventsourcing.projections.prepare import prepare
from shared.eventsourcing.projections.read_model import ReadModel
from shared.eventsourcing.projections.recent import Batch, Recent
from shared.eventsourcing.projections.set_aside import SetAside

__all__ = ["Projector", "prepare"]

REPLAY_BATCH = 8000
"""Keys are spread over a whole tree: half as large a batch wrote half as much again."""
LOOKED_AT_EVERY_S = 0.5

Listener = Callable[[int], None]


class Projector:
    """One stream into read models that derive from it, read and decoded once for all.

    `turn` is held by whoever writes their rows; `recent` is for those who catch up with them.
    """

    def __init__(
        self, engine: Engine, models: Sequence[ReadModel], stream: str = "", *, tells: bool = True
    ) -> None:
        self.stream = stream or models[0].stream
        self.recent = Recent()
        self.set_aside: dict[str, int] = {}
        self.turn = asyncio.Lock()
        self._engine = engine
        self._models = tuple(models)
        self._tells = tells
        self._positions: dict[str, int] = {}
        self._moved = asyncio.Event()

    @property
    def position(self) -> int:
        """The sequence up to which all models are."""
        return min(self._positions.values(), default=0)

    @property
    def models(self) -> tuple[ReadModel, ...]:
        return self._models

    def take_over(self, model: ReadModel, position: int) -> None:
        """Instead of its other versions."""
        self._models = (*(each for each in self._models if each.family != model.family), model)
        self._positions = {
            each.name: self._positions.get(each.name, position) for each in self._models
        }
        self._moved.set()

    def expect(self, connection: Connection) -> None:
        """Nobody moves them before this transaction ends. Raises ConcurrencyError if one has."""
        for model in self._models:
            name = model.position_in(self.stream)
            checkpoints.expect(connection, name, self._positions[model.name])

    async def reached(self, sequence: int) -> None:
        """Wait until all models are there."""
        while self.position < sequence:
            self._moved.clear()
            await self._moved.wait()

    async def has_models(self) -> None:
        """Wait until there is one."""
        while not self._models:
            self._moved.clear()
            await self._moved.wait()

    def begin(self) -> int:
        """Read the checkpoints again: they are the only truth about what was applied."""
        with self._engine.connect().execution_options(reads_only=True) as connection:
            self._positions = {
                model.name: checkpoints.read(connection, model.position_in(self.stream))
                for model in self._models
            }
            self.recent.clear()
            self.set_aside = self._set_aside(connection)
        return self.position

    def apply(self, messages: Sequence[Message]) -> None:
        """One batch. Raises ConcurrencyError if another projector moved a checkpoint."""
        self.settle_now(decoded(messages), messages[-1].sequence)

    def settle_now(self, batch: Decoded, last: int) -> None:
        if batch.unreadable:
            self._write_around(batch.events, last, batch.unreadable)
        else:
            self.write(batch.events, last)

    def write(self, events: Sequence[RecordedEvent], last: int) -> None:
        """All models in one transaction; what one of them can't take is set aside."""
        try:
            with self._engine.begin() as connection:
                for model in self._models:
                    done = self._positions[model.name]
                    if done < last:
                        self._move(connection, model, last)
                        model.write(connection, [e for e in events if e.sequence > done])
        except Exception as error:
            if not is_row_fault(error):
                raise
            self._write_around(events, last, ())
        else:
            self._moved_to(last)

    def _write_around(
        self,
        events: Sequence[RecordedEvent],
        last: int,
        unreadable: Sequence[tuple[Message, UnreadableEventError]],
    ) -> None:
        """Slowly, and only once a fault has shown."""
        with self._engine.begin() as connection:
            for model in self._models:
                done = self._positions[model.name]
                if done < last:
                    self._move(connection, model, last)
                    own = [event for event in events if event.sequence > done]
                    found = write_around(connection, model, own)
                    found += [
                        SetAside(model.name, message.sequence, "", type(error).__name__)
                        for message, error in unreadable
                        if message.sequence > done
                    ]
                    set_aside.add(connection, found)
                    self._tell(found)
            self.set_aside = self._set_aside(connection)
        self._moved_to(last)

    def _move(self, connection: Connection, model: ReadModel, last: int) -> None:
        name = model.position_in(self.stream)
        checkpoints.move(connection, name, self._positions[model.name], last)

    def _tell(self, found: Sequence[SetAside]) -> None:
        for each in found if self._tells else ():
            structlog.get_logger().error(
                "an event is set aside",
                model=each.model,
                sequence=each.sequence,
                error=each.error,
            )

    def _moved_to(self, last: int) -> None:
        for model in self._models:
            self._positions[model.name] = max(last, self._positions[model.name])

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
        looking = asyncio.create_task(self._look_for_rebuilds())
        try:
            async with open_reader(client, ReadFrom(self.stream, start, name)) as reader:

                async def settle(batch: list[Message], found: Decoded, _: Turn) -> None:
                    await self.settle(found, batch[-1].sequence)
                    await reader.done_with(batch)
                    if listen:
                        listen(self.position)

                await work_through(reader, decoded, settle)
        finally:
            looking.cancel()
            await asyncio.gather(looking, return_exceptions=True)

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

    def _set_aside(self, connection: Connection) -> dict[str, int]:
        return set_aside.counts(connection, [model.name for model in self._models])

    async def catch_up(self, client: Client, until: int, listen: Listener | None = None) -> None:
        """Read from the checkpoint up to and including the sequence `until`, then stop."""
        start = await run_in(self._engine, self.begin) + 1
        if start > until:
            return

        def wanted(batch: list[Message]) -> Decoded:
            return decoded([message for message in batch if message.sequence <= until])

        async def settle(batch: list[Message], found: Decoded, _: Turn) -> None:
            last = min(batch[-1].sequence, until)
            await run_in(self._engine, self.settle_now, found, last)
            if listen:
                listen(self.position)
            if last == until:
                raise _CaughtUp

        async with open_reader(client, ReadFrom(self.stream, start, batch=REPLAY_BATCH)) as reader:
            with suppress(_CaughtUp):
                await work_through(reader, wanted, settle)


class _CaughtUp(Exception):  # noqa: N818  how `work_through` ends
    pass
