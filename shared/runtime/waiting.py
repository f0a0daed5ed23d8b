"""Waits for what a service stands on, as long as it takes, and says each reason once."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog
from faststream.nats import NatsBroker
from nats.aio.client import Client
from nats.errors import Error as NatsError
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from shared.eventsourcing.jetstream.tls import distrusted, is_distrust
from shared.eventsourcing.projections.database import run_in
from shared.runtime.databases import away, reach
from shared.runtime.log_server import LogServer, NotMonitoredError
from shared.runtime.waiting_room import WaitingRoom

TRIES_EVERY_S = 1.0
CONNECTS_WITHIN_S = 2.0


class Waiting:
    """Until there or stopped. What is waited for is told in the room, too."""

    def __init__(self, stop: asyncio.Event, room: WaitingRoom) -> None:
        self._stop = stop
        self._room = room
        self._client: Client | None = None

    async def for_nats(self, broker: NatsBroker) -> None:
        """Its client tries again for ever where nobody listens, and says nothing of it."""
        connecting = asyncio.create_task(broker.connect())

        async def reach() -> None:
            nonlocal connecting
            if connecting.done():
                connecting = asyncio.create_task(broker.connect())
            async with asyncio.timeout(CONNECTS_WITHIN_S):
                await asyncio.shield(connecting)

        try:
            await self._for("NATS", reach, (NatsError, OSError), _nats_trouble)
            if connecting.done() and not connecting.exception():
                self._client = broker.connection
        finally:
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)

    async def for_sync(self, server: LogServer, broker: NatsBroker) -> None:
        """Raises LogDamagedError if what is acknowledged may be lost."""

        async def ask() -> None:
            if accepted := await server.require_sync(broker.connection):
                structlog.get_logger().warning(
                    "the log server may lose what it acknowledged", accepted_because=accepted
                )

        await self._for("the log server's monitoring", ask, (NotMonitoredError,), str)

    async def for_database(self, service: str, engine: Engine) -> None:
        async def ask() -> None:
            await run_in(engine, reach, engine)

        def in_words(error: Exception) -> str:
            said = away(service, engine.url, error) if isinstance(error, SQLAlchemyError) else None
            return said or type(error).__name__

        await self._for("its database", ask, (OperationalError,), in_words)

    async def _for(
        self,
        what: str,
        reach: Callable[[], Awaitable[object]],
        away: tuple[type[Exception], ...],
        in_words: Callable[[Exception], str],
    ) -> None:
        told = ""
        while not self._stop.is_set():
            try:
                await reach()
            except away as error:
                if told != (told := in_words(error)):
                    structlog.get_logger().warning(f"waits for {what}", reason=told)
                    await self._room.tell(f"waits for {what}: {told}", self._client)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(TRIES_EVERY_S):
                        await self._stop.wait()
            else:
                if told:
                    structlog.get_logger().info(f"{what} is there")
                return


def _nats_trouble(error: Exception) -> str:
    if "authorization" in str(error).lower():
        return "NATS refuses the credentials of TRIBUNE_NATS_CREDENTIALS"
    if is_distrust(error):
        return f"NATS at the address of TRIBUNE_NATS_URL {distrusted(error)}"
    return f"NATS does not answer at the address of TRIBUNE_NATS_URL ({type(error).__name__})"
