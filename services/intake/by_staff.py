"""Carries out what the body's own people ask for: as an event with its actor, by whoever may."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from shared.contracts.roles import Role
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.digests import Digests
from shared.eventsourcing.envelope import Envelope, Outcome
from shared.eventsourcing.errors import DomainError
from shared.runtime.charter_models import Person


class NotOfTheStaffError(DomainError):
    pass


EDITOR: Role = "editor"


class ByStaff:
    """`staff` are the people of the charter by name."""

    def __init__(
        self, handler: CommandHandler, digests: Digests, staff: Mapping[str, Person]
    ) -> None:
        self._handler = handler
        self._digests = digests
        self._staff = staff

    def require(self, who: str, role: Role) -> None:
        """Raises NotOfTheStaffError."""
        person = self._staff.get(who)
        if person is None or role not in person.roles:
            raise NotOfTheStaffError(
                f"the charter's staff.toml has no {who} who is {role}; intake reads it when it"
                " starts"
            )

    def known_as(self, who: str) -> str:
        """As events call them, whatever their role."""
        return self._digests.person("staff", "", who).name

    def names(self) -> dict[str, str]:
        """Of all of the staff, by what events call them."""
        return {self.known_as(code): person.name for code, person in self._staff.items()}

    def name_of(self, who: str) -> str:
        person = self._staff.get(who)
        return person.name if person else who

    async def carry_out(self, command: Any, role: str, who: str) -> Outcome:
        """Each time it is asked for is an act of its own. Raises DomainError."""
        known_as = self._digests.of("request", "intake", uuid4().hex)
        actor = self._digests.person("staff", role, who)
        envelope = Envelope(command, id=known_as, correlation_id=known_as, actor=actor)
        return await self._handler.carry_out(envelope)
