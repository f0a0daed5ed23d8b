"""Who looks after a society asks a federation, and who looks after that admits: both are seen.
Who is in one of a register the register alone says."""

from dataclasses import dataclass

from services.promotion.domain.federation import (
    AdmitToFederation,
    AskFederation,
    InItselfError,
    LeaveFederation,
    PartFromFederation,
)
from services.promotion.domain.society_registered import require_own_words
from services.promotion.domain.society_rules import DissolvedError, NoSocietyError, require_officer
from services.promotion.domain.society_state import Society
from services.promotion.societies.doing import Societies
from shared.web.sessions import Session

MOST_LOOKED_AT = 100
"""Federations above one; more would be no order that anybody understands."""


@dataclass(frozen=True)
class Federating:
    societies: Societies

    async def ask(self, session: Session, society_id: str, federation_id: str) -> None:
        """Raises DomainError."""
        require_own_words(await self._alive(federation_id))
        await self._not_in_itself(society_id, federation_id)
        given = AskFederation(society_id, session.login_id, self.societies.now(), federation_id)
        await self.societies.give(given, session)

    async def leave(self, session: Session, society_id: str, federation_id: str) -> None:
        """Raises DomainError."""
        given = LeaveFederation(society_id, session.login_id, self.societies.now(), federation_id)
        await self.societies.give(given, session)

    async def admit(self, session: Session, federation_id: str, society_id: str) -> None:
        """Raises DomainError."""
        federation = await self._alive(federation_id)
        require_officer(federation, session.login_id)
        require_own_words(federation)
        await self._not_in_itself(society_id, federation_id)
        given = AdmitToFederation(society_id, session.login_id, self.societies.now(), federation_id)
        await self.societies.give(given, session)

    async def part(self, session: Session, federation_id: str, society_id: str) -> None:
        """Raises DomainError."""
        federation = await self.societies.one(federation_id)
        require_officer(federation, session.login_id)
        require_own_words(federation)
        given = PartFromFederation(
            society_id, session.login_id, self.societies.now(), federation_id
        )
        await self.societies.give(given, session)

    async def _alive(self, federation_id: str) -> Society:
        federation = await self.societies.one(federation_id)
        if federation.life == "unknown":
            raise NoSocietyError("There is no such society.")
        if federation.life not in ("active", "dormant"):
            raise DissolvedError("The federation has ended, or is suspended.")
        return federation

    async def _not_in_itself(self, society_id: str, federation_id: str) -> None:
        """Raises InItselfError if the society stands above it, by however many others."""
        waiting, seen = [federation_id], {federation_id}
        while waiting and len(seen) <= MOST_LOOKED_AT:
            if (one := waiting.pop()) == society_id:
                raise InItselfError("The federation is a member of it already.")
            above = (await self.societies.one(one)).all_federations - seen
            seen |= above
            waiting += sorted(above)
