"""Who somebody that has signed in is among the correspondents; it follows, and is kept nowhere."""

import asyncio

from shared.eventsourcing.digests import Digests
from shared.runtime.vault.persons import Persons


class Belonging:
    """`form` is the source whose the form is, if there is one."""

    def __init__(self, digests: Digests, persons: Persons, form: str | None) -> None:
        self._digests = digests
        self._persons = persons
        self._form = form

    def pseudonym(self, login_id: str) -> str:
        """By which the form's source calls a member."""
        return self._digests.of("member's pseudonym", login_id)

    async def person_of(self, login_id: str) -> str | None:
        """None for whom the source has not called so yet, or was erased. Raises VaultAwayError."""
        if self._form is None:
            return None
        named = self._form, self.pseudonym(login_id)
        return await asyncio.to_thread(self._persons.known, *named)
