"""Runs a suite: starts everything, keeps it running, stops it at the end."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import structlog

from deploy.declaring import declare_suite
from deploy.embedded.folder import claim
from deploy.embedded.keeping import keep
from deploy.embedded.starting import all_ready, nats_answers
from deploy.embedded.suite import NOTE, Suite
from shared.eventsourcing.jetstream.connection import connect
from shared.runtime.charter import read_charter
from shared.runtime.ports import free_port, is_free
from shared.runtime.settings import PROJECT, Settings

NATS_CONF = PROJECT / "deploy" / "nats" / "embedded.conf"


@asynccontextmanager
async def running(suite: Suite) -> AsyncIterator[Suite]:
    """Start everything, wait until all is ready, keep it running, stop it at the end.

    Raises RuntimeError with what to do if something does not start, and LogDamagedError. Without
    services it is the log alone, as it is: nothing is declared.
    """
    suite.data_dir.mkdir(parents=True, exist_ok=True)
    lock = claim(suite.data_dir)
    suite.nats_port = suite.nats_port or free_port()
    suite.monitor_port = suite.monitor_port or free_port()
    stopping = asyncio.Event()
    nats = keep(suite, "nats", _nats_command(suite), stopping, inherits=(lock,))
    keepers = [asyncio.create_task(nats)]
    try:
        await nats_answers(suite)
        if suite.services:
            await _declare_streams(suite)
        for service in suite.services:
            _require_free(service, suite.service_port(service))
            # -P: a folder `deploy` under the current one is not ours.
            command = [sys.executable, "-P", "-m", "deploy.cli", "service", service]
            keepers.append(asyncio.create_task(keep(suite, service, command, stopping)))
        await all_ready(suite, keepers)
        suite.ready = True
        yield suite
    finally:
        stopping.set()
        for keeper in reversed(keepers):
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
        with suppress(FileNotFoundError):
            (suite.data_dir / NOTE).unlink()
        os.close(lock)


def _nats_command(suite: Suite) -> list[str]:
    beside = Path(sys.executable).with_name("nats-server")
    server = str(beside) if beside.exists() else shutil.which("nats-server")
    if server is None:
        raise RuntimeError("there is no nats-server; `make setup` installs it")
    store = suite.data_dir / "nats"
    ports = ["-p", str(suite.nats_port), "-m", str(suite.monitor_port)]
    return [server, "-c", str(NATS_CONF), *ports, "-sd", str(store)]


async def _declare_streams(suite: Suite) -> None:
    """As `tribune setup` does it; a `.env` is not asked, for it describes another suite."""
    inboxes = read_charter(suite.charter_dir).inboxes(Settings(_env_file=None).inbox_limits)
    client = await connect(suite.nats_url, "setup")
    try:
        done = await declare_suite(client, inboxes, suite.monitor_url)
        for change in done.changed:
            structlog.get_logger().warning("changed the limit of an inbox", change=str(change))
    finally:
        await client.close()


def _require_free(service: str, port: int) -> None:
    if not is_free(port):
        raise RuntimeError(f"port {port} for {service} is taken; choose others with --port")
