"""All that a service stands on: waited for as long as it takes, and left in good order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from faststream.nats import NatsBroker
from nats.errors import Error as NatsError

from shared.eventsourcing.codec import Codec
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.projections.database import open_database
from shared.runtime.broker import make_broker
from shared.runtime.charter import read_charter
from shared.runtime.clock import Clock
from shared.runtime.clock_stream import still_clock
from shared.runtime.keys import long_key
from shared.runtime.log_server import LogServer
from shared.runtime.program import Program
from shared.runtime.runtime import Runtime
from shared.runtime.settings import Settings
from shared.runtime.waiting import Waiting
from shared.runtime.waiting_room import WaitingRoom
from shared.web.frame import Frame, House


@asynccontextmanager
async def foundation(
    program: Program, settings: Settings, stop: asyncio.Event
) -> AsyncIterator[Runtime | None]:
    """None: stopped meanwhile.

    Raises LogDamagedError if the log server may lose what it acknowledged, CharterError,
    WeakKeyError, CredentialsError and AuthorityError for what the operator has to mend.
    """
    name = program.name
    charter = read_charter(settings.charter_dir)
    key = _web_key(settings) if program.has_pages else b""
    engine = open_database(settings.database(name)) if program.has_rows else None
    url = settings.nats_url.get_secret_value()
    broker = make_broker(url, name, settings.credentials(name), settings.authority)
    server = LogServer(settings)
    house = House(charter.name, charter.notice, charter.form is not None)
    frame = Frame(
        house,
        program.service,
        settings.sites_for(program.service),
        key,
        language=charter.language,
        security_contact=settings.security_contact,
    )
    room = WaitingRoom(program, settings, frame)
    waiting = Waiting(stop, room)
    try:
        await waiting.for_nats(broker)
        await waiting.for_sync(server, broker)
        if engine is not None:
            await waiting.for_database(name, engine)
        await room.leave()
        if stop.is_set():
            yield None
            return
        client = broker.connection
        clock = still_clock() if settings.clock == "stream" else Clock()
        codec = Codec()
        store = JetStreamEventStore(client, codec)
        yield Runtime(
            program, settings, charter, clock, engine, broker, client, codec, store, server, frame
        )
    finally:
        await room.leave()
        await _leave(broker)
        await server.close()
        if engine is not None:
            engine.dispose()


def _web_key(settings: Settings) -> bytes:
    return long_key(settings.web_key, settings.data_dir / "web.key", "TRIBUNE_WEB_KEY")


async def _leave(broker: NatsBroker) -> None:
    """A connection that is closed already can't be left in order; the exit code tells enough."""
    try:
        await broker.stop()
    except* NatsError as errors:
        kind = type(errors.exceptions[0]).__name__
        structlog.get_logger().warning("the connection was not left in order", error=kind)
