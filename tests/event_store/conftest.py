"""Both event stores, so that the one in memory stays honest."""

import pytest

from shared.eventsourcing.event_store import EventStore
from shared.eventsourcing.in_memory import InMemoryEventStore
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore


@pytest.fixture(params=["in memory", "JetStream"])
def store(request: pytest.FixtureRequest) -> EventStore:
    if request.param == "in memory":
        return InMemoryEventStore()
    return JetStreamEventStore(request.getfixturevalue("nats"))
