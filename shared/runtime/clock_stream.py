"""Follows the clock that is set on the CLOCK stream, so that all services live at the same time."""

import json
from datetime import UTC, datetime

from nats.aio.client import Client

from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.runtime.clock import Clock

SUBJECT = "clock.set"
BEFORE_ALL = datetime(1970, 1, 1, tzinfo=UTC)


def still_clock() -> Clock:
    """Stands at 1970 until it is set: nothing falls due before somebody says what time it is."""
    return Clock(BEFORE_ALL, speed=0)


async def set_clock(client: Client, now: datetime, speed: float = 0) -> None:
    body = json.dumps({"now": now.isoformat(), "speed": speed}).encode()
    await Publisher(client).publish([Outgoing(SUBJECT, body)])


async def follow_clock(client: Client, clock: Clock) -> None:
    """Set `clock` to each new setting, beginning with the one in force, until cancelled."""
    async with open_reader(client, ReadFrom("CLOCK", 1, filters=["clock.>"])) as reader:
        while True:
            for message in await reader.next():
                _apply(clock, message)


def _apply(clock: Clock, message: Message) -> None:
    setting = json.loads(message.body)
    clock.jump(datetime.fromisoformat(setting["now"]), setting["speed"])
