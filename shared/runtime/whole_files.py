"""Files with secrets in them: each is there whole or not at all, and for us alone."""

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path


def put(path: Path, content: str) -> None:
    """In the place of what was there. Raises OSError that names the file."""
    with _beside(path, content) as aside:
        aside.replace(path)


def put_first(path: Path, content: str) -> None:
    """Unless somebody else was faster; theirs stays. Raises OSError that names the file."""
    with _beside(path, content) as aside, contextlib.suppress(FileExistsError):
        path.hardlink_to(aside)


@contextlib.contextmanager
def _beside(path: Path, content: str) -> Iterator[Path]:
    """A death before it is put in place must not leave half of it there. Processes in containers
    have the same number, so its name is a random one. It goes away also where the disk is full:
    each start that is tried would leave another."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield aside
    except OSError as error:  # a failed write does not name the file
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        aside.unlink(missing_ok=True)
