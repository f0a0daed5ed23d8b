"""Secrets of an instance: configured, or made once and kept in the data directory for us alone."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from pydantic import SecretStr

LEAST = 32
"""Characters; a shorter one may be guessed from what it signed."""

HOW_TO_MAKE_ONE = "`openssl rand -hex 32` makes one"


class WeakKeyError(Exception):
    pass


def kept_key(given: SecretStr, path: Path) -> bytes:
    """The configured one, or that of the file, which is made if there is none yet.

    Raises WeakKeyError if there is nothing in it.
    """
    key = known_key(given, path)
    if key is None:
        make_key(path)
        key = path.read_bytes()
    if not key.strip():
        raise WeakKeyError(
            f"the key in {path} is empty: put the file back from a copy; if it was never used,"
            " delete it, and the next start makes another"
        )
    return key


def known_key(given: SecretStr, path: Path) -> bytes | None:
    """The same, if there is one yet."""
    if given.get_secret_value().strip():
        return given.get_secret_value().encode()
    return path.read_bytes() if path.exists() else None


def is_short(key: bytes) -> bool:
    return len(key.strip()) < LEAST


def long_key(given: SecretStr, path: Path, variable: str) -> bytes:
    """For a key that no old instance can have short. Raises WeakKeyError if it is."""
    key = kept_key(given, path)
    if is_short(key) and given.get_secret_value().strip():
        raise WeakKeyError(
            f"{variable} is shorter than {LEAST} characters; give it a long random value"
            f" ({HOW_TO_MAKE_ONE}), or none, and one is kept in the data directory"
        )
    if is_short(key):
        raise WeakKeyError(
            f"the key in {path} is shorter than {LEAST} characters; delete the file, and the next"
            " start makes another"
        )
    return key


def make_key(path: Path) -> None:
    """Written aside and then put in place whole: a death in between must not leave an empty key.

    Processes in containers have the same number, so the name beside it is a random one.
    """
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    with cleared_away(aside, path):
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_hex(32).encode())
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(aside)  # whoever is first wins


@contextlib.contextmanager
def cleared_away(aside: Path, path: Path) -> Iterator[None]:
    """What was written aside for `path`, also where the disk is full: each start that is tried
    would leave another. Raises OSError that names the file, which a failed write does not."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        aside.unlink(missing_ok=True)
