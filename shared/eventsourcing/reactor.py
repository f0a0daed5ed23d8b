"""Another service's events into our commands; ids derived from the event make twice harmless."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine

from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.dead_letters import bury
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader
from shared.eventsourcing.pipeline import work_through
from shared.eventsourcing.projections import checkpoints
from shared.eventsourcing.projections.database import run_in

React = Callable[[RecordedEvent], Envelope | None]
BATCH = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What a message asks for: a command, nothing, or an error that stands against it."""

    message: Message
    envelope: Envelope | None = None
    error: Exception | None = None


class Reactor:
    """`react` gives the command that an event asks for, or None; `filters` narrow what is read."""

    def __init__(
        self,
        client: Client,
        engine: Engine,
        service: str,
        stream: str,
        handler: CommandHandler,
        react: React,
        filters: Sequence[str] = (),
    ) -> None:
        self._client = client
        self._engine = engine
        self._service = service
        self.stream = stream
        self._handler = handler
        self._react = react
        self._filters = filters
        self._publisher = Publisher(client)
        self.name = f"reactions_to_{stream.lower()}"
        self.position = 0

    async def run(self) -> None:
        """Follow the stream until cancelled."""
        self.position = await run_in(self._engine, self._begin)
        durable = f"{self._service}-reactions"
        source = ReadFrom(self.stream, self.position + 1, durable, self._filters, BATCH)
        async with open_reader(self._client, source) as reader:

            async def settle(batch: list[Message], asked: list[Asked]) -> None:
                await self._settle(asked)
                await run_in(self._engine, self._move, batch[-1].sequence)
                await reader.done_with(batch)

            await work_through(reader, self._prepare, settle)

    async def redrive(self, message: Message) -> Exception | None:
        """Try a dead message once more; what still stands against it."""
        failed = await self._carry_out(self._prepare([message]))
        return failed[0][1] if failed else None

    def _prepare(self, batch: list[Message]) -> list[Asked]:
        return [self._ask(message) for message in batch]

    def _ask(self, message: Message) -> Asked:
        try:
            recorded = decode(message.headers, message.body, message.sequence)
            return Asked(message, self._react(recorded) if recorded else None)
        except Exception as error:  # noqa: BLE001  a fault of ours must cost only this message
            return Asked(message, error=error)

    async def _settle(self, asked: list[Asked]) -> None:
        for message, error in await self._carry_out(asked):
            await bury(self._publisher, self._service, self.stream, message, error)

    async def _carry_out(self, asked: list[Asked]) -> list[tuple[Message, Exception]]:
        """Those that failed, with the reason."""
        wanted = [(item.message, item.envelope) for item in asked if item.envelope is not None]
        outcomes = await self._handler.handle([envelope for _, envelope in wanted])
        failed = [(item.message, item.error) for item in asked if item.error is not None]
        for (message, _), outcome in zip(wanted, outcomes, strict=True):
            if outcome.error is not None:
                failed.append((message, outcome.error))
        return failed

    def _begin(self) -> int:
        checkpoints.metadata.create_all(self._engine)
        with self._engine.begin() as connection:
            checkpoints.register(connection, self.name)
            return checkpoints.read(connection, self.name)

    def _move(self, sequence: int) -> None:
        with self._engine.begin() as connection:
            checkpoints.move(connection, self.name, self.position, sequence)
        self.position = sequence
