"""Lets a check be public that follows a confidential report, for an editor of the staff."""

from typing import Any

from pydantic import BaseModel

from services.intake.by_staff import EDITOR, ByStaff
from services.intake.domain.shield import LiftShield
from shared.contracts.values import Id, Line
from shared.runtime.clock import Clock


class LiftShieldOfACheck(BaseModel):
    """`who` is an editor of the charter's staff; `reason` stays inside."""

    check_id: Id
    who: Line
    reason: Line


class Lifting:
    def __init__(self, by_staff: ByStaff, clock: Clock) -> None:
        self._by_staff = by_staff
        self._clock = clock

    async def of_check(self, asked: LiftShieldOfACheck) -> dict[str, Any]:
        """`lifted` is false where it was lifted before. Raises DomainError."""
        self._by_staff.require(asked.who, EDITOR)
        command = LiftShield(asked.check_id, EDITOR, asked.reason, self._clock.now())
        outcome = await self._by_staff.carry_out(command, EDITOR, asked.who)
        return {"sequence": outcome.sequence, "lifted": not outcome.duplicate}
