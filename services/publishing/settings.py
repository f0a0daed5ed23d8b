"""The release key: the secret that makes public ids."""

from pathlib import Path

import structlog

from shared.runtime.keys import LEAST, is_short, kept_key, known_key
from shared.runtime.settings import Settings


def release_key(settings: Settings) -> bytes:
    """The configured key, or one made once and kept in the data directory for us alone.

    A short one is only told of: with another, all that was published would get other ids.
    """
    key = kept_key(settings.release_key, _path(settings))
    if is_short(key):
        structlog.get_logger().warning(
            "the release key is short, and inside ids might be guessed from public ones",
            least_characters=LEAST,
            hint="nothing published yet: give TRIBUNE_RELEASE_KEY a long random value; else keep"
            " it, for with another all public ids change",
        )
    return key


def known_release_key(settings: Settings) -> bytes | None:
    """The same, if there is one yet."""
    return known_key(settings.release_key, _path(settings))


def _path(settings: Settings) -> Path:
    return settings.data_dir / "release.key"
