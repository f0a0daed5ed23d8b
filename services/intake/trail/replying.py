"""Takes what whoever has the code of a report says to the body."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.exchange import Reply
from services.intake.trail.codes import ReceiptCodes
from shared.contracts import actor
from shared.contracts.identity import aggregate_id
from shared.contracts.report import ReportErased
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.digests import Digests
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.errors import DomainError
from shared.eventsourcing.event_store import AggregateKey, EventStore


class NoReportError(DomainError):
    pass


class ErasedReportError(DomainError):
    pass


@dataclass(frozen=True)
class Replying:
    """`closed` needs no keys. Nothing in the log says who replied."""

    source: str
    codes: ReceiptCodes
    digests: Digests
    closed: EventStore
    handler: CommandHandler
    now: Callable[[], datetime]

    async def report_of(self, code: str) -> str:
        """The id that a report with this code has, if there is one. Raises NoTurnError."""
        return aggregate_id("report", self.source, await self.codes.name_of(code))

    async def reply(self, code: str, once: str, words: str) -> None:
        """The same form twice is one reply. Raises NoTurnError, DomainError, TryLaterError."""
        report_id = await self.report_of(code)
        events = await self.closed.load(AggregateKey("intake", "report", report_id))
        if not events:
            raise NoReportError("No report has this code.")
        if any(isinstance(each.event, ReportErased) for each in events):
            raise ErasedReportError("The report was erased: nothing more is kept of it.")
        known_as = self.digests.of("reply", report_id, once)
        command = Reply(report_id, words, self.now())
        said_by = actor.source(self.source)
        envelope = Envelope(command, id=known_as, correlation_id=known_as, actor=said_by)
        await self.handler.carry_out(envelope)
