"""Keeps read models up to date: a batch of events and the checkpoint in one transaction."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

from shared.eventsourcing.codec import PLAIN, Codec
from shared.eventsourcing.errors import UnreadableEventError
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader
from shared.eventsourcing.lease import heed_lease
from shared.eventsourcing.pipeline import Turn, work_through
from shared.eventsourcing.projections import checkpoints, set_aside
from shared.eventsourcing.projections.around import is_row_fault, write_around
from shared.eventsourcing.projections.database import run_in
from shared.eventsourcing.projections.prepare import prepare
from shared.eventsourcing.projections.read_model import ReadModel
from shared.eventsourcing.projections.set_aside import SetAside

__all__ = ["Projector", "prepare"]

REPLAY_BATCH = 8000
"""Keys are spread over a whole tree: half as large a batch wrote half as much again."""
LOOKED_AT_EVERY_S = 0.5

Listener = Callable[[int], None]


class Projector:
    """One stream into the read models that derive from it, read and decoded once for all."""

    def __init__(
        self,
        engine: Engine,
        models: Sequence[ReadModel],
        codec: Codec = PLAIN,
        *,
        tells: bool = True,
    ) -> None:
        (self.stream,) = {model.stream for model in models}
        self._engine = engine
        self._models = models
        self._codec = codec
        self._tells = tells
        self._positions: dict[str, int] = {}
        self.set_aside: dict[str, int] = {}

    @property
    def position(self) -> int:
        """The sequence up to which all models are."""
        return min(self._positions.values(), default=0)

    def begin(self) -> int:
        """Read the checkpoints again: they are the only truth about what was applied."""
        with self._engine.connect().execution_options(reads_only=True) as connection:
            self._positions = {
                model.name: checkpoints.read(connection, model.name) for model in self._models
            }
            self.set_aside = self._set_aside(connection)
        return self.position

    def apply(self, messages: Sequence[Message]) -> None:
        """One batch. Raises ConcurrencyError if another projector moved a checkpoint."""
        self._settle(self._decoded(messages), messages[-1].sequence)

    def _decoded(self, messages: Sequence[Message]) -> "_Decoded":
        decoded = _Decoded([], [])
        for message in messages:
            try:
                recorded = self._codec.decode_known(message.headers, message.body, message.sequence)
            except UnreadableEventError as error:
                decoded.unreadable.append((message, error))
            else:
                if recorded is not None:
                    decoded.events.append(recorded)
        return decoded

    def _settle(self, batch: "_Decoded", last: int) -> None:
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
                        checkpoints.move(connection, model.name, done, last)
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
                    checkpoints.move(connection, model.name, done, last)
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

    async def run(self, client: Client, name: str, listen: Listener | None = None) -> None:
        """Follow the stream until cancelled."""
        start = await run_in(self._engine, self.begin) + 1
        looking = asyncio.create_task(self._look_for_rebuilds())
        try:
            async with open_reader(client, ReadFrom(self.stream, start, name)) as reader:

                async def settle(batch: list[Message], decoded: _Decoded, _: Turn) -> None:
                    await heed_lease()
                    await run_in(self._engine, self._settle, decoded, batch[-1].sequence)
                    await reader.done_with(batch)
                    if listen:
                        listen(self.position)

                await work_through(reader, self._decoded, settle)
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

    async def watch(self, listen: Listener | None = None) -> None:
        """Follow what another process writes into the same database, until cancelled."""
        told = -1
        while True:
            with suppress(OperationalError):
                await run_in(self._engine, self.begin)
            if listen and told != self.position:
                told = self.position
                listen(told)
            await asyncio.sleep(LOOKED_AT_EVERY_S)

    async def catch_up(self, client: Client, until: int, listen: Listener | None = None) -> None:
        """Read from the checkpoint up to and including the sequence `until`, then stop."""
        start = await run_in(self._engine, self.begin) + 1
        if start > until:
            return

        def wanted(batch: list[Message]) -> _Decoded:
            return self._decoded([message for message in batch if message.sequence <= until])

        async def settle(batch: list[Message], decoded: _Decoded, _: Turn) -> None:
            last = min(batch[-1].sequence, until)
            await run_in(self._engine, self._settle, decoded, last)
            if listen:
                listen(self.position)
            if last == until:
                raise _CaughtUp

        async with open_reader(client, ReadFrom(self.stream, start, batch=REPLAY_BATCH)) as reader:
            with suppress(_CaughtUp):
                await work_through(reader, wanted, settle)


class _CaughtUp(Exception):  # noqa: N818  how `work_through` ends
    pass


class _Decoded(NamedTuple):
    """What could be read of a batch, and what could not."""

    events: list[RecordedEvent]
    unreadable: list[tuple[Message, UnreadableEventError]]
