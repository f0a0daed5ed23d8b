"""The release key: the secret that makes public ids."""

from pathlib import Path

from shared.runtime.keys import kept_key, known_key
from shared.runtime.settings import Settings


def release_key(settings: Settings) -> bytes:
    """The configured key, or one made once and kept in the data directory for us alone."""
    return kept_key(settings.release_key, _path(settings))


def known_release_key(settings: Settings) -> bytes | None:
    """The same, if there is one yet."""
    return known_key(settings.release_key, _path(settings))


def _path(settings: Settings) -> Path:
    return settings.data_dir / "release.key"
