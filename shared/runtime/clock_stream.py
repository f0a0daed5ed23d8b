"""The clock of a replay: its watermark on the CLOCK stream, and moments that messages name."""

import json
from collections.abc import Callable, Mapping
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
    """Move the watermark: nothing that happened before it is missing any more."""
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


def moment_of(clock: Clock) -> Callable[[Mapping[str, str]], datetime]:
    """When a message is taken in, in a replay: at the time that it names, which is ahead of the
    watermark; so nothing comes from its own future, and the watermark stays behind."""

    def moment(headers: Mapping[str, str]) -> datetime:
        now = clock.now()
        try:
            named = datetime.fromisoformat(headers.get("ce-time", "")).astimezone(UTC)
        except (ValueError, OverflowError):
            return now
        return max(now, named)

    return moment
