"""What the body's own people write down: commitments that no report led to, and what is done."""

from dataclasses import dataclass
from datetime import date

from services.intake.by_staff import EDITOR, ByStaff
from services.intake.deciding import INSPECTOR
from services.intake.domain.check import OpenCheck
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.due import Due, DueRules
from services.intake.owning import NotForYouError
from shared.contracts.check import OF_THE_BODY, CheckOpened
from shared.contracts.identity import aggregate_id
from shared.contracts.party import Parties
from shared.contracts.roles import Role
from shared.runtime.clock import Clock


@dataclass(frozen=True)
class Made:
    """`once` tells it from all others, however often it is sent. Without `due` a rule of the
    charter says by when."""

    once: str
    owner: str
    task: str
    place: str
    sector: str
    due: date | None
    confidential: bool


class Committing:
    """Whoever promised it, the body itself or a party without an account."""

    def __init__(self, by_staff: ByStaff, parties: Parties, rules: DueRules, clock: Clock) -> None:
        self._by_staff = by_staff
        self.parties = parties
        self.rules = rules
        self.now = clock.now

    async def make(self, who: str, role: Role, made: Made) -> bool:
        """What an editor writes has passed an editor. Whether it is new. Raises NoRuleError,
        TooLateError, DomainError."""
        self._require(who, role)
        now, owner, number = self.now(), self.parties.owner(made.owner), f"desk/{made.once}"
        due = self._due(made, owner)
        opened = CheckOpened(
            check_id=aggregate_id("check", OF_THE_BODY, number),
            source=OF_THE_BODY,
            source_id=number,
            report_id=None,
            owner=owner,
            task=made.task,
            place=made.place,
            sector=made.sector,
            confidential=made.confidential,
            passed=role == EDITOR,
            opened_at=now,
            due_at=due.at,
            reckoning=due.reckoning,
        )
        outcome = await self._by_staff.carry_out(OpenCheck(opened), role, who)
        return outcome.new_events > 0

    async def claim(self, who: str, role: Role, check_id: str, owner: str) -> bool:
        """For an owner who has told the body; checked as what owners say themselves. Raises
        DomainError."""
        self._require(who, role)
        now, names = self.now(), self.parties.other_names(owner)
        command = ClaimDone(check_id, owner, now, now, names)
        outcome = await self._by_staff.carry_out(command, role, who)
        return outcome.new_events > 0

    def _due(self, made: Made, owner: str) -> Due:
        if made.due is not None:
            return self.rules.on(made.place, made.due)
        return self.rules.after(made.place, made.sector, owner, self.now())

    def _require(self, who: str, role: Role) -> None:
        if role not in (EDITOR, INSPECTOR):
            raise NotForYouError("Editors and inspectors write commitments down.")
        self._by_staff.require(who, role)
