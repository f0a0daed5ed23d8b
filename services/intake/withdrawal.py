"""Takes back what is public of a report or check, for an editor of the charter's staff."""

from typing import Any

from pydantic import BaseModel

from services.intake.by_staff import EDITOR, ByStaff
from services.intake.domain.withdrawal import WithdrawCheck, WithdrawReport
from shared.contracts.values import Id, Line
from shared.runtime.clock import Clock


class _Withdraw(BaseModel):
    """`who` is an editor of the charter's staff; `reason` is shown to readers."""

    who: Line
    reason: Line


class WithdrawAReport(_Withdraw):
    report_id: Id


class WithdrawACheck(_Withdraw):
    check_id: Id


class Withdrawal:
    def __init__(self, by_staff: ByStaff, clock: Clock) -> None:
        self._by_staff = by_staff
        self._clock = clock

    async def of_report(self, asked: WithdrawAReport) -> dict[str, Any]:
        """Raises DomainError."""
        now = self._clock.now()
        command = WithdrawReport(asked.report_id, EDITOR, asked.reason, now)
        return await self._carry_out(command, asked.who)

    async def of_check(self, asked: WithdrawACheck) -> dict[str, Any]:
        """Raises DomainError."""
        now = self._clock.now()
        command = WithdrawCheck(asked.check_id, EDITOR, asked.reason, now)
        return await self._carry_out(command, asked.who)

    async def _carry_out(self, command: WithdrawReport | WithdrawCheck, who: str) -> dict[str, Any]:
        """`withdrawn` is false where it was so already: then the reason given first stays."""
        self._by_staff.require(who, EDITOR)
        outcome = await self._by_staff.carry_out(command, EDITOR, who)
        return {"sequence": outcome.sequence, "withdrawn": not outcome.duplicate}
