"""Takes in what one upstream source sends: every message gets one receipt, or lies in DEAD."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from shared.contracts.identity import command_id
from shared.contracts.receipt import Accepted, Problem, Refused
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope, Outcome
from shared.eventsourcing.errors import DomainError
from shared.eventsourcing.inbox.parse import RefusalError, Upstream, parse
from shared.eventsourcing.inbox.receipts import ReceiptWriter
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.dead_letters import bury
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader
from shared.eventsourcing.pipeline import work_through

BATCH = 500


@dataclass(frozen=True, slots=True)
class Prepared:
    """One message with the command it asks for, or the error that stands against it."""

    message: Message
    kind: str
    ce_id: str | None = None
    envelope: Envelope | None = None
    error: Exception | None = None


@dataclass
class Tally:
    """What became of the messages since the service started."""

    accepted: int = 0
    duplicate: int = 0
    refused: int = 0
    dead: int = 0


class Inbox:
    """`translate` makes the command of a message; it may raise RefusalError."""

    def __init__(
        self,
        client: Client,
        service: str,
        source: str,
        handler: CommandHandler,
        translate: Callable[[Upstream], object],
    ) -> None:
        self._client = client
        self._service = service
        self.source = source
        self._handler = handler
        self._translate = translate
        self._publisher = Publisher(client)
        self._receipts = ReceiptWriter(client, self._publisher, source)
        self._one_at_a_time = asyncio.Lock()
        self.stream = f"INBOX_{source.upper()}"
        self.tally = Tally()

    @property
    def position(self) -> int:
        return self._receipts.through

    async def run(self) -> None:
        """Follow the inbox until cancelled."""
        start = await self._receipts.begin() + 1
        durable = f"{self._service}-inbox"
        source = ReadFrom(self.stream, start, durable, batch=BATCH)
        async with open_reader(self._client, source) as reader:

            async def settle(batch: list[Message], prepared: list[Prepared]) -> None:
                await self._settle(prepared, through=batch[-1].sequence)
                await reader.done_with(batch)

            await work_through(reader, self._prepare_all, settle)

    async def redrive(self, message: Message) -> Exception | None:
        """Try a dead message once more; what still stands against it, if anything of ours does."""
        prepared = [self._prepare(message)]
        errors = await self._settle(prepared, through=self._receipts.through, keep_dead=False)
        return errors[0] if errors else None

    def _prepare_all(self, batch: list[Message]) -> list[Prepared]:
        return [self._prepare(message) for message in batch]

    def _prepare(self, message: Message) -> Prepared:
        kind = message.subject.removeprefix(f"inbox.{self.source}.")
        ce_id = None
        try:
            upstream = parse(self.source, kind, message.headers, message.body)
            ce_id = upstream.ce_id
            command = self._translate(upstream)
        except RefusalError as refusal:
            return Prepared(message, kind, ce_id or refusal.ce_id, error=refusal)
        except Exception as error:  # noqa: BLE001  a fault of ours must cost only this message
            return Prepared(message, kind, ce_id, error=error)
        envelope = Envelope(
            command,
            id=command_id("inbox", self.source, ce_id),
            correlation_id=upstream.correlation_id,
            causation_id=ce_id,
            cause=f"{self.stream}/{message.sequence}",
        )
        return Prepared(message, kind, ce_id, envelope)

    async def _settle(
        self, batch: Sequence[Prepared], through: int, *, keep_dead: bool = True
    ) -> list[Exception]:
        """Commands, then DEAD, then the receipts: only they move the inbox on."""
        async with self._one_at_a_time:
            asked = [item for item in batch if item.envelope is not None]
            outcomes = await self._handler.handle([i.envelope for i in asked if i.envelope])
            answers = dict(zip((i.message.sequence for i in asked), outcomes, strict=True))
            accepted, refused, faults = [], [], []
            for item in batch:
                outcome = answers.get(item.message.sequence)
                error = item.error or (outcome.error if outcome else None)
                if outcome is not None and error is None:
                    accepted.append(_accepted(item, outcome))
                elif problem := _problem(error):
                    refused.append(_refused(item, problem))
                elif error is not None:
                    faults.append(error)
                    if keep_dead:
                        await bury(self._publisher, self._service, self.stream, item.message, error)
            if keep_dead or not faults:
                await self._receipts.write(accepted, refused, through)
            self._count(accepted, refused, faults)
            return faults

    def _count(
        self, accepted: list[Accepted], refused: list[Refused], faults: list[Exception]
    ) -> None:
        duplicates = sum(receipt.duplicate for receipt in accepted)
        self.tally.accepted += len(accepted) - duplicates
        self.tally.duplicate += duplicates
        self.tally.refused += len(refused)
        self.tally.dead += len(faults)


def _accepted(item: Prepared, outcome: Outcome) -> Accepted:
    return Accepted(
        ce_id=item.ce_id or "",
        inbox_sequence=item.message.sequence,
        kind=item.kind,
        id=outcome.aggregate_id,
        sequence=outcome.sequence,
        duplicate=outcome.duplicate,
    )


def _refused(item: Prepared, problem: Problem) -> Refused:
    return Refused(
        ce_id=item.ce_id,
        inbox_sequence=item.message.sequence,
        kind=item.kind[:100],
        problem=problem,
    )


def _problem(error: Exception | None) -> Problem | None:
    """A refusal is the sender's to mend; anything else is ours and gets no problem."""
    if isinstance(error, RefusalError):
        return error.problem
    if isinstance(error, DomainError):
        return RefusalError("Forbidden now", str(error)).problem
    return None
