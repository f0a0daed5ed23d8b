"""The server keeps in each message which batch it came with; how many messages a batch has must not
say how many events beside them are not public."""

from itertools import groupby

import pytest
from nats.aio.client import Client
from test_learning import public, relay, run_until

from shared.contracts.event import Event
from shared.eventsourcing import relay as relaying
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.testing.examples import REPORT_FILED, new_event, varied

AT_ONCE = 20


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relaying, "BATCH", AT_ONCE)


async def fill(client: Client, count: int, hidden: int) -> None:
    """Of each `hidden` reports one is confidential."""
    appends = []
    for number in range(count):
        report_id, is_hidden = f"{number:032x}", number % hidden == 0
        event: Event = varied(REPORT_FILED, report_id=report_id, confidential=is_hidden)
        key = AggregateKey("intake", "report", report_id)
        appends.append(Append(key, 0, [new_event(event, 1, f"command {number}", 0)]))
    await JetStreamEventStore(client).append(appends)


async def batches(client: Client) -> list[int]:
    """How many messages came together, as any reader of PUBLIC can see."""
    found = []
    for sequence in range(1, await ends_at(client, "PUBLIC") + 1):
        message = await client.jetstream().get_msg("PUBLIC", sequence)
        found.append((message.headers or {}).get("Nats-Batch-Id", f"alone {sequence}"))
    return [len(list(those)) for _, those in groupby(found)]


@pytest.mark.parametrize("hidden", [2, 3, 7])
async def test_a_batch_says_nothing_of_what_was_read_beside_it(nats: Client, hidden: int) -> None:
    await fill(nats, 190, hidden)
    one = relay(nats)
    await run_until(one, lambda: one.position >= 190)
    *whole, rest = await batches(nats)
    assert whole
    assert set(whole) == {AT_ONCE}
    assert sum(whole) + rest == 190 - len(range(0, 190, hidden))


async def test_who_dies_with_some_of_it_in_hand_loses_nothing(nats: Client) -> None:
    await fill(nats, 190, 3)
    dies = relay(nats)
    await run_until(dies, lambda: dies.position >= AT_ONCE)
    one = relay(nats)
    await run_until(one, lambda: one.position >= 190)
    found = await public(nats)
    assert len(found) == len(set(found)) == 126
