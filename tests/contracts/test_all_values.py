"""Whatever validates can be written, stored and read back, of every type and at every length."""

import asyncio
from collections.abc import Callable, Iterator

import pytest
from drawn import any_event
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts.event import Event
from shared.contracts.registry import EVENT_TYPES
from shared.eventsourcing.cloudevents import decode, encode
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.connection import Client, connect
from shared.eventsourcing.jetstream.streams import log_stream
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.testing.examples import new_event
from shared.testing.servers import NatsServer

BY_TYPE = pytest.mark.parametrize("event_type", EVENT_TYPES.values(), ids=lambda t: t.type_name())
FEW = settings(max_examples=settings().max_examples // 4)


@BY_TYPE
@FEW
@given(st.data())
def test_what_validates_is_written_and_read_back_as_it_was(
    event_type: type[Event], data: st.DataObject
) -> None:
    event = data.draw(any_event(event_type))
    subject, headers, body = encode(new_event(event))
    assert subject.isascii()
    assert " " not in subject
    assert decode(headers, body, 7).event == event


Log = Callable[[list[Event]], list[Event]]


@pytest.fixture
def log(server: NatsServer) -> Iterator[Log]:
    """Stores events in one batch in a real log, and reads them back."""
    with asyncio.Runner() as runner:
        client = runner.run(connect(server.url, "values"))
        for name in ("INTAKE", "PROMOTION", "PUBLISHING", "PUBLIC", "GATE"):
            runner.run(client.jetstream().add_stream(log_stream(name)))
        yield lambda events: runner.run(_round_trip(client, events))
        runner.run(client.close())


async def _round_trip(client: Client, events: list[Event]) -> list[Event]:
    messages = [encode(new_event(event)) for event in events]
    last = await Publisher(client).publish([Outgoing(s, body, h) for s, h, body in messages])
    found = []
    for sequence, (subject, _, _) in enumerate(messages, last - len(messages) + 1):
        stream = events[0].service.upper()
        message = await client.jetstream().get_msg(stream, sequence, direct=True)
        assert message.subject == subject
        found.append(decode(message.headers or {}, message.data or b"", sequence).event)
    return found


@BY_TYPE
@settings(
    max_examples=settings().max_examples // 20,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_it_is_stored_and_comes_back_from_a_real_log(
    log: Log, event_type: type[Event], data: st.DataObject
) -> None:
    events = data.draw(st.lists(any_event(event_type), min_size=1, max_size=10))
    assert log(events) == events
