"""Finds by its code what became of a report, from the log and the commitments that it led to."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from services.intake.trail.codes import ReceiptCodes
from services.intake.trail.said import Said, said_in
from services.intake.trail.steps import Steps, heads_in, steps_of
from shared.contracts.identity import aggregate_id
from shared.eventsourcing.event_store import AggregateKey, EventStore
from shared.eventsourcing.projections.read_model import Row

LedTo = Callable[[str], Awaitable[Sequence[Row]]]
IsPublic = Callable[[str], Awaitable[bool]]


@dataclass(frozen=True)
class Trace:
    steps: Steps
    said: Sequence[Said]
    commitments: Sequence[Row]


@dataclass(frozen=True)
class Tracing:
    """`opened` reads what the body answered and asked, which is sealed under the report's key."""

    source: str
    codes: ReceiptCodes
    opened: EventStore
    led_to: LedTo
    is_public: IsPublic

    async def trace(self, code: str) -> Trace | None:
        """None for a code that no report has, or none yet. Raises NoTurnError."""
        name = await self.codes.name_of(code)
        report_id = aggregate_id("report", self.source, name)
        events = await self.opened.load(AggregateKey("intake", "report", report_id))
        public = {each for each in heads_in(events) if await self.is_public(each)}
        steps = steps_of(events, public)
        if steps is None:
            return None
        said = said_in(await self.opened.load(AggregateKey("intake", "exchange", report_id)))
        return Trace(steps, said, await self.led_to(report_id))
