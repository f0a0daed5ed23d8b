"""`tribune user`: who may connect to NATS; what is changed counts at once, without any restart."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.table import Table

from deploy.connecting import SETUP, Connected, connected
from deploy.given import UnknownNameError
from deploy.locks.accounts import LOG
from deploy.locks.following import make, remove
from deploy.locks.keyring import Keyring
from deploy.locks.kinds import kind
from deploy.locks.lost import NoKeysError
from deploy.locks.telling import tell
from deploy.locks.users import OURS, User
from deploy.meant import settings_at_hand
from deploy.terminal import Terminal
from shared.runtime.charter import read_charter
from shared.runtime.settings import Settings
from shared.runtime.whole_files import put

SUITE = "suite"
DAY_S = 86_400

console = Terminal(stderr=True, soft_wrap=True)


@dataclass(frozen=True)
class Asked:
    """What the commands are told; a user of the suite's own has its name for its kind."""

    name: str
    kind: str
    data_dir: Path | None = None
    days: int = 0
    print_creds: bool = False

    @property
    def its_kind(self) -> str:
        return self.name if self.kind == SUITE else self.kind


async def add(asked: Asked) -> int:
    """Once more changes nothing, and tells the same credentials. Raises UnknownNameError where
    they are not there any more: somebody may read by them elsewhere, who must not be cut off."""
    async with _changing(asked.data_dir) as (suite, keyring):
        if asked.kind == SUITE:
            raise UnknownNameError("the suite's own users are there from the beginning")
        _require_inbox(suite.settings, asked)
        user = keyring.user(asked.kind, asked.name)
        if user is None or user.revoked:
            _new_key(keyring, asked)
            said = "is a user now"
        else:
            said = "is there already; `tribune user rotate` gives a new key"
        user = _known(keyring, asked)
        await _counts(suite, keyring, user)
        await make(suite.client, user)
        if not keyring.creds(user.account).exists():
            raise UnknownNameError(
                f"{asked.kind} {user.name} {said}, but {keyring.creds(user.account)} is not: it was"
                " taken away, or the command that should make it was cut off"
            )
    _tell(keyring, user, said, asked)
    return 0


async def rotate(asked: Asked) -> int:
    """A new key, and the old one is good no more."""
    async with _changing(asked.data_dir) as (suite, keyring):
        before = _known(keyring, asked)
        if before.revoked:
            raise UnknownNameError(f"{asked.name} is revoked; `tribune user add` lets it in again")
        _new_key(keyring, asked)
        user = _known(keyring, asked)
        await _counts(suite, keyring, user)
        keyring.revoke_former(user)
        await _counts(suite, keyring, user)
        keyring.settled(user)
    _tell(keyring, user, "has a new key", asked)
    return 0


async def revoke(asked: Asked) -> int:
    """All keys that the user has had; who is connected is not any more."""
    async with _changing(asked.data_dir) as (suite, keyring):
        user = _known(keyring, asked)
        if asked.kind == SUITE:
            raise UnknownNameError(f"the suite does not run without {asked.name}; rotate its key")
        was = user.revoked
        if not was:
            keyring.revoke(user)
        await _counts(suite, keyring, user)
        keyring.settled(_known(keyring, asked))
        await remove(suite.client, user)
    console.print(f"{user.kind} {user.name} is revoked{' already' if was else ''}")
    return 0


def listing(data_dir: Path | None, *, as_json: bool) -> int:
    rows = [_row(user) for user in _keyring(settings_at_hand(data_dir)).users()]
    if as_json:
        print(json.dumps(rows))  # noqa: T201
        return 0
    table = Table("kind", "name", "state", "until")
    for row in rows:
        table.add_row(row["kind"], row["name"], row["state"], row["expires"] or "")
    Terminal().print(table)
    return 0


def _row(user: User) -> dict[str, Any]:
    until = datetime.fromtimestamp(user.expires, UTC) if user.expires else None
    is_over = bool(until) and user.expires <= time.time()
    return {
        "kind": SUITE if user.kind in OURS else user.kind,
        "name": user.name,
        "state": _state(user, is_over=is_over),
        "expires": until.isoformat() if until else None,
        "key": user.key,
    }


def _state(user: User, *, is_over: bool) -> str:
    """A revocation that was cut off is not one yet: who is connected still is."""
    if user.revoked:
        return "revoked, and NATS not told" if user.former else "revoked"
    return "expired" if is_over else "good"


@asynccontextmanager
async def _changing(data_dir: Path | None) -> AsyncIterator[tuple[Connected, Keyring]]:
    async with connected(data_dir, SETUP) as suite:
        yield suite, _keyring(suite.settings)


def _keyring(settings: Settings) -> Keyring:
    if settings.keys_dir is None or not settings.keys_dir.is_dir():
        raise NoKeysError(
            f"there are no keys in {settings.keys_dir or 'TRIBUNE_KEYS_DIR, which is not set'};"
            " `tribune up` makes them in its folder, `tribune init` for docker compose"
        )
    return Keyring(settings.keys_dir)


def _new_key(keyring: Keyring, asked: Asked) -> None:
    expires = int(time.time()) + asked.days * DAY_S if asked.days else 0
    made = keyring.add(asked.its_kind, asked.name, expires)
    put(keyring.creds(_known(keyring, asked).account), made.written())


def _known(keyring: Keyring, asked: Asked) -> User:
    user = keyring.user(asked.its_kind, asked.name)
    if user is None:
        raise UnknownNameError(f"there is no {asked.kind} {asked.name}; `tribune user list`")
    return user


def _require_inbox(settings: Settings, asked: Asked) -> None:
    sources = read_charter(settings.charter_dir).sources if asked.kind == "source" else ()
    if asked.kind == "source" and asked.name not in sources:
        raise UnknownNameError(
            f"the charter has no source {asked.name}: name it in sources.toml and run"
            " `tribune setup`"
        )


async def _counts(suite: Connected, keyring: Keyring, user: User) -> None:
    account = LOG if kind(user.kind).inside else user.account
    await tell(suite.settings.nats_url.get_secret_value(), keyring, account)


def _tell(keyring: Keyring, user: User, said: str, asked: Asked) -> None:
    file = keyring.creds(user.account)
    console.print(f"{asked.kind} {user.name} {said}. Its credentials: {file}")
    if asked.print_creds:
        print(file.read_text(), end="")  # noqa: T201
