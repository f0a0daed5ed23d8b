"""How much the log may take: less than the disk has room for, or a full disk would take it by
surprise."""

import os
import shutil
from pathlib import Path

from deploy.embedded.keeping import DoesNotStartError
from shared.runtime.monitoring import LEAST_ROOM
from shared.runtime.sizes import GB, in_words

MOST = 20 * GB
SHARE_OF_FREE = 0.8  # the rest is for rows and for the logs of the processes


def free(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def most(store: Path, given: int) -> int:
    """What NATS may store: what is given, else what there is on the disk, up to a usual size.

    Raises DoesNotStartError where the disk has no room for what is given.
    """
    there, left = taken(store), free(store)
    if given > there + left:
        raise DoesNotStartError(
            f"--max-file is {in_words(given)}, and the disk of {store} has room for"
            f" {in_words(there + left)}: {in_words(left)} are free, {in_words(there)} are taken by"
            " the log. Give less, or free the disk"
        )
    return given or min(MOST, there + int(SHARE_OF_FREE * left))


def require_room(store: Path) -> None:
    """Raises DoesNotStartError."""
    if (left := free(store)) < LEAST_ROOM:
        raise DoesNotStartError(
            f"the disk of {store} is full: {in_words(left)} are free, and nothing is started with"
            f" less than {in_words(LEAST_ROOM)}. Free the disk and start again"
        )


def taken(store: Path) -> int:
    """What its files take on the disk; NATS may remove some meanwhile."""
    total = 0
    for folder, _, files in os.walk(store):
        for name in files:
            try:
                total += os.stat(os.path.join(folder, name)).st_blocks * 512  # noqa: PTH118, PTH116
            except FileNotFoundError:
                continue
    return total
