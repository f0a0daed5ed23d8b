"""A snapshot spares reading, and is never the truth."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from nats.aio.client import Client
from sqlalchemy import Engine, update
from sqlalchemy.exc import OperationalError

from services.promotion.domain.member import CreditReport, category
from services.promotion.domain.member_state import Member
from services.promotion.domain.track import Track
from shared.contracts.event import EventRef
from shared.eventsourcing import aggregates
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.decider import Category
from shared.eventsourcing.envelope import Envelope, Outcome
from shared.eventsourcing.event_store import AggregateKey, EventStore, RecordedEvent, Since
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.kept_states import KeptStates, snapshots
from shared.eventsourcing.projections.prepare import prepare
from shared.testing.examples import MEMBER_ID, MONDAY, REPORT_CREDITED, ROXBURY, varied

KEY = AggregateKey("promotion", "member", MEMBER_ID)
TRACK = Track("thirty", 1, "Thirty reports", 30, 1, 1, 1.0)


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aggregates, "SNAPSHOT_EVERY", 10)


@pytest.fixture
def kept(database_url: str) -> KeptStates:
    engine = open_database(database_url)
    prepare(engine, [])
    return KeptStates(engine)


class Counting:
    """Says how many events were read for each load."""

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self.read: list[int] = []

    async def append(self, appends: Any, *sent: Any) -> list[int]:
        return await self._store.append(appends, *sent)

    async def load(self, key: AggregateKey) -> list[RecordedEvent]:
        return await self._store.load(key)

    async def load_since(self, key: AggregateKey, since: Since) -> list[RecordedEvent] | None:
        found = await self._store.load_since(key, since)
        if found is not None:
            self.read.append(len(found))
        return found

    async def ends(self, keys: Sequence[AggregateKey]) -> Any:
        return await self._store.ends(keys)

    async def load_all(self, keys: Sequence[AggregateKey]) -> Any:
        found = await self._store.load_all(keys)
        self.read += [len(each) for each in found.values() if isinstance(each, list)]
        return found


def credit(number: int, place: str = ROXBURY) -> Envelope:
    proof = EventRef(id=f"{number:032x}", stream="INTAKE", sequence=number + 1)
    day = date(2030, 1, 1 + number % 28)
    credited = varied(REPORT_CREDITED, report_id=proof.id, place=place, on=day, earned_by=proof)
    return Envelope(CreditReport(credited), id=f"credit {number}", cause=f"INTAKE/{number + 1}")


def handler(store: EventStore, kept: KeptStates | None, of: Category | None = None) -> Any:
    return CommandHandler(store, [of or category([TRACK])], lambda: MONDAY, kept)


async def by_itself(store: EventStore, kept: KeptStates | None, numbers: range) -> list[Outcome]:
    """Each by a process of its own, that remembers nothing."""
    return [(await handler(store, kept).handle([credit(number)]))[0] for number in numbers]


async def test_with_snapshots_the_same_is_decided_and_little_is_read(
    store: EventStore, kept: KeptStates
) -> None:
    counting = Counting(store)
    outcomes = await by_itself(counting, kept, range(35))
    assert [outcome.new_events for outcome in outcomes] == [1] * 29 + [2] + [1] * 5
    assert max(counting.read) <= 10
    names = [type(recorded.event).__name__ for recorded in await store.load(KEY)]
    assert names == ["ReportCredited"] * 30 + ["MemberQualified"] + ["ReportCredited"] * 5


async def test_what_was_done_before_a_snapshot_is_not_done_again(
    store: EventStore, kept: KeptStates
) -> None:
    first = await by_itself(store, kept, range(25))
    again = await by_itself(store, kept, range(25))
    assert [outcome.sequence for outcome in again] == [outcome.sequence for outcome in first]
    assert not any(outcome.new_events or outcome.duplicate for outcome in again)
    other = credit(3)._replace(cause="INTAKE/999")
    (outcome,) = await handler(store, kept).handle([other])
    assert outcome.duplicate
    assert outcome.sequence == first[3].sequence
    assert len(await store.load(KEY)) == 25


async def test_one_of_more_places_than_the_server_looks_up_at_once_is_read_from_its_snapshot_too(
    nats: Client, kept: KeptStates
) -> None:
    """The place is part of a subject."""
    store = JetStreamEventStore(nats)
    living = handler(store, kept)
    places = [credit(n, f"us.ma.boston.p{n}") for n in range(1_100)]
    for start in range(0, 1_100, 500):
        await living.handle(places[start : start + 500])
    counting = Counting(store)
    outcomes = await by_itself(counting, kept, range(3, 4))
    assert outcomes[0].new_events == 0
    assert max(counting.read) < 500


async def test_one_that_lives_on_in_memory_is_kept_too(store: EventStore, kept: KeptStates) -> None:
    living = handler(store, kept)
    for number in range(25):
        await living.handle([credit(number)])
    counting = Counting(store)
    await by_itself(counting, kept, range(25, 26))
    assert counting.read == [5]


def _spoil(kept: KeptStates, **values: Any) -> None:
    with kept._engine.begin() as connection:
        connection.execute(update(snapshots).values(**values))


@pytest.mark.parametrize(
    "values",
    [
        {"state": b"{}"},
        {"recorded": b""},
        {"sequence": 3},
        {"revision": 3},
        {"last_id": "0" * 32},
        {"form": "another code's"},
    ],
)
async def test_a_row_that_was_changed_is_no_snapshot(
    store: EventStore, kept: KeptStates, values: dict[str, Any]
) -> None:
    await by_itself(store, kept, range(25))
    _spoil(kept, **values)
    counting = Counting(store)
    (outcome,) = await by_itself(counting, kept, range(3, 4))
    assert (outcome.new_events, counting.read) == (0, [25])


async def test_a_snapshot_of_another_log_is_not_believed(nats: Client, kept: KeptStates) -> None:
    """It was made of more events, or of others, than this log has."""
    store = JetStreamEventStore(nats)
    await by_itself(store, kept, range(25))
    await _empty(nats)
    await by_itself(store, None, range(100, 104))
    (outcome,) = await by_itself(store, kept, range(3, 4))
    assert outcome.new_events == 1
    await _empty(nats)
    await by_itself(store, None, range(200, 240))
    (outcome,) = await by_itself(store, kept, range(3, 4))
    assert outcome.new_events == 1


async def _empty(nats: Client) -> None:
    jetstream = nats.jetstream()
    config = (await jetstream.stream_info("PROMOTION")).config
    await jetstream.delete_stream("PROMOTION")
    await jetstream.add_stream(config)


async def test_other_code_folds_anew(store: EventStore, kept: KeptStates) -> None:
    await by_itself(store, kept, range(25))
    counting = Counting(store)
    decider = replace(category([TRACK]).decider, evolve=_evolve_otherwise)
    changed = handler(counting, kept, replace(category([TRACK]), decider=decider))
    await changed.handle([credit(25)])
    assert counting.read == [25]


def _evolve_otherwise(member: Member, event: Any) -> Member:
    return category([TRACK]).decider.evolve(member, event)


async def test_a_database_that_is_away_costs_no_command(
    store: EventStore, kept: KeptStates, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception("away"))

    await by_itself(store, kept, range(15))
    monkeypatch.setattr(Engine, "connect", away)
    monkeypatch.setattr(Engine, "begin", away)
    outcomes = await by_itself(store, kept, range(15, 30))
    assert not any(outcome.error for outcome in outcomes)
