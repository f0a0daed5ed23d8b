"""The release key: the secret that makes public ids."""

import contextlib
import os
import secrets
from pathlib import Path

from shared.runtime.settings import Settings


def release_key(settings: Settings) -> bytes:
    """The configured key, or one made once and kept in the data directory for us alone."""
    key = known_release_key(settings)
    if key is None:
        _make(_path(settings))
    return key or _path(settings).read_bytes()


def known_release_key(settings: Settings) -> bytes | None:
    """The same, if there is one yet."""
    given = settings.release_key.get_secret_value()
    if given:
        return given.encode()
    path = _path(settings)
    return path.read_bytes() if path.exists() else None


def _path(settings: Settings) -> Path:
    return settings.data_dir / "release.key"


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
