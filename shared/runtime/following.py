"""Follows some events of a log, for what a process has to know of it by heart."""

from collections.abc import Awaitable, Callable, Sequence

import structlog

from shared.eventsourcing.codec import PLAIN
from shared.eventsourcing.errors import UnreadableEventError
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import last_under, until_there
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader


async def follow(
    client: Client,
    stream: str,
    filters: Sequence[str],
    learn: Callable[[Message], None],
    is_current: Callable[[], Awaitable[None]],
) -> None:
    """From the beginning, until cancelled. `is_current` is called once, when all was learned that
    stood there: what was taken back before must not count meanwhile."""
    await until_there(client, stream)
    goal = await last_under(client, stream, filters)
    told = goal == 0
    if told:
        await is_current()
    async with open_reader(client, ReadFrom(stream, 1, filters=filters)) as reader:
        while True:
            for message in await reader.next():
                learn(message)
                if not told and message.sequence >= goal:
                    told = True
                    await is_current()


def readable(message: Message, stream: str, lost: str) -> RecordedEvent | None:
    """What nobody can read keeps nobody else out; that it is `lost` stands in the log."""
    try:
        return PLAIN.decode_known(message.headers, message.body, message.sequence)
    except UnreadableEventError:
        reason = f"{stream}/{message.sequence} can't be read"
        structlog.get_logger().error(lost, reason=reason)
        return None
