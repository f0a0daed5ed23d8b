"""Who holds the receipt of a report: whoever has its code may have it on their own page."""

import hmac

from shared.contracts.identity import keyed
from shared.runtime.vault.held import HOLDERS, forget_login, put, reports_of
from shared.runtime.vault.vault import Vault

CODE_DIGITS, GROUP = 20, 5
MOST = 100


class TooManyHeldError(Exception):
    pass


class Holders:
    """A code follows from the report's own key: it is stored nowhere, and nobody has one of what is
    erased, or of what is not sealed.

    Everything raises VaultAwayError.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault

    @property
    def can_tell(self) -> bool:
        return self._vault.has_begun

    def code_of(self, report_id: str) -> str | None:
        """In groups, as people read and type them."""
        key = self._vault.key_of(report_id)
        if key is None:
            return None
        digits = _digits(key)
        return "-".join(digits[at : at + GROUP] for at in range(0, CODE_DIGITS, GROUP))

    def is_code(self, report_id: str, typed: str) -> bool:
        key = self._vault.key_of(report_id)
        said = "".join(sign for sign in typed.lower() if sign.isalnum())
        return key is not None and hmac.compare_digest(said.encode(), _digits(key).encode())

    def add(self, login_id: str, report_id: str, person_id: str = "") -> bool:
        """Whether it is new; of what was erased meanwhile nobody holds anything. `person_id` is who
        filed it, so that it ends with them. Raises TooManyHeldError."""
        key = self._vault.keys_of([HOLDERS])[HOLDERS]
        with self._vault.store.changing() as change:
            there = change.execute("SELECT 1 FROM keys WHERE whose = ?", (report_id,)).fetchone()
            if key is None or there is None:
                return False
            fresh = put(change, key, login_id, report_id, person_id)
            if fresh and len(reports_of(change, key, login_id)) > MOST:
                raise TooManyHeldError
            return fresh

    def of(self, login_id: str) -> list[str]:
        key = self._vault.key_of(HOLDERS)
        if key is None:
            return []
        with self._vault.store.reading() as read:
            return reports_of(read, key, login_id)

    def take_off(self, login_id: str, report_id: str = "") -> None:
        """All that the login holds, or one report."""
        if key := self._vault.key_of(HOLDERS):
            forget_login(self._vault.store, key, login_id, report_id)


def _digits(key: bytes) -> str:
    return keyed(key, "receipt")[:CODE_DIGITS]
