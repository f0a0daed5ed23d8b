"""The keys of a suite, in a folder for us alone: its accounts, and who is a user of them."""

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from deploy.locks import accounts
from deploy.locks.accounts import LOG, SYSTEM
from deploy.locks.claims import signed_claims
from deploy.locks.kinds import OUTSIDE, SERVICES, kind, rights
from deploy.locks.lost import named, require_memory
from deploy.locks.told import VERSION, Told
from deploy.locks.users import OURS, User, read_user
from shared.eventsourcing.jetstream.credentials import Credentials
from shared.eventsourcing.jetstream.nkey import Nkey
from shared.runtime.whole_files import put

OPERATOR = "operator"
"""What NATS calls whoever signs accounts: neither our tool of that name nor the role."""

AGAINST_ALL = "*"
FOR_GOOD = 4_102_444_800
"""2100. A key that is revoked stays so, also one that was made while the clock was ahead: the
server compares both moments."""


class Keyring:
    """Of a folder; what is missing for the suite itself is made by `complete`.

    `keys/` holds seeds, `accounts/` what the server was last told, `revoked/` who is out for good,
    `users/` who there is, and `creds/` the credentials of our own services and tools, and of others
    where they are kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._told = Told(folder)

    def complete(self, sources: Iterable[str] = ()) -> None:
        """Make what is missing, and say anew what has changed; sources get credentials that are
        kept here. What is there already stays."""
        for part in ("keys", "accounts", "revoked", "users", "creds"):
            (self.folder / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        require_memory(self.folder, self.users())
        self._key(OPERATOR, "operator")
        self.tell(LOG, accounts.log_account(self._public()))
        self.tell(SYSTEM, accounts.system_account())
        for name in OURS:
            self._own(name, name)
        if not self.creds(SYSTEM).exists():
            put(self.creds(SYSTEM), self._sign(SYSTEM, SYSTEM, accounts.everything()).written())
        for source in sources:
            self._own("source", source)
        for user in self.users():
            self._tell_account(user)

    def _own(self, of: str, name: str) -> None:
        user = self.user(of, name)
        if user is None or (not user.revoked and not self.creds(user.account).exists()):
            made = self.add(of, name)
            self.revoke_former(self._user(of, name))  # whoever has the file that is gone is out
            put(self.creds(User(name, of, "").account), made.written())

    def creds(self, account: str) -> Path:
        return self.folder / "creds" / f"{account}.creds"

    def users(self) -> list[User]:
        files = sorted((self.folder / "users").glob("*.json"))
        return [_read(file) for file in files]

    def user(self, of: str, name: str) -> User | None:
        return next((each for each in self.users() if (each.kind, each.name) == (of, name)), None)

    def _user(self, of: str, name: str) -> User:
        return next(each for each in self.users() if (each.kind, each.name) == (of, name))

    def add(self, of: str, name: str, expires: int = 0) -> Credentials:
        """A fresh key for the user, who is made if need be. Former ones are noted, and good until
        `revoke_former` is told to the server."""
        user, before = User(name, of, "", expires), self.user(of, name)
        self._tell_account(user)
        inside, outside = kind(of).inside, kind(of).outside
        claims = accounts.user_of(rights(of, name), inside=inside, outside=outside)
        made = self._sign(LOG if inside else user.account, name, claims, expires)
        had = (*before.former, before.key) if before and not before.revoked else ()
        self._note(User(name, of, made.key.public, expires, former=had))
        return made

    def revoke(self, user: User) -> str:
        """All keys that the user has had until now: the account as the server is to be told of it,
        and then `settled`. Where several kinds share the account, the user's own keys alone."""
        keys = [*user.former, user.key]
        told = self._revoked(user, keys if kind(user.kind).inside else [*keys, AGAINST_ALL])
        self._note(replace(user, revoked=True, former=tuple(keys)))
        self.creds(user.account).unlink(missing_ok=True)
        return told

    def revoke_former(self, user: User) -> str:
        """All but the newest; `settled` once the server was told."""
        return self._revoked(user, user.former)

    def settled(self, user: User) -> None:
        """The server takes none of the former keys any more."""
        self._note(replace(user, former=()))

    def _revoked(self, user: User, keys: Iterable[str]) -> str:
        self._tell_account(user)  # its claims may be lost
        account = LOG if kind(user.kind).inside else user.account
        claims, revocations = self.told(account) or {}, self._told.noted(account).revocations
        later = max(int(time.time()), revocations.get(AGAINST_ALL, 0) + 1)
        revocations |= {key: later if key == AGAINST_ALL else FOR_GOOD for key in keys}
        return self.tell(account, claims["nats"] | {"revocations": revocations})

    def root(self, lasts_s: int = 86_400) -> Credentials:
        """Somebody who may do everything with the log, for a while; for tests and measurements."""
        return self._sign(LOG, "root", accounts.everything(), int(time.time()) + lasts_s)

    def told(self, account: str) -> dict[str, Any] | None:
        """What the server was last told of the account."""
        return self._told.of(account)

    def tell(self, account: str, nats: Mapping[str, Any]) -> str:
        """The account's signed claims; a new one only if they say something else. Revocations
        stay."""
        by = self._key(OPERATOR, "operator")
        return self._told.tell(account, nats, self._account(account).public, by)

    def all_told(self) -> dict[str, str]:
        """The claims of all accounts, by their public keys."""
        files = sorted((self.folder / "accounts").glob("*.jwt"))
        return {self._account(file.stem).public: file.read_text() for file in files}

    def operator_claims(self) -> str:
        """Who may sign accounts, and which of them is the server's own."""
        key = self._key(OPERATOR, "operator")
        nats = {"type": OPERATOR, "version": VERSION, "system_account": self.system}
        claims = {"iat": 0, "name": "tribune", "sub": key.public, "nats": nats}
        return signed_claims(claims, key)

    @property
    def system(self) -> str:
        return self.public(SYSTEM)

    def public(self, account: str) -> str:
        return self._account(account).public

    def _tell_account(self, user: User) -> None:
        if kind(user.kind).inside:
            self.tell(LOG, accounts.log_account(self._public()))
            return
        of = rights(user.kind, user.name)
        outside = user.kind in OUTSIDE
        self.tell(user.account, accounts.account_of(of, self._public(), outside=outside))

    def _public(self) -> dict[str, str]:
        return {name: self._account(name).public for name in (LOG, *SERVICES)}

    def _sign(
        self, account: str, name: str, nats: Mapping[str, Any], expires: int = 0
    ) -> Credentials:
        key = Nkey.fresh("user")
        content = {"type": "user", "version": VERSION, **nats}
        revoked = self._told.noted(account).revocations.get(AGAINST_ALL, 0)
        issued = max(int(time.time()), revoked + 1)
        claims = {"iat": issued, "name": name, "sub": key.public, "nats": content}
        claims |= {"exp": expires} if expires else {}
        return Credentials(signed_claims(claims, self._account(account)), key)

    def _account(self, name: str) -> Nkey:
        return self._key(f"account-{name}", "account")

    def _key(self, name: str, of: Any) -> Nkey:
        file = self.folder / "keys" / f"{name}.seed"
        if not file.exists():
            put(file, Nkey.fresh(of).seed())
        with named(file):
            return Nkey.read(file.read_text())

    def _note(self, user: User) -> None:
        put(self.folder / "users" / f"{user.account}.json", json.dumps(asdict(user)))


def _read(file: Path) -> User:
    with named(file):
        return read_user(json.loads(file.read_text()))
