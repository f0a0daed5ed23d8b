"""Makes a suite's keys on its first start, and what its log server reads of them."""

import os
from collections.abc import Iterable
from pathlib import Path

import structlog

from deploy.locks.accounts import LOG
from deploy.locks.keyring import Keyring, write
from deploy.locks.server import write_configuration
from shared.runtime.settings import PROJECT

# Who puts it under an address of his own ends TLS there: on this machine alone nobody listens.
WEBSOCKET = """\
websocket {{
  listen: "127.0.0.1:{port}"
  no_tls: true
  handshake_timeout: "5s"
}}
"""
NATS_CONF = PROJECT / "deploy" / "nats" / "log.conf"


def lock_up(keys: Keyring, store: Path, sources: Iterable[str], websocket_port: int = 0) -> Path:
    """The server's configuration, written anew: the project may have moved, or a source be new."""
    keys.complete(sources)
    _take_over(keys, store / "jetstream")
    told = write_configuration(keys, (keys.folder / "told").resolve())
    path = keys.folder / "nats.conf"
    shared = os.path.relpath(NATS_CONF, keys.folder.resolve())
    door = WEBSOCKET.format(port=websocket_port) if websocket_port else ""
    write(path, f"host: 127.0.0.1\n{door}include {shared!r}\ninclude {told.name!r}\n")
    return path


def _take_over(keys: Keyring, streams: Path) -> None:
    """A log from before there were locks, or one whose keys are lost, lies under another account,
    where the server would not look for it."""
    ours = streams / keys.public(LOG)
    others = [each for each in streams.glob("*/") if (each / "streams").is_dir()]
    if len(others) == 1 and not ours.exists():
        others[0].rename(ours)
        structlog.get_logger().warning("the log is under new lock and key now")
