"""What pages have to reach: the end of PUBLIC, and what the gate says; at the start and later."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest
from looking_again import until
from nats.aio.client import Client

from services.publishing.site.ends import Ends
from services.publishing.site.progress import Kind, Progress
from services.publishing.standing import Standing
from shared.contracts.event import Event
from shared.contracts.member import MemberQualified
from shared.eventsourcing.cloudevents import encode
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.ends import ends_at, last_under
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.testing.examples import (
    MEMBER_QUALIFIED,
    PUBLIC_REPORT_FILED,
    REPORT_CREDITED,
    new_event,
)

WHOLE = Standing(whole=True)


class Told:
    """What the ends are told: what the gate says, None for silence, and whether there is a
    connection."""

    gate: Standing | None = WHOLE
    connected = True
    looks = 0

    def is_connected(self) -> bool:
        self.looks += 1
        return self.connected

    async def standing(self) -> Standing:
        if self.gate is None:
            raise TimeoutError
        return self.gate


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def ends(nats: Client, told: Told) -> Ends:
    return Ends(partial(ends_at, nats, "PUBLIC"), told.standing, told.is_connected)


@asynccontextmanager
async def running(ends: Ends) -> AsyncIterator[None]:
    task = asyncio.create_task(ends.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task], timeout=60)
        assert task.cancelled()


async def happens(client: Client, event: Event, times: int = 1) -> None:
    publisher = Publisher(client)
    for number in range(times):
        subject, headers, body = encode(new_event(event, number + 1, f"command {number}"))
        await publisher.publish([Outgoing(subject, body, headers)])


async def test_nothing_is_known_before_anybody_could_be_asked(
    nats: Client, ends: Ends, told: Told
) -> None:
    await happens(nats, PUBLIC_REPORT_FILED)
    told.connected = False
    assert ends.goal() is None
    async with running(ends):
        told.connected = True
        await until(lambda: ends.goal() == 1)


async def test_the_goal_is_where_public_ended_at_the_start(nats: Client, ends: Ends) -> None:
    await happens(nats, PUBLIC_REPORT_FILED, 2)
    async with running(ends):
        await until(lambda: ends.goal() is not None)
        await happens(nats, PUBLIC_REPORT_FILED)
        assert ends.goal() == 2
        assert ends.releasing() is None


async def test_after_an_outage_the_goal_is_asked_for_again(
    nats: Client, ends: Ends, told: Told
) -> None:
    async with running(ends):
        await until(lambda: ends.goal() == 0)
        told.connected, told.looks = False, 0
        await happens(nats, PUBLIC_REPORT_FILED, 3)
        await until(lambda: told.looks > 2)
        assert ends.goal() == 0
        told.connected = True
        await until(lambda: ends.goal() == 3)


async def test_later_the_goal_is_what_stood_there_one_asking_before(
    nats: Client, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    goals = []
    asked = ends_at

    async def ask() -> int:
        goals.append(ends.goal())
        found = await asked(nats, "PUBLIC")
        await happens(nats, PUBLIC_REPORT_FILED)
        return found

    monkeypatch.setattr("services.publishing.site.ends.ASK_EVERY_S", 0.0)
    monkeypatch.setattr("services.publishing.site.ends.LOOK_EVERY_S", 0.01)
    ends = Ends(ask, told.standing, lambda: True)
    async with running(ends):
        await until(lambda: len(goals) == 5)
    assert goals == [None, 0, 0, 1, 2]


async def test_what_the_relays_wrote_belongs_to_the_goal(
    nats: Client, ends: Ends, told: Told
) -> None:
    told.gate = Standing(whole=False, percent=25)
    async with running(ends):
        await until(lambda: ends.goal() == 0)
        assert ends.releasing() == Progress(Kind.RELEASING, 25, 100)
        await happens(nats, PUBLIC_REPORT_FILED, 2)
        told.gate = WHOLE
        await until(lambda: ends.releasing() is None)
        await until(lambda: ends.goal() == 2)


async def test_a_gate_that_falls_silent_is_missed_after_a_moment(
    ends: Ends, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.publishing.site.ends.PATIENCE_S", 0.6)
    monkeypatch.setattr("services.publishing.site.ends.LOOK_EVERY_S", 0.01)
    async with running(ends):
        await until(lambda: ends.goal() == 0)
        told.gate = None
        await until(lambda: not ends.hears())
        assert ends.releasing() is None, "what it said last"
        told.gate = Standing(whole=True, well=False)
        assert not ends.hears()
        told.gate = WHOLE
        await until(ends.hears)


async def test_a_gate_that_is_silent_for_too_long_is_a_trouble_until_it_is_heard_again(
    ends: Ends, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.publishing.site.ends.TOO_LONG_S", 1.0)
    monkeypatch.setattr("services.publishing.site.ends.LOOK_EVERY_S", 0.01)
    async with running(ends):
        await until(lambda: ends.goal() == 0)
        assert ends.troubles() == []
        told.gate = None
        await until(lambda: ends.troubles() != [])
        assert ends.troubles() == ["the gate does not answer, or is not well, for over 1 s"]
        told.gate = WHOLE
        await until(lambda: ends.troubles() == [])


async def test_where_no_gate_was_ever_heard_that_is_what_is_known(
    nats: Client, ends: Ends, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It starts up for a moment; then whoever looks is told that nobody can know."""
    monkeypatch.setattr("services.publishing.site.ends.PATIENCE_S", 0.6)
    told.gate, told.looks = None, 0
    await happens(nats, PUBLIC_REPORT_FILED)
    async with running(ends):
        await until(lambda: told.looks > 1)
        assert ends.goal() is None
        await until(lambda: ends.goal() == 1)
        assert ends.releasing() == Progress(Kind.UNHEARD)
        assert not ends.hears()


async def test_a_stream_of_which_only_some_is_read_ends_with_the_last_of_that(
    nats: Client,
) -> None:
    filters = [MemberQualified.filter()]
    assert await last_under(nats, "PROMOTION", filters) == 0
    await happens(nats, REPORT_CREDITED)
    assert await last_under(nats, "PROMOTION", filters) == 0
    await happens(nats, MEMBER_QUALIFIED)
    await happens(nats, REPORT_CREDITED, 2)
    assert await last_under(nats, "PROMOTION", filters) == 2
    assert await ends_at(nats, "PROMOTION") == 4


async def test_that_all_is_looked_through_counts_once_the_end_is_asked_for_since(
    told: Told,
) -> None:
    """What the relays wrote meanwhile lies behind the end that was asked for before."""
    told.gate, end, asked, answered = Standing(whole=False), 4_000, asyncio.Event(), asyncio.Event()

    async def public() -> int:
        if end > 4_000:
            asked.set()
            await answered.wait()
        return end

    ends = Ends(public, told.standing, told.is_connected)
    async with running(ends):
        await until(lambda: ends.goal() == 4_000)
        end, told.gate = 5_000, WHOLE
        await asyncio.wait_for(asked.wait(), 60)
        assert ends.releasing() == Progress(Kind.RELEASING)
        answered.set()
        await until(lambda: ends.releasing() is None)
        assert ends.goal() == 5_000
