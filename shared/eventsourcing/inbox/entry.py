"""Puts what came over HTTP into the inbox of its source, all of it or nothing."""

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

from shared.contracts.routing import inbox_of
from shared.eventsourcing.inbox.over_http import Arrived
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import size_limit
from shared.eventsourcing.jetstream.wire import Outgoing, hpub

TRIES_FOR_S = 10.0
LOOKS_AGAIN_S = 10.0

WRITTEN_AROUND = 200
"""Bytes that the server counts besides what is ours: the headers of a batch."""


class TooLargeToStoreError(Exception):
    """One message is larger than this inbox takes; says which, counted from 0, and the limit."""

    def __init__(self, number: int, most: int) -> None:
        super().__init__(f"With its headers it is larger than this inbox takes: {most:,} bytes.")
        self.number = number


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

        Raises TooLargeToStoreError; LogFullError, LogUnavailableError and RefusedAppendError as a
        Publisher does.
        """
        most = await self._most(source)
        messages = [
            Outgoing(f"inbox.{source}.{each.kind}", each.body, each.headers) for each in arrived
        ]
        for number, message in enumerate(messages):
            if 0 < most < len(hpub(message, {})) + WRITTEN_AROUND:
                raise TooLargeToStoreError(number, most)
        return await self._publisher.publish(messages)

    async def _most(self, source: str) -> int:
        """Of a message too large in a batch the server only says that the batch is incomplete."""
        now = asyncio.get_running_loop().time()
        known = self._limits.get(source)
        if known is None or known.until < now:
            most = await size_limit(self._client, inbox_of(source))
            known = self._limits[source] = _Limit(most, now + LOOKS_AGAIN_S)
        return known.most
