"""How much memory the log server is asked to stay below: what its log needs, and no more than the
machine can give."""

import os
from contextlib import suppress
from pathlib import Path

from shared.runtime.monitoring import LEAST_MEMORY, memory_for

SHARE_OF_MACHINE = 0.5  # the rest is for services, and for the pages of files
GROUP_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def most_memory(stored: int, given: int, machine: int) -> int:
    """For a log of `stored` bytes; what is `given` is taken as it is."""
    return given or min(max(LEAST_MEMORY, memory_for(stored)), int(SHARE_OF_MACHINE * machine))


def of_this_machine() -> int:
    """Bytes of memory, or of what a container may have of it."""
    found = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for limit in GROUP_LIMITS:
        with suppress(OSError, ValueError):  # not there, or "max"
            found.append(int(limit.read_text()))
    return min(found)
