"""Stops and starts clocks of checks, and grants more time, for an editor of the charter's staff."""

from typing import Any

from pydantic import BaseModel

from services.intake.by_staff import EDITOR, ByStaff
from services.intake.domain.clock import ClockCommand
from services.intake.domain.due import DueRules
from services.intake.domain.more_time import DeclineMoreTime, GrantMoreTime
from services.intake.domain.pausing import PauseCheck, ResumeCheck
from shared.contracts.values import Id, Line
from shared.runtime.clock import Clock


class OfAClock(BaseModel):
    """`who` is an editor of the charter's staff; `reason` is public."""

    check_id: Id
    who: Line
    reason: Line


class Clocking:
    """Each answer says by `changed` whether anything came of it."""

    def __init__(self, by_staff: ByStaff, clock: Clock, rules: DueRules) -> None:
        self._by_staff = by_staff
        self._clock = clock
        self._rules = rules

    async def pause(self, asked: OfAClock) -> dict[str, Any]:
        """Raises DomainError, as all of these do."""
        now = self._clock.now()
        command = PauseCheck(asked.check_id, now, asked.reason, now, EDITOR)
        return await self._carry_out(command, asked.who)

    async def resume(self, asked: OfAClock) -> dict[str, Any]:
        now = self._clock.now()
        command = ResumeCheck(asked.check_id, now, asked.reason, self._rules, now, EDITOR)
        return await self._carry_out(command, asked.who)

    async def grant(self, asked: OfAClock) -> dict[str, Any]:
        command = GrantMoreTime(asked.check_id, EDITOR, asked.reason, self._clock.now())
        return await self._carry_out(command, asked.who)

    async def decline(self, asked: OfAClock) -> dict[str, Any]:
        command = DeclineMoreTime(asked.check_id, EDITOR, asked.reason, self._clock.now())
        return await self._carry_out(command, asked.who)

    async def _carry_out(self, command: ClockCommand, who: str) -> dict[str, Any]:
        self._by_staff.require(who, EDITOR)
        outcome = await self._by_staff.carry_out(command, EDITOR, who)
        return {"sequence": outcome.sequence, "changed": not outcome.duplicate}
