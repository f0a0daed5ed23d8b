"""Keeps read models up to date: a batch of events and the checkpoint in one transaction."""

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import Engine

from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader
from shared.eventsourcing.pipeline import finished
from shared.eventsourcing.projections import checkpoints
from shared.eventsourcing.projections.database import run_in
from shared.eventsourcing.projections.read_model import ReadModel

REPLAY_BATCH = 4000

Listener = Callable[[int], None]


def prepare(engine: Engine, models: Iterable[ReadModel]) -> None:
    """Create the tables and checkpoints that are not there yet."""
    checkpoints.metadata.create_all(engine)
    for model in models:
        model.table.create(engine, checkfirst=True)
    with engine.begin() as connection:
        for model in models:
            checkpoints.register(connection, model.name)


class Projector:
    """One stream into the read models that derive from it, read and decoded once for all."""

    def __init__(self, engine: Engine, models: Sequence[ReadModel]) -> None:
        (self.stream,) = {model.stream for model in models}
        self._engine = engine
        self._models = models
        self._positions: dict[str, int] = {}

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
        return self.position

    def apply(self, messages: Sequence[Message]) -> None:
        """One batch. Raises ConcurrencyError if another projector moved a checkpoint."""
        last = messages[-1].sequence
        events = [
            recorded
            for message in messages
            if (recorded := decode(message.headers, message.body, message.sequence)) is not None
        ]
        self.write(events, last)

    def write(self, events: Sequence[RecordedEvent], last: int) -> None:
        with self._engine.begin() as connection:
            for model in self._models:
                done = self._positions[model.name]
                if done < last:
                    model.write(connection, [e for e in events if e.sequence > done])
                    checkpoints.move(connection, model.name, done, last)
        for model in self._models:
            self._positions[model.name] = max(last, self._positions[model.name])

    async def run(
        self, client: Client, durable: str | None, listen: Listener | None = None
    ) -> None:
        """Follow the stream until cancelled."""
        start = await run_in(self._engine, self.begin) + 1
        async with open_reader(client, ReadFrom(self.stream, start, durable)) as reader:
            while True:
                batch = await reader.next()
                await finished(run_in(self._engine, self.apply, batch))
                await reader.done_with(batch)
                if listen:
                    listen(self.position)

    async def catch_up(self, client: Client, until: int, listen: Listener | None = None) -> None:
        """Read from the checkpoint up to and including the sequence `until`, then stop."""
        start = await run_in(self._engine, self.begin) + 1
        if start > until:
            return
        async with open_reader(client, ReadFrom(self.stream, start, batch=REPLAY_BATCH)) as reader:
            while self.position < until:
                batch = [message for message in await reader.next() if message.sequence <= until]
                await run_in(self._engine, self.apply, batch)
                if listen:
                    listen(self.position)
