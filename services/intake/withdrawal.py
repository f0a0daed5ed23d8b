"""Takes back what is public of a report or check, for an editor of the charter's staff."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from pydantic import BaseModel

from services.intake.domain.withdrawal import WithdrawCheck, WithdrawReport
from shared.contracts.roles import Role
from shared.contracts.values import Id, Line
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.digests import Digests
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.errors import DomainError
from shared.runtime.charter_models import Person
from shared.runtime.clock import Clock

EDITOR: Role = "editor"


class _Withdraw(BaseModel):
    """`who` is an editor of the charter's staff; `reason` is shown to readers."""

    who: Line
    reason: Line


class WithdrawAReport(_Withdraw):
    report_id: Id


class WithdrawACheck(_Withdraw):
    check_id: Id


class NoEditorError(DomainError):
    pass


class Withdrawal:
    def __init__(
        self,
        handler: CommandHandler,
        digests: Digests,
        clock: Clock,
        staff: Mapping[str, Person],
    ) -> None:
        self._handler = handler
        self._digests = digests
        self._clock = clock
        self._staff = staff

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
        person = self._staff.get(who)
        if person is None or EDITOR not in person.roles:
            raise NoEditorError(
                f"the charter's staff.toml has no {who} who is {EDITOR}; intake reads it when it"
                " starts"
            )
        known_as = self._digests.of("request", "intake", uuid4().hex)
        actor = self._digests.person("staff", EDITOR, who)
        envelope = Envelope(command, id=known_as, correlation_id=known_as, actor=actor)
        (outcome,) = await self._handler.handle([envelope])
        if outcome.error:
            raise outcome.error
        return {"sequence": outcome.sequence, "withdrawn": not outcome.duplicate}
