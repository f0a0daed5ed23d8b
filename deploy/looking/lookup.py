"""Looks events of the log up, one after the other: there may be more than there is memory for."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import NamedTuple

from nats.js.errors import NotFoundError

from deploy.looking.reading import messages
from shared.contracts.event import Event
from shared.contracts.reference import Reference
from shared.contracts.routing import logs, streams_of
from shared.eventsourcing.codec import Codec
from shared.eventsourcing.event_store import AggregateKey, RecordedEvent
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import message_for


class Log(NamedTuple):
    """What is looked into, and the codec that opens what we may read of it."""

    client: Client
    codec: Codec


async def at(log: Log, reference: Reference) -> RecordedEvent | None:
    if reference.sequence < 1:
        return None
    try:
        message = await log.client.jetstream().get_msg(*reference, direct=True)
    except NotFoundError:
        return None
    return log.codec.decode(message.headers or {}, message.data or b"", reference.sequence)


async def history(
    log: Log, key: AggregateKey, event_type: type[Event] | None = None
) -> AsyncGenerator[RecordedEvent, None]:
    """What happened to an aggregate, or its events of one type. They are read as they are looked
    at: a member may have a hundred thousand."""
    async for message in messages(log.client, key.stream, [_filter(key, event_type)]):
        yield log.codec.decode(message.headers, message.body, message.sequence)


def _filter(key: AggregateKey, event_type: type[Event] | None) -> str:
    return key.filter.replace("*", event_type.__name__, 1) if event_type else key.filter


async def newest(log: Log, key: AggregateKey, event_type: type[Event]) -> RecordedEvent | None:
    found = await message_for(log.client, key.stream, {"last_by_subj": _filter(key, event_type)})
    return log.codec.decode(found.headers, found.body, found.sequence) if found else None


async def called(log: Log, given: str) -> AsyncGenerator[RecordedEvent, None]:
    """What has the id `given` in the first log that has any; in PUBLIC also all events about the
    thing with that id, for which there is no subject to ask by."""
    is_known = False
    for name in logs():
        wanted = ("ce-id", "ce-subject") if name in streams_of("public") else ("ce-id",)
        async with aclosing(messages(log.client, name, headers_only=True)) as found:
            async for message in found:
                named = given in [message.headers.get(header) for header in wanted]
                if named and (recorded := await at(log, Reference(name, message.sequence))):
                    is_known = True
                    yield recorded
        if is_known:
            return
