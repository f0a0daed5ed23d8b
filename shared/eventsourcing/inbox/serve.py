"""Takes in what one upstream source sends: every message gets one receipt, or lies in DEAD."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from shared.contracts.receipt import Accepted, Refused
from shared.contracts.routing import inbox_of, log_of
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.digests import Digests
from shared.eventsourcing.errors import TooLargeError, TryLaterError
from shared.eventsourcing.event_store import AggregateKey, nobody_listens
from shared.eventsourcing.inbox.letters import KEYLESS, ClosedLetterError, Letters
from shared.eventsourcing.inbox.parse import RefusalError, Upstream, harmless
from shared.eventsourcing.inbox.prepare import (
    Ahead,
    Moment,
    Preparation,
    Prepared,
    Read,
    Translate,
    nothing_ahead,
    receipt_for,
)
from shared.eventsourcing.inbox.receipts import ReceiptWriter
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.dead_letters import buried, bury, forget
from shared.eventsourcing.jetstream.ends import newest
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader
from shared.eventsourcing.pipeline import Turn, work_through
from shared.eventsourcing.settling import settle
from shared.eventsourcing.waiting import first_to_wait

BATCH = 500

Receipt = Accepted | Refused | Exception


class BuriedError(Exception):
    """It lies in DEAD since a batch that never came to its receipts; a redrive gives it its own."""


@dataclass
class Tally:
    """What became of the messages since the service started."""

    accepted: int = 0
    duplicate: int = 0
    refused: int = 0
    dead: int = 0
    expired: int = 0


@dataclass(frozen=True)
class UnderWay:
    """The batch whose events are on their way into the log, and the aggregates it is about. `done`
    raises what it failed for."""

    keys: set[AggregateKey]
    done: "asyncio.Future[list[Receipt]]"

    async def left_something(self) -> bool:
        """Whether something of it has to wait, told when it is done."""
        return first_to_wait(_errors(await asyncio.shield(self.done))) is not None


class Inbox:
    """The inbox of one source. `redrive` works in any process, `run` in the one that owns it."""

    def __init__(
        self,
        client: Client,
        service: str,
        source: str,
        handler: CommandHandler,
        translate: Translate,
        moment: Moment,
        digests: Digests,
        letters: Letters = KEYLESS,
        ahead: Ahead = nothing_ahead,
    ) -> None:
        self._client = client
        self._ahead = ahead
        self._letters = letters
        self._service = service
        self.source = source
        self.stream = inbox_of(source)
        self._handler = handler
        self._preparation = Preparation(source, self.stream, translate, moment, digests)
        self._publisher = Publisher(client)
        self._receipts = ReceiptWriter(
            client, self._publisher, source, log_of(service), digests.fingerprint
        )
        self._buried: set[int] = set()
        self._under_way: UnderWay | None = None
        self.tally = Tally()

    @property
    def position(self) -> int:
        return self._receipts.through

    async def run(self) -> None:
        """Follow the inbox until cancelled."""
        start = await self._begin() + 1
        self._under_way = None
        name, gone = f"{self._service}-inbox", self._receipts.furthest
        source = ReadFrom(self.stream, start, name, batch=BATCH, gaps_through=gone)
        async with open_reader(self._client, source) as reader:

            async def work(batch: list[Message], prepared: list[Prepared], turn: Turn) -> None:
                await self._settle(prepared, turn)
                await reader.done_with(batch)

            await work_through(reader, self._prepare, work)

    async def _begin(self) -> int:
        """The position, moved beyond what was forgotten unread: that is told once, in RECEIPTS.
        What had been taken in before, and was deleted for its words, was not unread.

        What is to be taken in again has no dead letters any more; until here they are its trace.
        """
        through = await self._receipts.begin()
        state = (await self._client.jetstream().stream_info(self.stream)).state
        first = state.first_seq
        self._receipts.furthest = min(self._receipts.furthest, max(state.last_seq, through))
        if self._receipts.begins_again:
            await forget(self._client, self._service, self.stream, max(through, first - 1))
        if expired := max(0, first - 1 - self._receipts.furthest):
            await self._receipts.write([], [], first - 1, expired)
            self.tally.expired += expired
            log = structlog.get_logger()
            log.error("expired before anybody read them", stream=self.stream, messages=expired)
        elif self._receipts.furthest > through and not await self._holds_more_than(through):
            await self._receipts.write([], [], self._receipts.furthest)
        self._buried = await buried(self._client, self._service, self.stream)
        return self.position

    async def _holds_more_than(self, through: int) -> bool:
        last = await newest(self._client, self.stream, ">")
        return last is not None and last.sequence > through

    async def redrive(self, message: Message) -> Exception | None:
        """Try a dead message once more; what still stands against it, if anything of ours does."""
        if message.sequence > await self._receipts.has_come_to():
            return TryLaterError("the batch that it came in is not done yet")
        try:
            message = self._letters.shown(self.stream, message)
        except ClosedLetterError as error:
            return error
        prepared = self._preparation.prepare(message, self._preparation.read(message))
        (receipt,) = await self._carry_out([prepared])
        if isinstance(receipt, Exception):
            return receipt
        await self._receipts.write_redriven(receipt)
        self._count([receipt])
        return None

    async def give_up(self, message: Message) -> bool:
        """Refuse a dead message that is not kept any longer; False if its batch is not done yet."""
        if await self._receipts.has_come_to() < message.sequence:
            return False
        error = RefusalError(
            "Not kept any longer",
            "It could not be taken in, and lay there for as long as the body keeps such data.",
            ce_id=harmless(message.headers.get("ce-id")),
        )
        kind = message.subject.removeprefix(f"inbox.{self.source}.")
        receipt = receipt_for(Prepared(message, kind, error.ce_id, error=error), None)
        await self._receipts.write_redriven(receipt)  # type: ignore[arg-type]
        self._count([receipt])
        return True

    def _prepare(self, batch: list[Message]) -> list[Prepared]:
        read = [self._read(message) for message in batch]
        with self._ahead([each for each in read if isinstance(each, Upstream)]):
            return [
                Prepared(message, "", error=BuriedError())
                if isinstance(each, BuriedError)
                else self._preparation.prepare(message, each)
                for message, each in zip(batch, read, strict=True)
            ]

    def _read(self, message: Message) -> Read:
        is_buried = message.sequence in self._buried
        return BuriedError() if is_buried else self._preparation.read(message)

    async def _settle(self, batch: Sequence[Prepared], turn: Turn) -> None:
        """Commands, then DEAD, then the receipts: only they move the inbox on."""
        receipts = await self._in_order(batch, turn)
        errors = _errors(receipts)

        async def put_down(done: int) -> None:
            for item, error in zip(batch[:done], errors, strict=False):
                if error is not None and not isinstance(error, BuriedError):
                    message = self._letters.hidden(self.stream, item.message)
                    await bury(self._publisher, self._service, self.stream, message, error)
            await self._answer(batch[:done], receipts[:done])

        await settle(errors, turn, put_down)

    async def _in_order(self, batch: Sequence[Prepared], turn: Turn) -> list[Receipt]:
        """While events are on their way, the next batch is decided, if it is about others."""
        keys = self._handler.keys([item.envelope for item in batch if item.envelope is not None])
        before = self._under_way
        if before and keys & before.keys and await before.left_something():
            await turn.comes()
        done = asyncio.get_running_loop().create_future()
        self._under_way = UnderWay(keys, done)
        try:
            receipts = await self._carry_out(batch, turn.let_next_begin)
        except Exception as error:
            done.set_exception(error)
            done.exception()  # nobody need be waiting for it
            raise
        else:
            done.set_result(receipts)
            return receipts
        finally:
            done.cancel()  # unless it is done, as it is but for a task that is ended from without

    async def _answer(self, batch: Sequence[Prepared], receipts: Sequence[Receipt]) -> None:
        """In halves if they are more than a message takes: refusals can be long."""
        try:
            await self._receipts.write(
                [receipt for receipt in receipts if isinstance(receipt, Accepted)],
                [receipt for receipt in receipts if isinstance(receipt, Refused)],
                through=self._through(batch[-1].message),
            )
        except TooLargeError:
            if len(batch) == 1:
                raise
            half = len(batch) // 2
            await self._answer(batch[:half], receipts[:half])
            await self._answer(batch[half:], receipts[half:])
        else:
            self._count(receipts)

    def _through(self, last: Message) -> int:
        """Behind the last message that there is, only such are missing as were taken in before."""
        return max(last.sequence, self._receipts.furthest) if not last.pending else last.sequence

    async def _carry_out(
        self, batch: Sequence[Prepared], sent: Callable[[], None] = nobody_listens
    ) -> list[Receipt]:
        envelopes = [item.envelope for item in batch if item.envelope is not None]
        outcomes = iter(await self._handler.handle(envelopes, sent))
        return [receipt_for(item, next(outcomes) if item.envelope else None) for item in batch]

    def _count(self, receipts: Sequence[Receipt]) -> None:
        accepted = [receipt for receipt in receipts if isinstance(receipt, Accepted)]
        duplicates = sum(receipt.duplicate for receipt in accepted)
        self.tally.accepted += len(accepted) - duplicates
        self.tally.duplicate += duplicates
        self.tally.refused += sum(isinstance(receipt, Refused) for receipt in receipts)
        self.tally.dead += sum(isinstance(receipt, Exception) for receipt in receipts)


def _errors(receipts: Sequence[Receipt]) -> list[Exception | None]:
    return [each if isinstance(each, Exception) else None for each in receipts]
