"""A NATS server with a configuration of its own."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from shared.testing.servers import NatsServer, free_port


@contextmanager
def own_server(folder: Path, configuration: str) -> Iterator[NatsServer]:
    server = NatsServer(folder, free_port())
    (folder / "own.conf").write_text(f"host: 127.0.0.1\n{configuration}")
    program = Path(sys.executable).with_name("nats-server")
    ports = ["-p", str(server.port), "-m", str(server.monitor_port)]
    server.process = subprocess.Popen(  # noqa: S603
        [str(program), "-c", str(folder / "own.conf"), *ports, "-sd", str(folder)],
        stderr=subprocess.DEVNULL,
    )
    try:
        while not _is_healthy(server):
            time.sleep(0.02)
        yield server
    finally:
        server.stop()


def _is_healthy(server: NatsServer) -> bool:
    assert server.process is not None
    assert server.process.poll() is None
    try:
        return httpx.get(f"{server.monitor_url}/healthz", trust_env=False).is_success
    except httpx.HTTPError:
        return False
