"""What is done about a commitment by whoever acts for its owner, and by the body's own staff."""

from datetime import date
from uuid import uuid4

from services.intake.by_staff import EDITOR, ByStaff
from services.intake.deciding import INSPECTOR
from services.intake.domain.checking import AppealAsOwner
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.due import DueRules
from services.intake.domain.handing_over import HandOverCheck
from services.intake.domain.more_time import AskForMoreTime
from shared.contracts.actor import Actor
from shared.contracts.party import Parties, Party
from shared.contracts.roles import Role
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.digests import Digests
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.errors import DomainError
from shared.runtime.clock import Clock

OWNER = "owner"
ByOwner = ClaimDone | HandOverCheck | AskForMoreTime | AppealAsOwner


class NotForYouError(DomainError):
    pass


class Owning:
    """Who acts for an owner is known by a number that only their own page tells, and in events by a
    digest, another one for each party."""

    def __init__(
        self,
        handler: CommandHandler,
        digests: Digests,
        by_staff: ByStaff,
        parties: Parties,
        rules: DueRules,
        clock: Clock,
    ) -> None:
        self._handler = handler
        self._digests = digests
        self._by_staff = by_staff
        self.parties = parties
        self.rules = rules
        self.now = clock.now

    def number(self, login_id: str) -> str:
        """By which the charter names them, and nobody else calls them."""
        return self._digests.of("member who acts for an owner", login_id)

    def for_whom(self, login_id: str) -> tuple[Party, ...]:
        return self.parties.for_whom(self.number(login_id))

    def is_close(self, login_id: str, owner: str) -> bool:
        """Whether they act for the owner, for a unit above it, or for one below it."""
        theirs = self.for_whom(login_id)
        return any(self.parties.share_a_unit(each.name, owner) for each in theirs)

    async def claim(self, login_id: str, check_id: str, owner: str) -> bool:
        """Whether anything changed by it. Raises DomainError."""
        now, names = self.now(), self.parties.other_names(owner)
        command = ClaimDone(check_id, owner, now, now, names)
        return await self._by_owner(login_id, owner, command)

    async def hand_over(self, login_id: str, check_id: str, owner: str, to: str, why: str) -> bool:
        """To another party of the charter: whoever acts for one says why to everybody. Raises
        DomainError."""
        if self.parties.of(to) is None:
            raise NotForYouError("The charter has no such party.")
        command = self._handing_over(check_id, owner, to, why, explained=True)
        return await self._by_owner(login_id, owner, command)

    async def ask_for_more_time(
        self, login_id: str, check_id: str, owner: str, until: date, why: str
    ) -> bool:
        """Until the end of that day at its place. Raises DomainError."""
        now, names = self.now(), self.parties.other_names(owner)
        command = AskForMoreTime(check_id, owner, until, why, self.rules, now, names)
        return await self._by_owner(login_id, owner, command)

    async def appeal(self, login_id: str, checking_id: str, owner: str, why: str) -> bool:
        """Against a verdict on what the owner said to be done, so that others look, from elsewhere.
        Raises DomainError."""
        command = AppealAsOwner(checking_id, why, self.now())
        return await self._by_owner(login_id, owner, command)

    async def hand_over_by_staff(
        self, who: str, role: Role, check_id: str, owner: str, to: str, why: str
    ) -> bool:
        """To anybody; what an editor writes has passed an editor. Raises DomainError."""
        if role not in (EDITOR, INSPECTOR):
            raise NotForYouError("Editors and inspectors hand commitments over.")
        self._by_staff.require(who, role)
        command = self._handing_over(check_id, owner, to, why, explained=role == EDITOR)
        outcome = await self._by_staff.carry_out(command, role, who)
        return not outcome.duplicate

    def _handing_over(
        self, check_id: str, owner: str, to: str, why: str, *, explained: bool
    ) -> HandOverCheck:
        parties, now = self.parties, self.now()
        return HandOverCheck(
            check_id,
            owner,
            parties.owner(to),
            why,
            now,
            now,
            parties.other_names(owner),
            told=explained or parties.of(to) is not None,
            explained=explained,
        )

    async def _by_owner(self, login_id: str, owner: str, command: ByOwner) -> bool:
        party = self.parties.of(owner)
        if party is None or party not in self.for_whom(login_id):
            raise NotForYouError("The charter does not say that they act for this owner.")
        about = self._digests.of("request", "intake", uuid4().hex)
        actor = Actor("member", OWNER, self._digests.of(OWNER, login_id, party.code))
        envelope = Envelope(command, id=about, correlation_id=about, actor=actor)
        outcome = await self._handler.carry_out(envelope)
        return outcome.new_events > 0
