"""What a correspondent is shown of themselves; nobody else's id is ever asked for."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from services.intake.belonging import Belonging
from services.intake.projections.own import NOTHING, Own


@dataclass(frozen=True)
class OwnIn:
    """For a login; `read` looks up what is known of a person."""

    belonging: Belonging
    read: Callable[[str], Awaitable[Own]]

    async def of(self, login_id: str) -> Own:
        """Raises VaultAwayError."""
        who = await self.belonging.person_of(login_id)
        return await self.read(who) if who else NOTHING
