"""The master key, which wraps the data keys: read from its file, made once, replaced whole."""

import contextlib
import hmac
import os
from pathlib import Path
from typing import NamedTuple

from pydantic import SecretStr

from shared.contracts.identity import fingerprint
from shared.runtime.box import Box
from shared.runtime.keys import is_short, long_key, make_key

NO_OTHER = SecretStr("")


class Master(NamedTuple):
    """`fingerprint` tells it from others, and nothing else of it."""

    fingerprint: str
    box: Box


def master_of(key: bytes) -> Master:
    return Master(fingerprint(key), Box(hmac.digest(key, b"tribune vault", "sha256")))


def next_of(path: Path) -> Path:
    """Where a new key lies until everything is wrapped by it."""
    return path.with_name(f"{path.name}.next")


def made(path: Path) -> Master:
    """That of the file, which is made if there is none. Raises WeakKeyError."""
    return master_of(long_key(NO_OTHER, path, "the vault's master key"))


def fitting(path: Path, wanted: str) -> Master | None:
    """The key with that fingerprint: the file's, or the next one where a rotation was ended before
    its last step, which is done then. None if there is no such key."""
    for each in (path, next_of(path)):
        if not each.exists():
            continue
        master = master_of(each.read_bytes())
        if master.fingerprint == wanted:
            if each != path:
                with contextlib.suppress(OSError):  # who may only read it goes on all the same
                    put_in_place(path)
            return master
    return None


def next_key(path: Path) -> Master:
    """A new key, on disk before anything is wrapped by it; one that a rotation left over, which was
    ended before it began, is as good."""
    beside = next_of(path)
    if not beside.exists() or is_short(beside.read_bytes()):
        beside.unlink(missing_ok=True)
        make_key(beside)
        _sync_folder(path)
    return master_of(beside.read_bytes())


def put_in_place(path: Path) -> None:
    """The old key is gone afterwards."""
    next_of(path).replace(path)
    _sync_folder(path)


def _sync_folder(path: Path) -> None:
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
