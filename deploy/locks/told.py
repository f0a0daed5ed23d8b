"""What NATS's server was last told of each account, and who is out for good, kept apart from it."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.locks.claims import read_claims, signed_claims
from deploy.locks.lost import claims_file, memory_file, named
from shared.eventsourcing.jetstream.nkey import Nkey
from shared.runtime.whole_files import put

VERSION = 2


@dataclass(frozen=True)
class Noted:
    """Of an account: which keys are revoked, until when, and the latest moment, in seconds, that
    its claims were of. The server takes the later of two, so those made anew have to be later."""

    revocations: dict[str, int] = field(default_factory=dict)
    told_at: int = 0


class Told:
    """`accounts/` has the claims, and `revoked/` what a lost one of them must not take along."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, account: str) -> dict[str, Any] | None:
        file = claims_file(self._folder, account)
        with named(file):
            return read_claims(file.read_text()) if file.exists() else None

    def tell(self, account: str, nats: Mapping[str, Any], public: str, by: Nkey) -> str:
        """Claims of the account whose key is `public`, signed by `by`; those of before, if they say
        the same."""
        before, noted = self.of(account), self.noted(account)
        file = claims_file(self._folder, account)
        revocations = _both(noted.revocations, dict(nats.get("revocations") or {}))
        content = {"type": "account", "version": VERSION, **nats}
        content |= {"revocations": revocations} if revocations else {}
        is_same = before is not None and _who_and_what(before) == (by.public, public, content)
        issued = noted.told_at if is_same else max(int(time.time()), noted.told_at + 1)
        self._note(account, Noted(revocations, issued))
        if is_same:
            return file.read_text()
        claims = {"iat": issued, "name": account, "sub": public, "nats": content}
        jwt = signed_claims(claims, by)
        put(file, jwt)
        return jwt

    def noted(self, account: str) -> Noted:
        """By either file: older versions had the claims alone."""
        noted, told = self._noted(account), self.of(account) or {}
        said = dict(told.get("nats", {}).get("revocations") or {})
        return Noted(_both(noted.revocations, said), max(noted.told_at, int(told.get("iat", 0))))

    def _noted(self, account: str) -> Noted:
        file = memory_file(self._folder, account)
        if not file.exists():
            return Noted()
        with named(file):
            said = json.loads(file.read_text())
            keys = {str(key): int(until) for key, until in dict(said["revocations"]).items()}
            return Noted(keys, int(said["told_at"]))

    def _note(self, account: str, noted: Noted) -> None:
        """Before the claims: whoever is in them is in here."""
        file = memory_file(self._folder, account)
        if not file.exists() or self._noted(account) != noted:
            put(file, json.dumps({"revocations": noted.revocations, "told_at": noted.told_at}))


def _who_and_what(claims: Mapping[str, Any]) -> tuple[Any, Any, Any]:
    return claims.get("iss"), claims.get("sub"), claims.get("nats")


def _both(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    """What either says; of two moments the later one."""
    return one | {key: max(until, one.get(key, until)) for key, until in other.items()}
