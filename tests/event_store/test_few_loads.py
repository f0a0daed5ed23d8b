"""What was done before costs a question or two, and no load of all that came with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.eventsourcing.event_store import AggregateKey, EventStore
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from tests.event_store.test_command_handler import answer, confirm, file, handler, report_id

MANY = 500
GLANCES, ONE_LOAD = 5, 2


@asynccontextmanager
async def questions(client: Client) -> AsyncIterator[list[bytes]]:
    """What the log is asked meanwhile."""
    asked: list[bytes] = []

    async def note(message: Msg) -> None:
        asked.append(message.data)

    subscription = await client.subscribe("$JS.API.DIRECT.GET.INTAKE", cb=note)
    await client.flush()
    yield asked
    await client.flush()
    await subscription.unsubscribe()


async def test_a_batch_with_one_command_that_was_done_before_loads_one_aggregate(
    nats: Client,
) -> None:
    store = JetStreamEventStore(nats)
    ours = handler(store)
    await ours.handle([file(number) for number in range(MANY - 1)])
    for text in ("At once.", "Tomorrow."):  # a report's subject has several events then
        await ours.handle([answer(number, text) for number in range(MANY - 1)])
    await handler(store).handle([file(MANY)])
    batch = [answer(number, "Done.") for number in range(MANY - 1)] + [file(MANY)]
    async with questions(nats) as asked:
        outcomes = await ours.handle(batch)
    assert [outcome.new_events for outcome in outcomes] == [1] * (MANY - 1) + [0]
    assert not any(outcome.duplicate or outcome.error for outcome in outcomes)
    assert 0 < len(asked) <= GLANCES + ONE_LOAD


async def test_what_changes_nothing_is_proven_at_a_glance(nats: Client) -> None:
    store = JetStreamEventStore(nats)
    ours = handler(store)
    await ours.handle([file(number) for number in range(MANY)])
    for text in ("At once.", "Tomorrow."):
        await ours.handle([answer(number, text) for number in range(MANY)])
    await ours.handle([confirm(number) for number in range(MANY)])
    again = [confirm(number)._replace(id=f"again {number}") for number in range(MANY)]
    async with questions(nats) as asked:
        outcomes = await ours.handle(again)
    assert all(outcome.duplicate for outcome in outcomes)
    assert 0 < len(asked) <= GLANCES


async def test_an_end_is_the_newest_event_and_without_events_there_is_none(
    store: EventStore,
) -> None:
    there, unheard_of = (AggregateKey("intake", "report", report_id(each)) for each in (1, 2))
    await handler(store).handle([file(1), confirm(1), file(3)])
    events = await store.load(there)
    ends = await store.ends([there, unheard_of])
    assert ends == {there: (2, events[1].id), unheard_of: (0, "")}
