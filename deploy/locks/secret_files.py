"""The secrets of a composed suite, each a file of its own in the folder of keys."""

import secrets
from collections.abc import Mapping
from pathlib import Path

from shared.runtime.secret_files import FOLDER
from shared.runtime.whole_files import put

OF_DATABASES = (
    "postgres_password",
    *(f"database_passwords__{service}" for service in ("intake", "promotion", "publishing")),
)
MADE = (*OF_DATABASES, "release_key", "digest_key", "web_key", "signing_key", "credential_key")
GIVEN = ("oidc_client_secret",)
"""Somebody else says what it is; until then the file is empty, for compose wants one."""


def variable(name: str) -> str:
    return f"TRIBUNE_{name.upper()}"


def complete(keys: Path, former: Mapping[str, str]) -> list[str]:
    """Make what is missing, of what stood in the environment file of an older version where it
    did; those that were taken over. What is there stays."""
    folder = keys / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    missing = [name for name in (*MADE, *GIVEN) if not (folder / name).exists()]
    for name in missing:
        fresh = _fresh() if name in MADE else ""
        put(folder / name, former.get(variable(name)) or fresh)
        if name in OF_DATABASES:
            # The database's container runs as a user of its own. Nobody else comes through the
            # folder above.
            (folder / name).chmod(0o644)
    return [name for name in missing if former.get(variable(name))]


def _fresh() -> str:
    """Begins with a letter, and needs no quotes anywhere."""
    return f"s{secrets.token_hex(24)}"
