"""Runs a suite: starts everything, keeps it running, stops it at the end."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import structlog

from deploy.embedded.aftermath import Aftermath
from deploy.embedded.disk import most, require_room
from deploy.embedded.folder import claimed
from deploy.embedded.keeping import DoesNotStartError, Keeper
from deploy.embedded.locking import Door, lock_up
from deploy.embedded.nursing import Nurse
from deploy.embedded.remembered import changes, remember, remembered
from deploy.embedded.starting import Tell, all_ready, nats_answers
from deploy.embedded.suite import NATS, NOTE, Suite
from deploy.locks.following import stand_ready
from deploy.upkeep.declaring import declare_suite
from shared.eventsourcing.jetstream.connection import connect
from shared.runtime.charter import read_charter
from shared.runtime.ports import free_port, is_free
from shared.runtime.private import keep_private
from shared.runtime.settings import Settings


@asynccontextmanager
async def running(suite: Suite, tell: Tell = lambda _: None) -> AsyncIterator[Suite]:
    """Start everything, wait until all is ready, keep it running, stop it at the end.

    Raises RuntimeError with what to do if something does not start, and LogDamagedError. Without
    services it is the log alone, as it is: nothing is declared.
    """
    async with AsyncExitStack() as ends:
        ends.callback(os.umask, keep_private(suite.data_dir))
        suite.store.mkdir(exist_ok=True)
        lock = await ends.enter_async_context(claimed(suite.data_dir))
        aftermath = Aftermath(lock)
        suite.heirs = [aftermath.tell]
        ends.push_async_callback(_forget, suite)
        await ends.enter_async_context(_meanwhile(aftermath.keep()))
        await aftermath.there.wait()
        most(suite.store, suite.max_file)
        if suite.services:
            require_room(suite.store)
        for process in suite.processes:
            _require_free(process, suite.port_of(process), "--port")
        if suite.nats_port:
            _require_free(NATS, suite.nats_port, "--nats-port")
        if suite.websocket_port:
            _require_free("WebSocket", suite.websocket_port, "--websocket-port")
        suite.nats_port = suite.nats_port or free_port()
        suite.monitor_port = suite.monitor_port or free_port()
        configuration = _lock_up(suite)
        nats = Keeper(suite, NATS, _nats_command(suite, configuration), lock)
        nurse = Nurse(suite, nats)
        await ends.enter_async_context(_meanwhile(nurse.run()))
        runs = await ends.enter_async_context(_meanwhile(nats.run()))
        await nats_answers(suite, nats, runs[0], tell)
        if suite.services:
            await _declare_streams(suite)
        keepers = [
            Keeper(suite, process, _service_command(process), lock) for process in suite.processes
        ]
        runs += await ends.enter_async_context(_meanwhile(*(keeper.run() for keeper in keepers)))
        await all_ready(suite, keepers, runs, tell)
        suite.ready = True
        yield suite


@asynccontextmanager
async def _meanwhile(*works: Coroutine[Any, Any, None]) -> AsyncIterator[list[asyncio.Task[None]]]:
    """At the end all are stopped side by side."""
    tasks = [asyncio.create_task(work) for work in works]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _forget(suite: Suite) -> None:
    with suppress(FileNotFoundError):
        (suite.data_dir / NOTE).unlink()


def nats_server() -> str:
    """The program. Raises DoesNotStartError where there is none."""
    beside = Path(sys.executable).with_name("nats-server")
    server = str(beside) if beside.exists() else shutil.which("nats-server")
    if server is None:
        raise DoesNotStartError("there is no nats-server; `make setup` installs it")
    return server


def _nats_command(suite: Suite, configuration: Path) -> list[str]:
    ports = ["-p", str(suite.nats_port), "-m", str(suite.monitor_port)]
    return [nats_server(), "-c", str(configuration), *ports, "-sd", str(suite.store)]


def _lock_up(suite: Suite) -> Path:
    door = Door(suite.websocket_port, tls=suite.tls)
    return lock_up(suite.keys, suite.store, _sources(suite), door)


def _sources(suite: Suite) -> list[str]:
    """Those of the charter have users of their own; a log that is only looked at needs none."""
    return list(read_charter(suite.charter_dir).sources) if suite.services else []


def _service_command(process: str) -> list[str]:
    """-P: a folder `deploy` under the current one is not ours."""
    return [sys.executable, "-P", "-m", "deploy.cli", "service", process.partition("-")[0]]


async def _declare_streams(suite: Suite) -> None:
    """As `tribune setup` does it; a `.env` is not asked, for it describes another suite. The folder
    remembers the charter from then on."""
    charter = read_charter(suite.charter_dir)
    inboxes = charter.inboxes(Settings(_env_file=None).inbox_limits)
    whom, trust = suite.credentials("setup"), suite.authority
    client = await connect(suite.nats_url, "setup", whom, authority=trust)
    try:
        done = await declare_suite(client, inboxes, suite.monitor_url)
        await stand_ready(client, suite.keys)
        for change in done.changed:
            structlog.get_logger().warning("changed the limit of an inbox", change=str(change))
        for difference in changes(remembered(suite.data_dir), charter):
            structlog.get_logger().warning(
                "the charter is not what it was at the last start", change=difference
            )
        remember(suite.data_dir, charter)
    finally:
        await client.close()


def _require_free(process: str, port: int, option: str) -> None:
    if not is_free(port):
        service = process.partition("-")[0]
        raise DoesNotStartError(
            f"port {port} for {service} is taken, by another suite perhaps; choose another one with"
            f" {option}"
        )
