"""Files with secrets in them: each is there whole or not at all, and for us alone."""

import contextlib
import os
import secrets
from pathlib import Path


def put(path: Path, content: str) -> None:
    """In the place of what was there."""
    _beside(path, content).replace(path)


def put_first(path: Path, content: str) -> None:
    """Unless somebody else was faster; theirs stays."""
    aside = _beside(path, content)
    with contextlib.suppress(FileExistsError):
        path.hardlink_to(aside)
    aside.unlink()


def _beside(path: Path, content: str) -> Path:
    """A death before it is put in place must not leave half of it there. Processes in containers
    have the same number, so its name is a random one."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return aside
