"""Privileged acts that operators do at the desk, alone or with a second person."""

from dataclasses import dataclass
from uuid import uuid4

from services.promotion.domain.act import (
    AllowAct,
    DeclineAct,
    ProposeAct,
    SupportAct,
    UnsupportedError,
)
from services.promotion.signing.entrance import Entrance
from services.promotion.signing.errors import NobodyError
from services.promotion.signing.giving import actor_in
from services.promotion.signing.invitations import Invitations
from services.promotion.signing.numbers import read_number
from shared.contracts.act import ActKind, ActProposed
from shared.web.sessions import Session

OFFERED: tuple[ActKind, ...] = ("close-login", "sign-out")
"""At the desk; who invites has the command line."""
ROLE = "operator"


@dataclass(frozen=True)
class Acts:
    entrance: Entrance
    invitations: Invitations

    async def propose(self, session: Session, kind: ActKind, whom: str, reason: str) -> bool:
        """About a member number or a name of the staff; whether it waits for a second person.
        Raises NobodyError."""
        about = await self._login_of(whom)
        waits = kind in self.invitations.second_person
        proposed = ActProposed(
            act_id=uuid4().hex,
            kind=kind,
            about=about,
            reason=reason,
            by=session.login_id,
            at=self.entrance.now(),
            second_person=waits,
        )
        await self.entrance.giving.give(ProposeAct(proposed), actor_in(session, ROLE))
        return waits

    async def allow(self, session: Session, act: str) -> bool:
        """Whether it is done, or waits for somebody else to allow it, too. Raises DomainError."""
        giving, actor, at = self.entrance.giving, actor_in(session, ROLE), self.entrance.now()
        try:
            await giving.give(AllowAct(act, session.login_id, at), actor)
        except UnsupportedError:
            await giving.give(SupportAct(act, session.login_id, at), actor)
            return False
        await self.invitations.allowed(act)
        return True

    async def decline(self, session: Session, act: str, reason: str) -> None:
        """Raises DomainError."""
        declined = DeclineAct(act, session.login_id, reason)
        await self.entrance.giving.give(declined, actor_in(session, ROLE))

    async def names_of_staff(self) -> dict[str, str]:
        """By their logins: events bear no name."""
        found = {}
        for code, person in self.entrance.staff.items():
            kept = await self.entrance.store.named(self.entrance.name_of_staff(code))
            if kept:
                found[kept.login_id] = person.name
        return found

    async def _login_of(self, whom: str) -> str:
        entrance = self.entrance
        is_number = read_number(whom) is not None
        name = entrance.name_of_member(whom) if is_number else entrance.name_of_staff(whom)
        kept = await entrance.store.named(name)
        if kept is None:
            raise NobodyError(whom)
        return kept.login_id


def offered(given: str) -> ActKind:
    """Raises ValueError for any other one."""
    for kind in OFFERED:
        if kind == given:
            return kind
    raise ValueError("not offered")
