"""Lets owner and task of a check be public, for an editor of the charter's staff."""

from typing import Any

from pydantic import BaseModel

from services.intake.by_staff import EDITOR, ByStaff
from services.intake.domain.words import PassWords, Shown
from shared.contracts.values import Id, Line
from shared.runtime.clock import Clock


class PassWordsOfACheck(BaseModel):
    """`who` is an editor of the charter's staff; `reason` stays inside. These are the words that
    were read, where `owner` and `task` are told."""

    check_id: Id
    who: Line
    reason: Line
    owner: Line | None = None
    task: Line | None = None


class Passing:
    def __init__(self, by_staff: ByStaff, clock: Clock) -> None:
        self._by_staff = by_staff
        self._clock = clock

    async def of_check(self, asked: PassWordsOfACheck) -> dict[str, Any]:
        """`passed` is false where they were passed before. Raises DomainError."""
        self._by_staff.require(asked.who, EDITOR)
        shown = Shown(asked.owner, asked.task) if asked.owner and asked.task else None
        command = PassWords(asked.check_id, EDITOR, asked.reason, self._clock.now(), shown)
        outcome = await self._by_staff.carry_out(command, EDITOR, asked.who)
        return {"sequence": outcome.sequence, "passed": not outcome.duplicate}
