"""Releasing what the gate let through: each event once, whatever was released before."""

import pytest

from services.publishing.domain.release import CATEGORIES, RELEASES, ReleaseCommand, decider
from shared.contracts.event import Event
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.in_memory import InMemoryEventStore
from shared.testing.examples import EXAMPLES, MONDAY, PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE

PUBLIC = [event for event in EXAMPLES.values() if event.service == "public"]


def _release(event: Event) -> ReleaseCommand:
    return RELEASES[event.aggregate](event.aggregate_id, event)


@pytest.mark.parametrize("event", PUBLIC, ids=lambda event: type(event).__name__)
def test_a_release_writes_the_public_event_as_it_is(event: Event) -> None:
    assert decider.decide(_release(event), decider.fold([])) == [event]


@pytest.mark.parametrize("event", PUBLIC, ids=lambda event: type(event).__name__)
def test_every_public_aggregate_has_a_category_that_writes_the_public_stream(event: Event) -> None:
    (category,) = [c for c in CATEGORIES if type(_release(event)) in c.commands]
    assert (category.service, category.name) == (event.service, event.aggregate)


async def test_the_id_of_the_command_lets_an_event_out_only_once() -> None:
    store = InMemoryEventStore()
    for _restart in (1, 2):
        handler = CommandHandler(store, CATEGORIES, lambda: MONDAY)
        for _redelivery in (1, 2):
            await handler.handle([Envelope(_release(PUBLIC_CHECK_OPENED), id="a")])
            await handler.handle([Envelope(_release(PUBLIC_CHECK_OVERDUE), id="b")])
    assert [r.event for r in store.streams["PUBLIC"]] == [PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE]
