"""Runs one service: connects, starts its loops and its HTTP side, and stops gracefully."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import structlog
import uvicorn
from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.errors import Error as NatsError
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from starlette.routing import BaseRoute

from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.projections.database import open_database, run_in
from shared.runtime import metrics
from shared.runtime.broker import make_broker
from shared.runtime.charter import Charter, read_charter
from shared.runtime.clock import Clock
from shared.runtime.clock_stream import follow_clock, still_clock
from shared.runtime.databases import Figures
from shared.runtime.http import http_app, http_server
from shared.runtime.logging import configure_logging
from shared.runtime.loops import Loop, Loops
from shared.runtime.memory import collect_less_often
from shared.runtime.settings import Settings

DAMAGED_EXIT = 3
METRICS_EVERY_S = 1.0


@dataclass
class Runtime:
    """What a service's composition root builds with, and where it puts what it built."""

    name: str
    settings: Settings
    charter: Charter
    clock: Clock
    engine: Engine
    broker: NatsBroker
    client: Client
    store: JetStreamEventStore
    loops: Loops = field(default_factory=Loops)
    routes: list[BaseRoute] = field(default_factory=list)
    progress: Callable[[], dict[str, Any]] = dict
    """What `query.{service}.progress` answers besides the positions."""


async def run_service(name: str, settings: Settings, compose: Callable[[Runtime], None]) -> int:
    """Until SIGTERM or SIGINT; the process's exit code."""
    configure_logging(name, settings.log_level, settings.log_format)
    collect_less_often()
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    async with _connected(name, settings, stop) as runtime:
        if runtime is None:
            return 0
        compose(runtime)
        if settings.clock == "stream":
            runtime.loops.add(Loop("clock", lambda: follow_clock(runtime.client, runtime.clock)))
        _serve_progress(runtime)
        await runtime.broker.start()
        behind = _Behind(runtime)
        app = http_app(lambda: _why_not_ready(runtime, behind), runtime.routes)
        server = http_server(app, settings.host, settings.http_port(name))
        server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
        await _until(stop, runtime, server, behind)
        structlog.get_logger().info("stopped")
        return DAMAGED_EXIT if runtime.loops.damaged.is_set() else 0


async def _until(
    stop: asyncio.Event, runtime: Runtime, server: uvicorn.Server, behind: "_Behind"
) -> None:
    loops = asyncio.create_task(runtime.loops.run())
    http = asyncio.create_task(server.serve())
    watching = asyncio.create_task(behind.watch())
    ends = [asyncio.create_task(stop.wait()), asyncio.create_task(runtime.loops.damaged.wait())]
    structlog.get_logger().info("started", http=f"{server.config.host}:{server.config.port}")
    await asyncio.wait([*ends, http], return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    for task in (loops, watching, *ends):
        task.cancel()
    results = await asyncio.gather(loops, http, return_exceptions=True)
    for result in results:
        if isinstance(result, SystemExit | OSError):
            raise result


@asynccontextmanager
async def _connected(
    name: str, settings: Settings, stop: asyncio.Event
) -> AsyncIterator[Runtime | None]:
    """All a service stands on; waits for NATS as long as it takes. None: stopped meanwhile."""
    charter = read_charter(settings.charter_dir)
    engine = open_database(settings.database(name))
    broker = make_broker(settings.nats_url.get_secret_value(), name)
    await _wait_for("NATS", broker.connect, stop)
    await _wait_for("its database", lambda: run_in(engine, _reach, engine), stop)
    if stop.is_set():
        await broker.stop()
        yield None
        return
    client = broker.connection
    clock = still_clock() if settings.clock == "stream" else Clock()
    store = JetStreamEventStore(client)
    try:
        yield Runtime(name, settings, charter, clock, engine, broker, client, store)
    finally:
        await broker.stop()
        engine.dispose()


async def _wait_for(what: str, reach: Callable[[], Awaitable[object]], stop: asyncio.Event) -> None:
    """As long as it takes, or until stopped."""
    while not stop.is_set():
        try:
            await reach()
        except (NatsError, OSError, OperationalError) as error:
            structlog.get_logger().warning(f"waits for {what}", error=type(error).__name__)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), 1.0)
        else:
            return


def _reach(engine: Engine) -> None:
    engine.connect().close()


class _Behind:
    """Which loops have not yet reached what stood in their stream when the service started."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._goals: dict[str, int] | None = None

    def reasons(self) -> list[str]:
        if self._goals is None:
            return ["the streams are not there yet; `tribune setup` declares them"]
        positions = self._runtime.loops.positions()
        return [
            f"{name}: at {positions[name]} of {goal}"
            for name, goal in self._goals.items()
            if positions[name] < goal
        ]

    async def watch(self) -> None:
        jetstream = self._runtime.client.jetstream()
        while True:
            with contextlib.suppress(NatsError, OSError):
                if self._goals is None:
                    self._goals = {
                        loop.name: (await jetstream.stream_info(loop.stream)).state.last_seq
                        for loop in self._runtime.loops.loops
                        if loop.stream and not loop.filtered
                    }
            for loop in self._runtime.loops.loops:
                if loop.stream:
                    metrics.position.labels(loop.name, loop.stream).set(loop.position())
                for result, count in loop.tally().items():
                    metrics.messages.labels(loop.name, result).set(count)
            await asyncio.sleep(METRICS_EVERY_S if self._goals is not None else 0.1)


def _why_not_ready(runtime: Runtime, behind: _Behind) -> list[str]:
    connected: Sequence[str] = () if runtime.client.is_connected else ("no connection to NATS",)
    return [*connected, *runtime.loops.troubles(), *behind.reasons()]


def _serve_progress(runtime: Runtime) -> None:
    """Every replica answers, each for itself, also while the database is away."""
    subject = f"query.{runtime.name}.progress"
    figures = Figures(runtime.name, runtime.engine, runtime.progress)

    @runtime.broker.subscriber(subject, title="Progress")
    async def progress(_: dict[str, Any]) -> dict[str, Any]:
        details = await figures.ask()
        return {
            "service": runtime.name,
            "instance": runtime.settings.instance_name,
            "standby": getattr(runtime.loops, "standbys", list)(),
            "now": runtime.clock.now().isoformat(),
            "positions": runtime.loops.positions(),
            "troubles": runtime.loops.troubles(),
            **details,
        }
