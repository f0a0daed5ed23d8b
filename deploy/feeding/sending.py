"""Sends upstream events into their source's inbox; what its door refuses is said in words."""

import asyncio
from collections.abc import Sequence
from math import inf
from typing import NamedTuple

from nats.errors import NoRespondersError, OutboundBufferLimitError
from nats.js.errors import NotFoundError, ServiceUnavailableError

from deploy.asking import outlasting
from shared.contracts.routing import inbox_of
from shared.eventsourcing.errors import (
    LogFullError,
    LogUnavailableError,
    StoreFullError,
    TooLargeError,
)
from shared.eventsourcing.inbox.size import too_large_by
from shared.eventsourcing.jetstream.append import TRY_FOR, Publisher
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.runtime.sizes import in_words

LOOK_AFTER_S = 2.0
AWAY = (OSError, NoRespondersError, OutboundBufferLimitError, ServiceUnavailableError)


STORE_FULL = (
    "the log's store is full, not this inbox alone: nobody's messages are taken. Give it more"
    " (TRIBUNE_NATS_MAX_FILE, `tribune up --max-file`), or free its disk, and publish the same file"
    " again; `tribune status` tells how full it is"
)


class DoorError(Exception):
    """The inbox does not take it; says whose inbox, why, and what to do."""


class Stored(NamedTuple):
    """What lies together in an inbox; `is_doubtful` if it was sent more than once, as where an
    acknowledgement got lost, so that a copy may lie before it."""

    first: int
    last: int
    is_doubtful: bool = False


class Door:
    """The inbox of one source, as its sender sees it."""

    def __init__(self, client: Client, source: str) -> None:
        self._client = client
        self._source = source
        self._stream = inbox_of(source)
        self._largest = 0

    async def open(self) -> int:
        """The last sequence of what is in there already; a server that begins again is waited for.
        Raises DoorError where the source has no inbox."""
        question = lambda: self._client.jetstream().stream_info(self._stream)  # noqa: E731
        try:
            info = await outlasting(self._client, question, tries=inf, for_s=TRY_FOR, away=AWAY)
        except NotFoundError:
            raise DoorError(
                f"{self._source} has no inbox; name it in the charter's sources.toml and run"
                " `tribune setup`"
            ) from None
        except AWAY as error:
            raise LogUnavailableError(f"{self._stream} does not answer") from error
        self._largest = info.config.max_msg_size or -1
        return int(info.state.last_seq)

    async def take(self, messages: Sequence[Outgoing]) -> list[Stored]:
        """Where they lie now; what is too much for one batch goes in several.

        Sizes are looked at here: of an oversize message in a batch the server only says that the
        batch is incomplete. Raises DoorError.
        """
        for message in messages:
            if size := too_large_by(message, self._largest):
                raise DoorError(
                    f"the event {message.headers.get('ce-id', '?')} of {self._source} has {size:,}"
                    f" bytes with its headers, and its inbox takes at most {self._largest:,}. Make"
                    " it smaller, or raise max_msg_size in sources.toml and run `tribune setup`"
                )
        try:
            stored = await self._store(messages)
        except TooLargeError:
            if len(messages) == 1:
                raise
            half = len(messages) // 2
            return [*await self.take(messages[:half]), *await self.take(messages[half:])]
        return [stored]

    async def _store(self, messages: Sequence[Outgoing]) -> Stored:
        give_up = asyncio.get_running_loop().time() + TRY_FOR
        sent: list[None] = []
        while True:
            try:
                publisher = Publisher(self._client, try_for=LOOK_AFTER_S)
                last = await publisher.publish(messages, lambda: sent.append(None))
                return Stored(last - len(messages) + 1, last, is_doubtful=len(sent) > 1)
            except StoreFullError as error:
                raise DoorError(STORE_FULL) from error
            except LogFullError as error:
                raise DoorError(await self._full()) from error
            except LogUnavailableError:
                if asyncio.get_running_loop().time() > give_up:
                    raise

    async def _full(self) -> str:
        info = await self._client.jetstream().stream_info(self._stream)
        return (
            f"the inbox of {self._source} is full: it holds {in_words(info.state.bytes)} of"
            f" {in_words(info.config.max_bytes or 0)}. Raise max_bytes in sources.toml and run"
            " `tribune setup`, or wait: what is 30 days old leaves it"
        )
