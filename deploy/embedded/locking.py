"""Makes a suite's keys on its first start, and what its log server reads of them."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import structlog

from deploy.locks.accounts import LOG
from deploy.locks.certificates import Certificates
from deploy.locks.keyring import Keyring
from deploy.locks.server import write_configuration
from shared.runtime.settings import PROJECT
from shared.runtime.whole_files import put

WEBSOCKET = """\
websocket {{
  listen: "127.0.0.1:{port}"
  {tls}
  handshake_timeout: "5s"
}}
"""
# Who puts it under an address of his own ends TLS there: on this machine alone nobody listens.
WITHOUT = "no_tls: true"
BY_CERTIFICATE = """\
tls {{
  cert_file: "{certificate}"
  key_file: "{key}"
  min_version: "1.3"
  timeout: 10
  {first}
}}"""
# A client that asks for TLS before a word is said gets it; who waits for the server's is told.
FIRST = 'handshake_first: "300ms"'
NATS_CONF = PROJECT / "deploy" / "nats" / "log.conf"


@dataclass(frozen=True)
class Door:
    """How clients come in: by WebSocket too where it has a port, and by TLS alone or not."""

    websocket_port: int = 0
    tls: bool = False


def lock_up(keys: Keyring, store: Path, sources: Iterable[str], door: Door = Door()) -> Path:
    """The server's configuration, written anew: the project may have moved, or a source be new."""
    keys.complete(sources)
    _take_over(keys, store / "jetstream")
    told = write_configuration(keys, (keys.folder / "told").resolve())
    path = keys.folder / "nats.conf"
    shared = os.path.relpath(NATS_CONF, keys.folder.resolve())
    put(path, f"host: 127.0.0.1\n{_ways(keys, door)}include {shared!r}\ninclude {told.name!r}\n")
    return path


def _ways(keys: Keyring, door: Door) -> str:
    ours = Certificates(keys.folder)
    if door.tls:
        ours.complete()
    files = {"certificate": ours.certificate.resolve(), "key": ours.key.resolve()}
    lines = f"{BY_CERTIFICATE.format(first=FIRST, **files)}\n" if door.tls else ""
    if not door.websocket_port:
        return lines
    tls = BY_CERTIFICATE.format(first="", **files) if door.tls else WITHOUT
    return lines + WEBSOCKET.format(port=door.websocket_port, tls=tls)


def _take_over(keys: Keyring, streams: Path) -> None:
    """A log from before there were locks, or one whose keys are lost, lies under another account,
    where the server would not look for it."""
    ours = streams / keys.public(LOG)
    others = [each for each in streams.glob("*/") if (each / "streams").is_dir()]
    if len(others) == 1 and not ours.exists():
        others[0].rename(ours)
        structlog.get_logger().warning("the log is under new lock and key now")
