"""What lies in an instance's folder is for its own user alone: folders 0700, files 0600."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

FOLDER, FILE = 0o700, 0o600
OTHERS = 0o077
OURS = ("*.db", "*.db-*", "*.key", "*.log", "*.lock", "suite.json*")
"""By name: whoever names a home for the folder must find the rest of it as it was."""

STORE = "nats"


def keep_private(folder: Path) -> int:
    """From now on for all that this process and its children make, and what earlier versions have
    made. The umask before."""
    before = os.umask(OTHERS)
    folder.mkdir(parents=True, exist_ok=True)
    for path in (folder, *_ours(folder)):
        with suppress(OSError):  # another user's, or gone meanwhile
            _mend(path)
    return before


def _ours(folder: Path) -> Iterator[Path]:
    for pattern in OURS:
        yield from folder.glob(pattern)
    for inside, folders, files in os.walk(folder / STORE):
        yield Path(inside)
        yield from (Path(inside, name) for name in (*folders, *files))


def _mend(path: Path) -> None:
    """A folder that all may write to, as /tmp, is nobody's; nor is what a link leads to."""
    found = path.lstat()
    is_folder = stat.S_ISDIR(found.st_mode)
    if not (is_folder or stat.S_ISREG(found.st_mode)) or found.st_mode & stat.S_ISVTX:
        return
    if found.st_mode & OTHERS and found.st_uid == os.getuid():
        path.chmod(FOLDER if is_folder else FILE)
