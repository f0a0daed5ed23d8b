"""The staff inquire of who filed a report, who finds it under their code."""

from services.intake.by_staff import ByStaff
from services.intake.domain.exchange import Inquire
from services.intake.protection import NoSuchReportError
from shared.contracts.report import ReportErased, ReportFiled
from shared.contracts.roles import Role
from shared.eventsourcing.errors import DomainError
from shared.eventsourcing.event_store import AggregateKey, EventStore
from shared.runtime.clock import Clock


class NobodyHasACodeError(DomainError):
    pass


class NothingKeptError(DomainError):
    pass


class Exchanging:
    """`form` is the source whose reports have codes, none where the charter has no form; `closed`
    needs no keys."""

    def __init__(
        self, by_staff: ByStaff, closed: EventStore, clock: Clock, form: str | None
    ) -> None:
        self._by_staff = by_staff
        self._closed = closed
        self._clock = clock
        self.form = form

    async def inquire(self, who: str, role: Role, report_id: str, words: str) -> None:
        """Raises DomainError."""
        self._by_staff.require(who, role)
        events = await self._closed.load(AggregateKey("intake", "report", report_id))
        filed = [each.event for each in events if isinstance(each.event, ReportFiled)]
        if not filed:
            raise NoSuchReportError("No such report was filed.")
        if filed[0].source != self.form:
            raise NobodyHasACodeError("It was not filed on the site, so nobody has a code for it.")
        if any(isinstance(each.event, ReportErased) for each in events):
            raise NothingKeptError("The report was erased: nothing more is kept of it.")
        await self._by_staff.carry_out(
            Inquire(report_id, role, words, self._clock.now()), role, who
        )
