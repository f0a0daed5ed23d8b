"""What inspectors decide about a report, each on what they have seen of it."""

from collections.abc import Sequence
from typing import Any

from services.intake.by_staff import ByStaff
from services.intake.domain.check import OpenCheck
from services.intake.domain.course import Course
from services.intake.domain.duplicate import PartDuplicate
from services.intake.domain.report import AnswerReport
from services.intake.domain.settlement import Settlement
from shared.contracts.report import ReportFiled
from shared.contracts.roles import Role
from shared.eventsourcing.errors import DomainError
from shared.eventsourcing.event_store import AggregateKey, EventStore, RecordedEvent
from shared.runtime.clock import Clock

Act = Settlement | Course | PartDuplicate | AnswerReport | OpenCheck

INSPECTOR: Role = "inspector"


class MovedOnError(DomainError):
    """`since` happened to the report after it was looked at."""

    def __init__(self, since: Sequence[RecordedEvent]) -> None:
        super().__init__("Something has happened to the report meanwhile.")
        self.since = since


class Deciding:
    """`closed` reads the log as whoever has no keys: what is sealed stays so."""

    def __init__(self, by_staff: ByStaff, closed: EventStore, clock: Clock) -> None:
        self._by_staff = by_staff
        self._closed = closed
        self.now = clock.now

    def names(self) -> dict[str, str]:
        return self._by_staff.names()

    def name_of(self, who: str) -> str:
        return self._by_staff.name_of(who)

    async def history(self, report_id: str) -> Sequence[RecordedEvent]:
        """Nothing of a report that nobody filed."""
        events = await self._closed.load(AggregateKey("intake", "report", report_id))
        return events if any(isinstance(each.event, ReportFiled) for each in events) else ()

    async def act(self, who: str, report_id: str, seen: int, command: Any) -> bool:
        """`seen` is of how many events they knew. Whether anything changed by it. Raises
        DomainError."""
        self._by_staff.require(who, INSPECTOR)
        events = await self.history(report_id)
        if len(events) != seen:
            raise MovedOnError(events[seen:])
        outcome = await self._by_staff.carry_out(command, INSPECTOR, who)
        return not outcome.duplicate
