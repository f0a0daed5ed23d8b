"""Events of one stream into commands of ours; ids derived from the events make twice harmless."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from shared.contracts.routing import log_of
from shared.eventsourcing.codec import PLAIN, Codec
from shared.eventsourcing.envelope import Envelope, Outcome
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.dead_letters import bury
from shared.eventsourcing.jetstream.positions import Position, PositionKeeper
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader
from shared.eventsourcing.learning import begun, made_good, names_of
from shared.eventsourcing.pipeline import Turn, work_through
from shared.eventsourcing.reaction import Reaction
from shared.eventsourcing.settling import settle
from shared.eventsourcing.waiting import first_to_wait

BATCH = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What a message asks for: commands, or an error that stands against it."""

    message: Message
    envelopes: Sequence[Envelope] = field(default_factory=tuple)
    error: Exception | None = None


class Handles(Protocol):
    """What carries commands out: a command handler, or what does something else besides."""

    async def handle(self, envelopes: Sequence[Envelope]) -> list[Outcome]: ...


class Reactor:
    """One reaction at work. `redrive` works in any process, `run` in the one that owns it."""

    def __init__(
        self, client: Client, reaction: Reaction, handler: Handles, codec: Codec = PLAIN
    ) -> None:
        self._client = client
        self._codec = codec
        self._service = reaction.service
        self._reaction = reaction
        self._handler = handler
        self._publisher = Publisher(client)
        self._keeper = PositionKeeper(client, reaction.service, reaction.name)
        self._handles = names_of(reaction.handles)
        self._writes = log_of(reaction.service)
        self.stream = reaction.stream

    @property
    def position(self) -> int:
        return self._keeper.position.sequence

    async def run(self) -> None:
        """Follow the stream until cancelled."""
        await self._begin()
        name = f"{self._service}-{self._reaction.name}"
        filters = self._reaction.filters
        source = ReadFrom(self.stream, self.position + 1, name, filters, BATCH)
        async with open_reader(self._client, source) as reader:

            async def work(batch: list[Message], asked: list[Asked], turn: Turn) -> None:
                await self._settle(asked, turn)
                await reader.done_with(batch)

            await work_through(reader, self._prepare, work)

    async def redrive(self, message: Message) -> Exception | None:
        """Try a dead message once more; what still stands against it. What it does not handle, it
        has not failed at: several reactions may follow one stream."""
        if not any(message.subject.startswith(each[:-1]) for each in self._reaction.filters):
            return None
        (error,), _ = await self._carry_out(self._prepare([message]))
        return error

    async def _begin(self) -> None:
        """Where we were; and what an older process skipped because it did not know it, is done."""
        await begun(self._client, self._keeper, self._writes)
        handles = self._reaction.handles
        await made_good(self._client, self._keeper, self.stream, handles, self._make_good)

    async def _make_good(self, batch: list[Message]) -> None:
        asked = self._prepare(batch)
        errors, _ = await self._carry_out(asked)
        if waits := first_to_wait(errors):
            raise waits[1]
        await self._bury(asked, errors)

    def _prepare(self, batch: list[Message]) -> list[Asked]:
        return [self._ask(message) for message in batch]

    def _ask(self, message: Message) -> Asked:
        try:
            recorded = self._codec.decode(message.headers, message.body, message.sequence)
            return Asked(message, self._reaction.ask(recorded))
        except Exception as error:  # noqa: BLE001  a fault of ours must cost only this message
            return Asked(message, error=error)

    async def _settle(self, asked: list[Asked], turn: Turn) -> None:
        """Commands, then DEAD, then the position."""
        errors, wrote = await self._carry_out(asked)

        async def put_down(done: int) -> None:
            await self._bury(asked[:done], errors[:done])
            through = asked[done - 1].message.sequence
            wrote_to = max(wrote, self._keeper.position.wrote)
            await self._keeper.move(Position(through, self._handles, wrote_to))

        await settle(errors, turn, put_down)

    async def _bury(self, asked: Sequence[Asked], errors: Sequence[Exception | None]) -> None:
        for item, error in zip(asked, errors, strict=True):
            if error is not None:
                await bury(self._publisher, self._service, self.stream, item.message, error)

    async def _carry_out(self, asked: Sequence[Asked]) -> tuple[list[Exception | None], int]:
        """What stands against each, if anything does; and how far the log was written."""
        envelopes = [envelope for item in asked for envelope in item.envelopes]
        outcomes = await self._handler.handle(envelopes)
        remaining = iter(outcomes)
        errors = []
        for item in asked:
            own = [next(remaining).error for _ in item.envelopes]
            errors.append(item.error or _heaviest(own))
        return errors, max((outcome.sequence for outcome in outcomes), default=0)


def _heaviest(errors: Sequence[Exception | None]) -> Exception | None:
    """Of what stands against the commands of one message: what has to wait, or else the first. A
    message of which a command has to wait is not done, whatever became of the others."""
    waits = first_to_wait(errors)
    return waits[1] if waits else next((error for error in errors if error), None)
