"""Shows the sealed words of a report to who may see them, and erases them; both are written down
first."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from pydantic import BaseModel

from services.intake.domain.protection import EraseReport, UnsealReport
from shared.contracts.roles import Role
from shared.contracts.sealed import CLOSED, sealed_fields
from shared.contracts.values import Id, Line
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.digests import Digests
from shared.eventsourcing.envelope import Envelope, Outcome
from shared.eventsourcing.errors import DomainError
from shared.eventsourcing.event_store import AggregateKey, EventStore, RecordedEvent
from shared.runtime.charter_models import Person
from shared.runtime.clock import Clock
from shared.runtime.vault.vault import Vault

OPERATOR = "operator"


class Unseal(BaseModel):
    """`who` is somebody of the charter's staff, in one of their roles."""

    report_id: Id
    who: Line
    role: Role
    reason: Line


class Erase(BaseModel):
    report_id: Id
    reason: Line
    who: str = ""


class NotOfTheStaffError(DomainError):
    pass


class InTheClearError(DomainError):
    """Nothing of it is sealed, so there is no key whose end would take anything back."""


class Protection:
    """`closed` reads as whoever has no keys, `opened` as who may use them."""

    def __init__(
        self,
        handler: CommandHandler,
        closed: EventStore,
        opened: EventStore,
        vault: Vault,
        digests: Digests,
        clock: Clock,
        staff: Mapping[str, Person],
    ) -> None:
        self._handler = handler
        self._closed, self._opened = closed, opened
        self._vault = vault
        self._digests = digests
        self._clock = clock
        self._staff = staff

    async def unseal(self, asked: Unseal) -> dict[str, Any]:
        """The words, once it is in the log that they were asked for. Raises DomainError."""
        person = self._staff.get(asked.who)
        if person is None or asked.role not in person.roles:
            raise NotOfTheStaffError(
                f"the charter's staff.toml has no {asked.who} who is {asked.role}; intake reads it"
                " when it starts"
            )
        now = self._clock.now()
        command = UnsealReport(asked.report_id, asked.role, asked.reason, now)
        outcome = await self._carry_out(command, asked.role, asked.who)
        words = [
            {"event": type(each.event).__name__, "at": str(each.reference), **_words(each)}
            for each in await self._opened.load(_key(asked.report_id))
            if _words(each)
        ]
        return {"id": asked.report_id, "sequence": outcome.sequence, "words": words}

    async def erase(self, asked: Erase) -> dict[str, Any]:
        """First it is written down: whoever dies in between has it done by who starts next.

        `in_the_clear` are events from before there was a vault, which nothing can take back.
        Raises DomainError.
        """
        words = {
            each.reference: _words(each).values()
            for each in await self._closed.load(_key(asked.report_id))
        }
        clear = [str(at) for at, said in words.items() if any(each != CLOSED for each in said)]
        if clear and not any(each == CLOSED for said in words.values() for each in said):
            raise InTheClearError(
                f"The words of this report stand in the clear in {', '.join(clear)}: they came in"
                " before they were to be sealed. Nothing was done."
            )
        command = EraseReport(asked.report_id, asked.reason, self._clock.now())
        outcome = await self._carry_out(command, OPERATOR, asked.who)
        self._vault.destroy([asked.report_id])
        return {"id": asked.report_id, "sequence": outcome.sequence, "in_the_clear": clear}

    async def _carry_out(self, command: UnsealReport | EraseReport, role: str, who: str) -> Outcome:
        known_as = self._digests.of("request", "intake", uuid4().hex)
        actor = self._digests.person("staff", role, who)
        envelope = Envelope(command, id=known_as, correlation_id=known_as, actor=actor)
        (outcome,) = await self._handler.handle([envelope])
        if outcome.error:
            raise outcome.error
        return outcome


def _key(report_id: str) -> AggregateKey:
    return AggregateKey("intake", "report", report_id)


def _words(recorded: RecordedEvent) -> dict[str, str]:
    """By field what was said in it, as far as it may be read here."""
    said = {field: getattr(recorded.event, field) for field in sealed_fields(type(recorded.event))}
    return {field: text for field, text in said.items() if text}
