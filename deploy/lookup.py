"""Looks events of the log up, one after the other: there may be more than there is memory for."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from nats.js.errors import NotFoundError

from deploy.reading import messages
from shared.contracts.event import Event
from shared.contracts.reference import Reference
from shared.contracts.routing import logs, streams_of
from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.event_store import AggregateKey, RecordedEvent
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import message_for


async def at(client: Client, reference: Reference) -> RecordedEvent | None:
    if reference.sequence < 1:
        return None
    try:
        message = await client.jetstream().get_msg(*reference, direct=True)
    except NotFoundError:
        return None
    return decode(message.headers or {}, message.data or b"", reference.sequence)


async def history(
    client: Client, key: AggregateKey, event_type: type[Event] | None = None
) -> AsyncGenerator[RecordedEvent, None]:
    """What happened to an aggregate, or its events of one type. They are read as they are looked
    at: a member may have a hundred thousand."""
    async for message in messages(client, key.stream, [_filter(key, event_type)]):
        yield decode(message.headers, message.body, message.sequence)


def _filter(key: AggregateKey, event_type: type[Event] | None) -> str:
    return key.filter.replace("*", event_type.__name__, 1) if event_type else key.filter


async def newest(
    client: Client, key: AggregateKey, event_type: type[Event]
) -> RecordedEvent | None:
    found = await message_for(client, key.stream, {"last_by_subj": _filter(key, event_type)})
    return decode(found.headers, found.body, found.sequence) if found else None


async def called(client: Client, given: str) -> AsyncGenerator[RecordedEvent, None]:
    """What has the id `given` in the first log that has any; in PUBLIC also all events about the
    thing with that id, for which there is no subject to ask by."""
    is_known = False
    for name in logs():
        wanted = ("ce-id", "ce-subject") if name in streams_of("public") else ("ce-id",)
        async with aclosing(messages(client, name, headers_only=True)) as found:
            async for message in found:
                named = given in [message.headers.get(header) for header in wanted]
                if named and (recorded := await at(client, Reference(name, message.sequence))):
                    is_known = True
                    yield recorded
        if is_known:
            return
