"""Shuts the process that cleans files in, once it has all that it needs.

No file, no network, no other process. None of it asks for rights. What it held before, its three
pipes, stays; nothing comes to it.
"""

import ctypes
import os
import resource
import sys
from contextlib import suppress

NOBODY = 65534
NO_NEW_PRIVILEGES = 38
CREATE_RULESET, RESTRICT_SELF, ASKS_VERSION = 444, 446, 1
FILES_SINCE = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 5: 0xFFFF}
"""Which acts on files Landlock knows, by the oldest version that does."""

NETWORK_SINCE, SCOPES_SINCE, ALL_OF_THEM = 4, 6, 0b11
"""TCP, and then signals and nameless sockets to processes outside."""


class Rules(ctypes.Structure):
    """What is forbidden where no rule allows it, and there is none. Older kernels take the longer
    form as long as what they don't know is 0."""

    _fields_ = (
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scopes", ctypes.c_uint64),
    )


def landlock_version() -> int:
    """0 where the kernel has none, or an engine forbids to ask."""
    if sys.platform != "linux":
        return 0
    told: int = ctypes.CDLL(None).syscall(CREATE_RULESET, None, 0, ASKS_VERSION)
    return max(told, 0)


def shut() -> None:
    """Nothing may have to be imported afterwards. Raises OSError where what this kernel has does
    not hold."""
    with suppress(PermissionError):  # whoever is root is nobody from here on: limits hold for them
        if not os.getuid():
            os.setgroups([])
            os.setresgid(NOBODY, NOBODY, NOBODY)
            os.setresuid(NOBODY, NOBODY, NOBODY)
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    if sys.platform == "linux":
        _never_more()
        if version := landlock_version():
            _landlock(version)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))  # no file and no socket, of whatever kind


def _never_more() -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "no new privileges")


def _landlock(version: int) -> None:
    """Forbids what goes by a path, too, and so needs no number of an open file."""
    call = ctypes.CDLL(None, use_errno=True).syscall
    rules = Rules(
        max(acts for since, acts in FILES_SINCE.items() if since <= version),
        ALL_OF_THEM if version >= NETWORK_SINCE else 0,
        ALL_OF_THEM if version >= SCOPES_SINCE else 0,
    )
    held = call(CREATE_RULESET, ctypes.byref(rules), ctypes.sizeof(rules), 0)
    if held < 0 or call(RESTRICT_SELF, held, 0):
        raise OSError(ctypes.get_errno(), "Landlock")
    os.close(held)
