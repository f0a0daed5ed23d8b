"""What operators do with a vault: wrap its keys anew, copy its store, begin a new one."""

import os
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from shared.runtime.vault.errors import VaultFileError
from shared.runtime.vault.master import fitting, made, master_of, next_key, put_in_place
from shared.runtime.vault.store import BACKED_UP_AT, COPIED_AT, MASTER, KeyStore


class Copied(NamedTuple):
    """How many keys are in the copy, and when the one before was made."""

    keys: int
    before: datetime | None


def rotate(path: Path, key: Path) -> int:
    """Wraps all data keys by a new master key; how many they are. Whoever is killed over it leaves
    a store that fits one of the two files, and which of them `fitting` finds; the processes that
    run go over to the new key by themselves. The old one opens nothing afterwards.

    Raises VaultFileError, VaultAwayError.
    """
    store = _store(path)
    with closing(store):
        old = fitting(key, store.said(MASTER))
        if old is None:
            raise VaultFileError(f"{key} is not the key that {path} is wrapped by")
        new = next_key(key)
        with store.changing() as change:
            rows = change.execute("SELECT whose, wrapped FROM keys").fetchall()
            for whose, wrapped in rows:
                data_key = old.box.open(wrapped, store.id, whose)
                if data_key is None:
                    raise VaultFileError(f"{path}: a data key is damaged; nothing was changed")
                again = new.box.seal(data_key, store.id, whose)
                change.execute("UPDATE keys SET wrapped = ? WHERE whose = ?", (again, whose))
            change.execute("UPDATE about SET value = ? WHERE name = ?", (new.fingerprint, MASTER))
        store.truncate()
        put_in_place(key)
    return len(rows)


def back_up(path: Path, target: Path, now: datetime) -> Copied:
    """A copy as of one moment, whoever writes meanwhile, without what was destroyed before. Its
    keys are wrapped: without the master key it opens nothing.

    Raises VaultFileError, VaultAwayError.
    """
    store = _store(path)
    with closing(store):
        before = store.said(BACKED_UP_AT)
        try:
            os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        except OSError as error:
            raise VaultFileError(f"{target} can't be written: {error.strerror}") from None
        with closing(sqlite3.connect(path)) as source:
            source.execute("VACUUM INTO ?", (str(target),))
        with closing(sqlite3.connect(target, isolation_level=None)) as copy:
            said = (COPIED_AT, now.isoformat())
            copy.execute("INSERT OR REPLACE INTO about VALUES (?, ?)", said)
            (keys,) = copy.execute("SELECT COUNT(*) FROM keys").fetchone()
        store.say(BACKED_UP_AT, now.isoformat())
    return Copied(keys, datetime.fromisoformat(before) if before else None)


def begin_anew(path: Path, key: Path) -> str:
    """The id of a new and empty store. Raises VaultFileError, WeakKeyError."""
    if path.exists():
        raise VaultFileError(f"{path} is there; move it away first, for it may open what is sealed")
    if key.exists():
        master = master_of(key.read_bytes())
    else:
        key.parent.mkdir(parents=True, exist_ok=True)
        master = made(key)
    with closing(KeyStore(path)) as store:
        store.say(MASTER, master.fingerprint)
        return store.id


def _store(path: Path) -> KeyStore:
    if not path.exists():
        raise VaultFileError(f"there is no vault in {path.parent}: {path.name} is missing")
    return KeyStore(path)
