"""Reads streams as they are: what can't be read is passed over, and an end that is gone ends it."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from nats.errors import StaleConnectionError

from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import last_under, message_for
from shared.eventsourcing.jetstream.reader import Message, Reader, ReadFrom, open_reader

BATCH = 2000
LOOKS_AFTER_S = 2.0
AWAY_FOR_S = 30.0


async def batches(
    client: Client,
    stream: str,
    until: int,
    filters: Sequence[str] = (),
    *,
    start: int = 1,
    headers_only: bool = False,
) -> AsyncGenerator[list[Message], None]:
    """All messages from the sequence `start` up to and including `until` that can be read, oldest
    first."""
    state = (await client.jetstream().stream_info(stream)).state
    first = max(start, state.first_seq)
    if not state.messages or first > until:
        return
    source = ReadFrom(
        stream,
        first,
        filters=filters,
        batch=BATCH,
        headers_only=headers_only,
        around_gaps=True,
    )
    last = first - 1
    async with open_reader(client, source) as reader:
        while last < until:
            batch = await _next(client, reader, source, last)
            if not batch:
                return
            last = batch[-1].sequence
            if wanted := [message for message in batch if message.sequence <= until]:
                yield wanted


async def messages(
    client: Client, stream: str, filters: Sequence[str] = (), *, headers_only: bool = False
) -> AsyncGenerator[Message, None]:
    """All messages of a stream as it is now, or those under some subjects."""
    until = await last_under(client, stream, filters)
    read = batches(client, stream, until, filters, headers_only=headers_only)
    async with aclosing(read) as found:
        async for batch in found:
            for message in batch:
                yield message


async def _next(client: Client, reader: Reader, source: ReadFrom, last: int) -> list[Message]:
    """What comes after the sequence `last`; nothing if the server has nothing that it can read.

    Raises StaleConnectionError once the server has been away for a good while.
    """
    away_s = 0.0
    while True:
        try:
            async with asyncio.timeout(LOOKS_AFTER_S):
                return await reader.next()
        except TimeoutError:
            away_s = 0.0 if client.is_connected else away_s + LOOKS_AFTER_S
            if away_s >= AWAY_FOR_S:
                raise StaleConnectionError from None
            if client.is_connected and not await _is_more(client, source, last + 1):
                return []


async def _is_more(client: Client, source: ReadFrom, start: int) -> bool:
    for subject in source.filters or (">",):
        query = {"seq": start, "next_by_subj": subject}
        if await message_for(client, source.stream, query) is not None:
            return True
    return False
