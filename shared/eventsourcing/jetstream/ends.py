"""Where a stream ends, or what of it lies under some subjects."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.errors import NotFoundError

from shared.eventsourcing.errors import LogDamagedError, LogUnavailableError
from shared.eventsourcing.jetstream.message import Message

LOOKS_AGAIN_S = 0.5

ANSWER_WITHIN_S = 5.0
NOTHING = "404"


@contextmanager
def answering(what: str) -> Iterator[None]:
    """Raises LogUnavailableError for whatever keeps the server from answering."""
    try:
        yield
    except (NatsError, OSError, TimeoutError, LogDamagedError) as error:
        raise LogUnavailableError(f"{what} does not answer") from error


async def ends_at(client: Client, stream: str) -> int:
    """A stream's last sequence. Raises LogDamagedError if there is no such stream."""
    try:
        return int((await client.jetstream().stream_info(stream)).state.last_seq)
    except NotFoundError:
        raise LogDamagedError(f"there is no stream {stream}") from None


async def deleted_from(client: Client, stream: str) -> list[int]:
    """What the server says to be gone between a stream's first and last message."""
    asked = json.dumps({"deleted_details": True}).encode()
    answer = await client.request(f"$JS.API.STREAM.INFO.{stream}", asked, timeout=ANSWER_WITHIN_S)
    return json.loads(answer.data).get("state", {}).get("deleted") or []


async def size_limit(client: Client, stream: str) -> int:
    """How large a message of it may be; -1 for no limit. Raises LogUnavailableError."""
    with answering(stream):
        info = await client.jetstream().stream_info(stream)
    return info.config.max_msg_size or -1


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


async def next_under(client: Client, stream: str, filters: Sequence[str], after: int) -> int:
    """The first sequence behind `after` under some subjects; 0 where there is none."""
    found = []
    for subject in filters or [">"]:
        with suppress(NotFoundError):
            message = await client.jetstream().get_msg(
                stream, seq=after + 1, subject=subject, direct=True, next=True
            )
            found.append(message.seq or 0)
    return min(found, default=0)


async def newest(client: Client, stream: str, subject: str) -> Message | None:
    """The last message under a subject; None if there is none. Raises LogUnavailableError."""
    query = json.dumps({"last_by_subj": subject}).encode()
    answer = await client.request(f"$JS.API.DIRECT.GET.{stream}", query, timeout=ANSWER_WITHIN_S)
    return _found(stream, answer)


async def message_for(client: Client, stream: str, query: dict[str, Any]) -> Message | None:
    """The same for any question, where senders write the headers: nats-py takes their `Status` for
    the server's, also in the answer to a request."""
    inbox = client.new_inbox()
    subscription = await client.subscribe(inbox, max_msgs=1)
    try:
        asked = json.dumps(query).encode()
        await client.publish(f"$JS.API.DIRECT.GET.{stream}", asked, reply=inbox)
        return _found(stream, await subscription.next_msg(timeout=ANSWER_WITHIN_S))
    finally:
        with suppress(NatsError):
            await subscription.unsubscribe()


def _found(stream: str, answer: Msg) -> Message | None:
    headers = answer.headers or {}
    if "Nats-Sequence" in headers:
        sequence = int(headers["Nats-Sequence"])
        return Message(headers["Nats-Subject"], headers, answer.data, sequence)
    if headers.get("Status") != NOTHING:
        raise LogUnavailableError(f"{stream} answers with status {headers.get('Status')}")
    return None


async def last_message(client: Client, stream: str) -> Message | None:
    """A stream's last message; None where it is empty or not there yet."""
    with suppress(NotFoundError):
        end = (await client.jetstream().stream_info(stream)).state.last_seq
        if end:
            found = await client.jetstream().get_msg(stream, end)
            return Message(found.subject or "", found.headers or {}, found.data or b"", end)
    return None


async def until_there(client: Client, stream: str) -> None:
    """For who begins beside `tribune setup`; readiness names the stream meanwhile."""
    while not await _is_there(client, stream):  # noqa: ASYNC110  nobody tells when it is declared
        await asyncio.sleep(LOOKS_AGAIN_S)


async def _is_there(client: Client, stream: str) -> bool:
    try:
        await client.jetstream().stream_info(stream)
    except NotFoundError:
        return False
    return True
