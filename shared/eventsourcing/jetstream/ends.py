"""Where a stream ends, or what of it lies under some subjects."""

from collections.abc import Sequence
from contextlib import suppress

from nats.aio.client import Client
from nats.js.errors import NotFoundError

from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.jetstream.message import Message


async def ends_at(client: Client, stream: str) -> int:
    """A stream's last sequence. Raises LogDamagedError if there is no such stream."""
    try:
        return int((await client.jetstream().stream_info(stream)).state.last_seq)
    except NotFoundError:
        raise LogDamagedError(f"there is no stream {stream}") from None


async def last_under(client: Client, stream: str, filters: Sequence[str]) -> int:
    """The last sequence under some subjects, of the whole stream if none are given; 0 where there
    is none, and nothing to wait for."""
    if not filters:
        return await ends_at(client, stream)
    last = 0
    for subject in filters:
        with suppress(NotFoundError):
            found = await client.jetstream().get_msg(stream, subject=subject, direct=True)
            last = max(last, found.seq or 0)
    return last


async def last_message(client: Client, stream: str) -> Message | None:
    """A stream's last message; None where it is empty or not there yet."""
    with suppress(NotFoundError):
        end = (await client.jetstream().stream_info(stream)).state.last_seq
        if end:
            found = await client.jetstream().get_msg(stream, end)
            return Message(found.subject or "", found.headers or {}, found.data or b"", end, 0, 0)
    return None
