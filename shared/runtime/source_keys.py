"""Follows the log for the keys of sources: what is given or revoked counts at once, everywhere."""

from functools import partial
from typing import TYPE_CHECKING

from shared.contracts.routing import log_of
from shared.contracts.source_key import (
    SourceKeyEvent,
    SourceKeyGiven,
    SourceKeyReplaced,
    SourceKeyRevoked,
)
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.message import Message
from shared.runtime.following import follow, readable
from shared.runtime.loops import Loop
from shared.web.source_keys import SourceKeys

if TYPE_CHECKING:  # a command asks which events these are
    from shared.runtime.runtime import Runtime

STREAM = log_of("intake")
FILTERS = tuple(each.filter() for each in (SourceKeyGiven, SourceKeyReplaced, SourceKeyRevoked))


def add_source_keys(runtime: "Runtime") -> SourceKeys:
    keys = SourceKeys(runtime.charter.sources)
    runtime.watched.add(STREAM)
    runtime.loops.add(Loop("source keys", lambda: follow_source_keys(runtime.client, keys)))
    return keys


async def follow_source_keys(client: Client, keys: SourceKeys) -> None:
    """From the beginning, until cancelled."""
    keys.is_current = False

    async def current() -> None:
        keys.is_current = True

    await follow(client, STREAM, FILTERS, partial(_learn, keys), current)


def _learn(keys: SourceKeys, message: Message) -> None:
    recorded = readable(message, STREAM, "what became of a source's key is lost")
    if recorded and isinstance(recorded.event, SourceKeyEvent):
        keys.learn(recorded.event)
