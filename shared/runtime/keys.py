"""Secrets of an instance: configured, or made once and kept in the data directory for us alone."""

import contextlib
import os
import secrets
from pathlib import Path

from pydantic import SecretStr


def kept_key(given: SecretStr, path: Path) -> bytes:
    """The configured one, or that of the file, which is made if there is none yet."""
    key = known_key(given, path)
    if key is None:
        _make(path)
    return key or path.read_bytes()


def known_key(given: SecretStr, path: Path) -> bytes | None:
    """The same, if there is one yet."""
    if given.get_secret_value():
        return given.get_secret_value().encode()
    return path.read_bytes() if path.exists() else None


def _make(path: Path) -> None:
    """Written aside and then put in place whole: a death in between must not leave an empty key."""
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_hex(32).encode())
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(aside)  # whoever is first wins
    aside.unlink()
