"""The release key: the secret that makes public ids."""

import os
import secrets

from shared.runtime.settings import Settings


def release_key(settings: Settings) -> bytes:
    """The configured key, or one made once and kept in the data directory for us alone."""
    given = settings.release_key.get_secret_value()
    if given:
        return given.encode()
    path = settings.data_dir / "release.key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        key = secrets.token_hex(32).encode()
        file.write(key)
    return key
