"""The program that cleans files, as if a picture had taken its decoder over: it tries what it may
not do, and tells in place of a picture what came of it."""

import ctypes
import json
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from services.intake.files import program
from services.intake.files.walls import landlock_version

WILL_REMOVE = Path(f"/tmp/tribune-taken-over-{os.getppid()}")  # noqa: S108  a name that both sides know


def connected(kind: socket.SocketKind) -> object:
    return socket.socket(socket.AF_INET, kind).connect(("127.0.0.1", 4222))


def closed_and_sent() -> object:
    """The place of a pipe that it gives up is not free either."""
    os.close(0)
    return connected(socket.SOCK_DGRAM)


def one_more_thread() -> object:
    import _thread  # noqa: PLC0415  built in

    return _thread.start_new_thread(print, ())


def by_library(name: str, *more: Any) -> Callable[[], object]:
    library = ctypes.CDLL(None, use_errno=True)

    def called() -> object:
        if getattr(library, name)(*more) < 0:
            raise OSError(ctypes.get_errno(), name)
        return None

    return called


TRIED: dict[str, Callable[[], object]] = {
    "connects by TCP": lambda: connected(socket.SOCK_STREAM),
    "sends by UDP": lambda: connected(socket.SOCK_DGRAM),
    "has a socket of this machine": lambda: socket.socket(socket.AF_UNIX),
    "opens a file": lambda: os.open("/etc/passwd", os.O_RDONLY),
    "sends by UDP in the place of a pipe": closed_and_sent,
    "reads where its parent was started": lambda: Path(
        f"/proc/{os.getppid()}/environ"
    ).read_bytes(),
    "lists a folder": lambda: os.listdir("/"),  # noqa: PTH208
    "makes a pipe": os.pipe,
    "forks": os.fork,
    "starts a thread": one_more_thread,
    "removes a file": WILL_REMOVE.unlink,
    "cuts a file": lambda: os.truncate(WILL_REMOVE, 0),
    "makes a folder": lambda: Path(f"{WILL_REMOVE}-more").mkdir(),
    "looks into its parent": by_library("ptrace", 16, os.getppid(), 0, 0),
    "takes its limits back": lambda: program.resource.setrlimit(
        program.resource.RLIMIT_NOFILE, (99, 99)
    ),
    "is root again": lambda: os.setuid(0) if os.getuid() else None,
    "ends its parent": lambda: os.kill(os.getppid(), 0),
}


if landlock_version():  # otherwise it would, behind the same limits, and tell nothing more
    TRIED["becomes another program"] = lambda: os.execv("/bin/true", ["true"])  # noqa: S606


def tried() -> dict[str, str]:
    found = {}
    for name, what in TRIED.items():
        try:
            found[name] = f"yes: {what()}"
        except (OSError, ValueError, RuntimeError) as error:
            found[name] = f"no: {type(error).__name__}"
    return found


def main() -> int:
    def cleaner_of(_: str) -> Callable[[bytes], tuple[bytes, bytes]]:
        return lambda _: (b"", json.dumps(tried()).encode())

    program.cleaner_of = cleaner_of
    return program.main()


if __name__ == "__main__":
    raise SystemExit(main())
