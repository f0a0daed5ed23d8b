"""What is protected goes out once a day, each event once, whoever dies or comes second."""

import asyncio
from datetime import date, timedelta

import pytest
from nats.aio.client import Client
from protected import (
    AS_ONE,
    SMALLEST,
    append,
    confirmed,
    filed,
    qualified,
    read,
    released,
    releases,
    until,
)
from test_learning import relay, run_until

from services.publishing.release.book import PEOPLE
from shared.contracts import public
from shared.contracts.release import ReleaseMade
from shared.eventsourcing.jetstream.ends import ends_at
from shared.runtime.clock import Clock
from shared.runtime.clock_stream import still_clock
from shared.testing.examples import DORCHESTER, GRAFFITI, MONDAY, REPORT_FILED

SIX = timedelta(hours=18)
"""From Monday noon to Tuesday's release."""


@pytest.fixture
def clock() -> Clock:
    return Clock(MONDAY, speed=0)


async def test_it_waits_for_its_time_and_what_is_public_does_not(
    nats: Client, clock: Clock
) -> None:
    await released(releases(nats, clock))  # Monday's, of nothing
    await append(nats, [*(filed(n) for n in range(3)), REPORT_FILED])
    passes = relay(nats)
    await run_until(passes, lambda: passes.position >= 4)
    one = releases(nats, clock)
    running = asyncio.create_task(one.run())
    clock.jump(MONDAY + SIX - timedelta(seconds=1))
    assert (await one.standing(None)) == {"held": 3, "next": "2030-01-08T06:00:00+00:00"}
    assert [type(each.event) for each in await read(nats, "PUBLIC")] == [public.ReportFiled]
    clock.jump(MONDAY + SIX)
    await until(lambda: one.position >= 2)
    _, *held = [each.event for each in await read(nats, "PUBLIC")]
    assert [each.on for each in held] == [date(2030, 1, 8)] * 3  # type: ignore[attr-defined]
    assert (await one.standing(None))["held"] == 0
    running.cancel()


async def test_what_goes_out_stands_in_the_order_of_its_ids_under_no_batch(
    nats: Client, clock: Clock
) -> None:
    reports = [filed(n) for n in range(6)]
    await append(nats, [*reports, *(confirmed(each) for each in reports)])
    await append(nats, [qualified(n) for n in range(3)])
    await released(releases(nats, clock))
    found = await read(nats, "PUBLIC")
    ids = [each.event.aggregate_id for each in found]
    assert (ids, len(ids)) == (sorted(ids), 15)
    assert len({each.recorded_at for each in found}) == 1
    for sequence in range(1, 16):
        message = await nats.jetstream().get_msg("PUBLIC", sequence)
        assert not [name for name in message.headers or {} if name.startswith("Nats-Batch")]


async def test_reports_without_names_count_as_the_charter_says(nats: Client, clock: Clock) -> None:
    await append(nats, [filed(n, by=None) for n in range(3 * AS_ONE - 1)])
    await released(releases(nats, clock))
    (made,) = [each.event for each in await read(nats, "GATE")]
    assert isinstance(made, ReleaseMade)
    assert (made.rule, made.smallest, made.anonymous_as_one) == (PEOPLE, SMALLEST, AS_ONE)
    assert await read(nats, "PUBLIC") == []
    await append(nats, [filed(99, by=None)])
    clock.jump(MONDAY + SIX)
    await released(releases(nats, clock), 2)
    assert len(await read(nats, "PUBLIC")) == 3 * AS_ONE


async def test_a_death_after_the_release_was_made_loses_nothing(nats: Client, clock: Clock) -> None:
    await append(nats, [filed(n) for n in range(3)])
    dies = releases(nats, clock)
    await dies._make()
    await append(nats, [filed(n, DORCHESTER) for n in range(3, 6)])  # which is not of it
    assert await read(nats, "PUBLIC") == []
    clock.jump(MONDAY + timedelta(hours=1))
    await released(releases(nats, clock))
    assert {each.event.place for each in await read(nats, "PUBLIC")} == {"us.ma.boston.roxbury"}
    assert await ends_at(nats, "GATE") == 1


async def test_a_death_in_the_middle_of_a_release_puts_nothing_out_twice(
    nats: Client, clock: Clock
) -> None:
    await append(nats, [filed(n) for n in range(7)])
    dies = releases(nats, clock)
    await dies._make()
    await dies._ledger.look()
    (made,) = dies._ledger.made
    for each in dies.messages(made, await dies._ledger.let_out(made))[:4]:
        await dies._tail.append([each])
    await released(releases(nats, clock))
    ids = [each.event.aggregate_id for each in await read(nats, "PUBLIC")]
    assert (ids, len(set(ids))) == (sorted(ids), 7)


async def test_two_that_believe_to_be_the_owner_put_out_one_release(
    nats: Client, clock: Clock
) -> None:
    await append(nats, [filed(n) for n in range(20)])
    both = [releases(nats, clock), releases(nats, clock)]
    runs = [asyncio.create_task(each.run()) for each in both]
    async with asyncio.timeout(60):
        while await ends_at(nats, "PUBLIC") < 20 or not all(
            each.done() or one.position for each, one in zip(runs, both, strict=True)
        ):
            await asyncio.sleep(0.01)
    for each in runs:
        each.cancel()
    await asyncio.gather(*runs, return_exceptions=True)
    await released(releases(nats, clock))
    found = [each.id for each in await read(nats, "PUBLIC")]
    assert len(found) == len(set(found)) == 20
    assert await ends_at(nats, "GATE") == 1


async def test_where_the_position_is_lost_nothing_goes_out_again(
    nats: Client, clock: Clock
) -> None:
    await append(nats, [filed(n) for n in range(3)])
    await released(releases(nats, clock))
    before = await read(nats, "PUBLIC")
    await nats.jetstream().purge_stream("POSITIONS")
    await released(releases(nats, clock))
    assert await read(nats, "PUBLIC") == before


async def test_days_that_nobody_was_there_for_are_released_together(
    nats: Client, clock: Clock
) -> None:
    await released(releases(nats, clock))
    await append(nats, [filed(n, sector=GRAFFITI) for n in range(4)])
    clock.jump(MONDAY + timedelta(days=9))
    await released(releases(nats, clock), 2)
    made = [each.event for each in await read(nats, "GATE")]
    assert [each.on.day for each in made if isinstance(each, ReleaseMade)] == [7, 16]


async def test_before_a_replays_clock_is_set_nothing_is_released(nats: Client) -> None:
    clock = still_clock()
    await append(nats, [filed(n) for n in range(3)])
    one = releases(nats, clock)
    running = asyncio.create_task(one.run())
    await one.standing(None)
    assert await ends_at(nats, "GATE") == 0
    clock.jump(MONDAY)
    await until(lambda: one.position >= 1)
    running.cancel()
    assert [each.event.on for each in await read(nats, "GATE")] == [  # type: ignore[attr-defined]
        date(2030, 1, 7)
    ]


async def test_where_no_source_is_protected_there_are_no_releases(
    nats: Client, clock: Clock
) -> None:
    one = releases(nats, clock, wanted=False)
    running = asyncio.create_task(one.run())
    assert await one.standing(None) == {"held": 0, "next": None}
    await asyncio.wait([running], timeout=0.2)
    running.cancel()
    assert await ends_at(nats, "GATE") == 0
