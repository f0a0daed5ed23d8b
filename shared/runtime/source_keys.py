"""Follows the log for the keys of sources: what is given or revoked counts at once, everywhere."""

import structlog

from shared.contracts.routing import log_of
from shared.contracts.source_key import (
    SourceKeyEvent,
    SourceKeyGiven,
    SourceKeyReplaced,
    SourceKeyRevoked,
)
from shared.eventsourcing.codec import PLAIN
from shared.eventsourcing.errors import UnreadableEventError
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import last_under, until_there
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader
from shared.runtime.loops import Loop
from shared.runtime.runtime import Runtime
from shared.web.source_keys import SourceKeys

FILTERS = tuple(each.filter() for each in (SourceKeyGiven, SourceKeyReplaced, SourceKeyRevoked))


def add_source_keys(runtime: Runtime) -> SourceKeys:
    keys = SourceKeys(runtime.charter.sources)
    runtime.watched.add(log_of("intake"))
    runtime.loops.add(Loop("source keys", lambda: follow_source_keys(runtime.client, keys)))
    return keys


async def follow_source_keys(client: Client, keys: SourceKeys) -> None:
    """From the beginning, until cancelled."""
    stream = log_of("intake")
    await until_there(client, stream)
    goal = await last_under(client, stream, FILTERS)
    keys.is_current = goal == 0
    async with open_reader(client, ReadFrom(stream, 1, filters=FILTERS)) as reader:
        while True:
            for message in await reader.next():
                _learn(keys, message)
                keys.is_current = keys.is_current or message.sequence >= goal


def _learn(keys: SourceKeys, message: Message) -> None:
    """What nobody can read keeps nobody else out."""
    try:
        recorded = PLAIN.decode_known(message.headers, message.body, message.sequence)
    except UnreadableEventError:
        reason = f"{log_of('intake')}/{message.sequence} can't be read"
        structlog.get_logger().error("what became of a source's key is lost", reason=reason)
        return
    if recorded and isinstance(recorded.event, SourceKeyEvent):
        keys.learn(recorded.event)
