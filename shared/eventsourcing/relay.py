"""One stream into another through a pure function: each event once, and never by two at a time.

The server keeps in each message which batch it came with. So while there is much to look through,
what passes is carried on until it is a whole batch by itself: as many messages as were read would
say of each batch how many of them did not pass.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.contracts.event import Event
from shared.eventsourcing.codec import PLAIN, Codec
from shared.eventsourcing.event_store import NewEvent, RecordedEvent
from shared.eventsourcing.headers import header
from shared.eventsourcing.jetstream.alone import Alone
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.dead_letters import bury
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.positions import Position, PositionKeeper
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader
from shared.eventsourcing.jetstream.tail import Tail
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.eventsourcing.jetstream.written import Written
from shared.eventsourcing.learning import begun, learned, made_good, names_of
from shared.eventsourcing.pipeline import Turn, work_through
from shared.eventsourcing.settling import settle
from shared.eventsourcing.waiting import first_to_wait

BATCH = 500


@dataclass(frozen=True)
class Passage:
    """What passes from `stream` to `target`: `release` gives the id and event that an event leads
    to there, or None; `id_of` is that id alone, for who only asks whether it is there. They see
    only the types that it `handles`. Its `name` is that of its position, for ever; `mark` are
    headers that each of its messages carries; `recorded` is what they say of the moment at which
    they are recorded."""

    name: str
    stream: str
    target: str
    handles: tuple[type[Event], ...]
    release: Callable[[RecordedEvent], tuple[str, Event] | None]
    id_of: Callable[[RecordedEvent], str | None]
    mark: dict[str, str]
    recorded: Callable[[datetime], datetime] = lambda moment: moment


@dataclass(frozen=True, slots=True)
class Passed:
    """An event on its way into the target, and the message that it is there."""

    event: Event
    outgoing: Outgoing


@dataclass(frozen=True, slots=True)
class Released:
    """What a message leads to: an event to publish, nothing, or an error."""

    message: Message
    passed: Passed | None = None
    error: Exception | None = None


class Relay:
    """One passage at work. `redrive` works in any process, `run` in the one that owns it."""

    def __init__(
        self,
        client: Client,
        service: str,
        passage: Passage,
        now: Callable[[], datetime],
        codec: Codec = PLAIN,
        written: Written | None = None,
    ) -> None:
        self._client = client
        self._codec = codec
        self._service = service
        self._passage = passage
        self._now = now
        self._publisher = Publisher(client)
        self._keeper = PositionKeeper(client, service, passage.name)
        self._tail = Tail(client, self._publisher, passage.target, passage.mark, written)
        self._alone = Alone(client, self._publisher, passage.target)
        self._handles = names_of(passage.handles)
        self._was_there = 0
        self._carried: list[tuple[int, Outgoing]] = []
        self.stream = passage.stream

    @property
    def position(self) -> int:
        return self._keeper.position.sequence

    async def run(self) -> None:
        """Follow the stream until cancelled."""
        await self._begin()
        name = f"{self._service}-{self._passage.name}"
        source = ReadFrom(self.stream, self.position + 1, name, batch=BATCH)
        async with open_reader(self._client, source) as reader:

            async def work(batch: list[Message], released: list[Released], turn: Turn) -> None:
                await self._settle(released, turn)
                await reader.done_with(batch)

            await work_through(reader, self._prepare, work)

    async def redrive(self, message: Message) -> Exception | None:
        """Try a dead message once more; what still stands against it."""
        (released,) = self._prepare([message])
        if passed := released.passed:
            await self._alone.append(passed.outgoing, passed.event.subjects)
        return released.error

    async def _begin(self) -> None:
        """Where we were; what was published after that is known by its ids, and not done again.

        What was there when we began, somebody may have published before us: only beyond it the
        position says that nothing needs looking at, else a second death would forget what is there.
        """
        handles = self._passage.handles
        at = await begun(self._client, self._keeper, self._passage.target)
        self._carried.clear()
        # What we learn, a process may have published that knew it before an older one came back.
        await self._tail.begin(0 if learned(handles, at) else at.wrote)
        self._was_there = await ends_at(self._client, self.stream)
        await made_good(self._client, self._keeper, self.stream, handles, self._make_good)

    async def _make_good(self, batch: list[Message]) -> None:
        released = self._prepare(batch)
        if waits := first_to_wait(each.error for each in released):
            raise waits[1]
        for each in released:
            await self._publish([each])

    def _prepare(self, batch: list[Message]) -> list[Released]:
        now = self._now()
        return [self._released(message, now) for message in batch]

    def _released(self, message: Message, now: datetime) -> Released:
        if header(message.headers, "ce-type") not in self._handles:
            return Released(message)
        try:
            recorded = self._codec.decode(message.headers, message.body, message.sequence)
            released = self._passage.release(recorded)
            if released is None:
                return Released(message)
            event_id, event = released
            recorded_at = self._passage.recorded(max(now, recorded.recorded_at))
            new = NewEvent(event_id, event, 0, recorded_at, "", "", "")
            subject, headers, body = self._codec.encode(new)
            outgoing = Outgoing(subject, body, headers | self._passage.mark)
            return Released(message, Passed(event, outgoing))
        except Exception as error:  # noqa: BLE001  a fault of ours must cost only this message
            return Released(message, error=error)

    async def _settle(self, released: Sequence[Released], turn: Turn) -> None:
        """The target, then DEAD, then the position."""

        async def put_down(done: int) -> None:
            await self._publish(released[:done], more=await self._goes_on(released[:done]))
            through, wrote = released[done - 1].message.sequence, self._keeper.position.wrote
            if self._carried:
                through = max(self._carried[0][0] - 1, self.position)
            if through >= self._was_there:
                self._tail.forget()
                wrote = wrote if self._tail.ahead else self._tail.end
            await self._keeper.move(Position(through, self._handles, wrote))

        await settle([each.error for each in released], turn, put_down)

    async def _goes_on(self, released: Sequence[Released]) -> bool:
        """Whether as much was read as is read at once, and there is more behind it."""
        is_full = len(released) >= BATCH
        return is_full and await ends_at(self._client, self.stream) > released[-1].message.sequence

    async def _publish(self, released: Sequence[Released], *, more: bool = False) -> None:
        """With `more` to come, whole batches only."""
        passed = [(each.message.sequence, each.passed) for each in released if each.passed]
        self._carried += [(sequence, each.outgoing) for sequence, each in passed]
        while self._carried and (len(self._carried) >= BATCH or not more):
            await self._tail.append([outgoing for _, outgoing in self._carried[:BATCH]])
            del self._carried[:BATCH]
        for each in released:
            if each.error is not None:
                await bury(self._publisher, self._service, self.stream, each.message, each.error)
