"""Runs one service: connects, starts its loops and its HTTP side, and stops gracefully."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Sequence

import structlog
import uvicorn
from nats.aio.client import Client
from sqlalchemy import make_url
from sqlalchemy.exc import DatabaseError

from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.jetstream.streams import suite_streams
from shared.eventsourcing.projections.fingerprints import ReadModelChangedError
from shared.runtime.clock_stream import follow_clock
from shared.runtime.databases import Pulse, corrupt, in_words
from shared.runtime.exit_codes import CLOSED, NO_PORT, REFUSES, STOPPED, UNREADABLE
from shared.runtime.foundation import foundation
from shared.runtime.http import http_server, inner_app, public_app
from shared.runtime.limits import crowd_of, share_of
from shared.runtime.logging import configure_logging
from shared.runtime.loops import Loop
from shared.runtime.memory import collect_less_often
from shared.runtime.open_files import allow_many
from shared.runtime.own_address import own_address
from shared.runtime.private import keep_private
from shared.runtime.program import Program
from shared.runtime.progress import serve_begin_again, serve_progress
from shared.runtime.readiness import Readiness
from shared.runtime.runtime import Runtime
from shared.runtime.settings import Settings
from shared.runtime.watch import Watch
from shared.web.app import WebApp

CLOCK = "CLOCK"
LOOKED_AT_EVERY_S = 0.2


async def run_service(
    program: Program, settings: Settings, compose: Callable[[Runtime], None]
) -> int:
    """Until SIGTERM or SIGINT; the process's exit code."""
    name = program.name
    configure_logging(name, settings.log_level, settings.log_format)
    collect_less_often()
    keep_private(settings.data_dir)
    allow_many()
    stop = asyncio.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    try:
        async with foundation(program, settings, stop) as runtime:
            return STOPPED if runtime is None else await _run(runtime, stop, compose)
    except (LogDamagedError, ReadModelChangedError) as error:
        structlog.get_logger().critical("refuses to run", reason=str(error))
        return REFUSES
    except DatabaseError as error:
        words = corrupt(name, make_url(settings.database(name)), error)
        if words is None:
            raise
        structlog.get_logger().critical("refuses to run", reason=words)
        return UNREADABLE


async def _run(runtime: Runtime, stop: asyncio.Event, compose: Callable[[Runtime], None]) -> int:
    compose(runtime)
    for check in runtime.checks:
        await check()
    if runtime.settings.clock == "stream":
        runtime.watched.add(CLOCK)
        runtime.loops.add(Loop("clock", lambda: follow_clock(runtime.client, runtime.clock)))
    streams = [
        config
        for config in suite_streams(runtime.charter.inboxes(runtime.settings.inbox_limits))
        if config.name in runtime.watched
    ]
    watch = Watch(runtime.client, streams, runtime.server)
    runtime.loops.add(Loop("watch", watch.run))
    readiness = Readiness(runtime, watch, _database(runtime))
    serve_progress(runtime, readiness)
    serve_begin_again(runtime)
    await runtime.broker.start()
    runtime.condition = readiness.condition
    return await _until(stop, runtime, _doors(runtime), readiness)


def apps(runtime: Runtime) -> tuple[WebApp | None, WebApp]:
    """What answers at the public door, where there are pages, and at the inner one."""
    inner = inner_app(runtime.frame, runtime.condition)
    if not runtime.program.has_pages:
        return None, inner
    share = share_of(runtime.settings)
    return public_app(runtime.frame, runtime.routes, runtime.routers, share), inner


def _database(runtime: Runtime) -> Callable[[], list[str]]:
    """What is wrong with it; nothing ever where there is none."""
    engine = runtime.rows
    if engine is None:
        return list
    runtime.loops.words = lambda error: in_words(runtime.name, engine.url, error)
    pulse = Pulse(runtime.name, engine)
    runtime.loops.add(Loop("database", pulse.run))
    return pulse.troubles


def _doors(runtime: Runtime) -> list[uvicorn.Server]:
    """The inner one, and before it the public one where there are pages."""
    settings, name = runtime.settings, runtime.name
    public, inner = apps(runtime)
    within = own_address(settings.inner_host)
    doors = [http_server(inner, within, settings.inner_http_port(name))]
    if public is not None:
        at = settings.host, settings.http_port(name)
        doors.insert(0, http_server(public, *at, crowd_of(settings)))
    for door in doors:
        door.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment]
    return doors


async def _until(
    stop: asyncio.Event, runtime: Runtime, doors: Sequence[uvicorn.Server], readiness: Readiness
) -> int:
    """Stopped, found damaged, or the connection closed for good; the exit code."""
    loops = asyncio.create_task(runtime.loops.run())
    served = [asyncio.create_task(_served(door)) for door in doors]
    following = asyncio.create_task(readiness.follow())
    stopping = asyncio.create_task(stop.wait())
    damaged = asyncio.create_task(runtime.loops.damaged.wait())
    closed = asyncio.create_task(_closed(runtime.client))
    log = structlog.get_logger()
    *http, inner = (f"{door.config.host}:{door.config.port}" for door in doors)
    log.info("started", **dict(zip(["http"], http, strict=False)), inner=inner)
    ends = [stopping, damaged, closed]
    await asyncio.wait([*ends, *served], return_when=asyncio.FIRST_COMPLETED)
    for door in doors:
        door.should_exit = True
    code = REFUSES if damaged.done() else CLOSED if closed.done() else STOPPED
    for task in (loops, following, *ends):
        task.cancel()
    results = await asyncio.gather(loops, *served, return_exceptions=True)
    for result in results:
        if isinstance(result, _NoPortError):
            log.critical("its port can't be had", host=result.host, port=result.port)
            return NO_PORT
        if isinstance(result, OSError):
            raise result
    if code == CLOSED:
        log.critical("the connection to NATS is closed for good; the process ends")
    log.info("stopped", exit_code=code)
    return code


class _NoPortError(Exception):
    def __init__(self, host: str, port: int) -> None:
        super().__init__(host, port)
        self.host, self.port = host, port


async def _served(server: uvicorn.Server) -> None:
    """uvicorn would end the whole process at once, with a code that says the log is damaged."""
    try:
        await server.serve()
    except SystemExit as error:
        raise _NoPortError(server.config.host, server.config.port) from error


async def _closed(client: Client) -> None:
    """Until nats-py has given the connection up: it never comes back by itself."""
    while not client.is_closed:  # noqa: ASYNC110  nobody tells
        await asyncio.sleep(LOOKED_AT_EVERY_S)
