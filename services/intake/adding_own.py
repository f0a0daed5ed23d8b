"""Takes files for their own reports of members who have signed in."""

from dataclasses import dataclass

from services.intake.adding import Added, Adding
from services.intake.belonging import Belonging
from services.intake.holding import Holding
from shared.eventsourcing.errors import DomainError
from shared.web.parts import InParts


class NotTheirsError(DomainError):
    """Also where there is no such report: nobody learns which."""


@dataclass(frozen=True)
class AddingOwn:
    adding: Adding
    holding: Holding
    belonging: Belonging

    async def add(self, login_id: str, report_id: str, found: InParts) -> Added:
        """Raises NotTheirsError, and what Adding does."""
        if not await self._is_theirs(login_id, report_id):
            raise NotTheirsError("It is no report of theirs.")
        by = self.adding.member(login_id, report_id)
        return await self.adding.add(report_id, found, by)

    async def _is_theirs(self, login_id: str, report_id: str) -> bool:
        """They hold it, or it carries their pseudonym."""
        if report_id in await self.holding.of(login_id):
            return True
        who = await self.belonging.person_of(login_id)
        return who is not None and who == await self.holding.who_filed(report_id)
