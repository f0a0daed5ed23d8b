"""A report's sealed words are opened by people who have signed in: asked for, allowed, shown."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from services.intake.by_staff import ByStaff
from services.intake.domain.opening import (
    AllowOpening,
    AskOpening,
    DeclineOpening,
    SettledError,
    UsedError,
    UseOpening,
)
from services.intake.protection import Protection, Unseal
from shared.contracts.opening import OpeningAsked
from shared.contracts.roles import Role
from shared.eventsourcing.envelope import Outcome
from shared.runtime.clock import Clock


class Openings:
    """`second_person` says whether the charter wants one."""

    def __init__(
        self, by_staff: ByStaff, protection: Protection, clock: Clock, *, second_person: bool
    ) -> None:
        self._by_staff = by_staff
        self._protection = protection
        self._clock = clock
        self.second_person = second_person

    def known_as(self, who: str) -> str:
        return self._by_staff.known_as(who)

    async def ask(self, who: str, role: Role, report_id: str, reason: str) -> None:
        """Raises DomainError."""
        self._by_staff.require(who, role)
        await self._protection.require_filed(report_id)
        asked = OpeningAsked(
            opening_id=uuid4().hex,
            report_id=report_id,
            role=role,
            by=self._by_staff.known_as(who),
            reason=reason,
            asked_at=self._clock.now(),
            second_person=self.second_person,
        )
        await self._by_staff.carry_out(AskOpening(asked), role, who)

    async def allow(self, who: str, role: Role, opening_id: str) -> None:
        """A yes that was given is not given once more. Raises DomainError."""
        said = AllowOpening(opening_id, self._by_staff.known_as(who), role, self._clock.now())
        if (await self._carry_out(said, role, who)).duplicate:
            raise SettledError("It is settled already.")

    async def decline(self, who: str, role: Role, opening_id: str, reason: str) -> None:
        """Raises DomainError."""
        by, now = self._by_staff.known_as(who), self._clock.now()
        await self._carry_out(DeclineOpening(opening_id, by, role, now, reason), role, who)

    async def show(self, who: str, opening: Mapping[str, Any]) -> list[dict[str, str]]:
        """The words, once: that they are used up is in the log before anything is opened, and so is
        that the report was. Raises DomainError."""
        role, by = opening["role"], self._by_staff.known_as(who)
        used = UseOpening(opening["opening_id"], by, role, self._clock.now())
        if (await self._carry_out(used, role, who)).duplicate:
            raise UsedError("The words were shown already: ask once more, with a reason.")
        asked = Unseal(report_id=opening["report_id"], who=who, role=role, reason=opening["reason"])
        return list((await self._protection.shown(asked))["words"])

    async def _carry_out(
        self, command: AllowOpening | DeclineOpening | UseOpening, role: Role, who: str
    ) -> Outcome:
        self._by_staff.require(who, role)
        return await self._by_staff.carry_out(command, role, who)
