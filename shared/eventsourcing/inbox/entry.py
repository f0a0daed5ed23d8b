"""Puts what came over HTTP into the inbox of its source, all of it or nothing."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from shared.contracts.routing import inbox_of
from shared.eventsourcing.inbox.over_http import Arrived
from shared.eventsourcing.inbox.parse import RefusalError
from shared.eventsourcing.inbox.size import too_large_by
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import size_limit
from shared.eventsourcing.jetstream.wire import Outgoing

TRIES_FOR_S = 10.0
LOOKS_AGAIN_S = 10.0


class _Limit(NamedTuple):
    most: int
    until: float


class Entry:
    """Of all sources. A message has the same headers as one that came by NATS, and no others: none
    of those by which a sender could tell the server what to do."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._publisher = Publisher(client, try_for=TRIES_FOR_S)
        self._limits: dict[str, _Limit] = {}

    async def put(self, source: str, arrived: Sequence[Arrived]) -> int:
        """The inbox sequence of the last; what is put in together lies together.

        Raises LogFullError, LogUnavailableError and RefusedAppendError as a Publisher does.
        """
        return await self._publisher.publish([_outgoing(source, each) for each in arrived])

    async def fitting(
        self, source: str, arrived: Sequence[Arrived | RefusalError]
    ) -> list[Arrived | RefusalError]:
        """What the inbox would not take for its size, as a refusal: of such a message in a batch
        the server only says that the batch is incomplete. Raises LogUnavailableError."""
        most = await self._most(source)
        return [
            _too_large(each, most)
            if isinstance(each, Arrived) and too_large_by(_outgoing(source, each), most)
            else each
            for each in arrived
        ]

    async def _most(self, source: str) -> int:
        now = asyncio.get_running_loop().time()
        known = self._limits.get(source)
        if known is None or known.until < now:
            most = await size_limit(self._client, inbox_of(source))
            known = self._limits[source] = _Limit(most, now + LOOKS_AGAIN_S)
        return known.most


def _outgoing(source: str, arrived: Arrived) -> Outgoing:
    return Outgoing(f"inbox.{source}.{arrived.kind}", arrived.body, arrived.headers)


def _too_large(arrived: Arrived, most: int) -> RefusalError:
    detail = f"With its headers it is larger than this inbox takes: {most:,} bytes."
    return RefusalError("Too large", detail, ce_id=arrived.ce_id)
