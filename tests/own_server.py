"""A NATS server with a configuration of its own."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from shared.testing.servers import NatsServer, free_port


@contextmanager
def own_server(folder: Path, configuration: str) -> Iterator[NatsServer]:
    own = folder / "own.conf"
    own.write_text(configuration)
    server = NatsServer(folder, free_port(), configuration=own)
    try:
        server.start()
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
