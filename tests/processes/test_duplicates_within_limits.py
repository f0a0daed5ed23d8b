"""What a source can make the log take by its claims: a bounded number of small events for each."""

import asyncio
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import World, report_id

from services.intake.processes import chains, link
from services.intake.processes.chains import LONG, LONGEST_CHAIN
from services.intake.processes.commands import FollowChains, RefuseClaim, SeekOriginal
from services.intake.processes.link import MANY, MOST_CHAINS, decider
from shared.contracts.duplicates import Chain, ChainsRefused, ClaimRefused
from shared.contracts.report import DuplicateRefused, ReportMarkedDuplicate
from shared.eventsourcing.cloudevents import encode
from shared.testing.examples import MONDAY, ROXBURY, new_event

EVENT_BYTES = 1_500


async def told(reports: int, said: Iterable[tuple[int, int]], *, at_once: bool) -> World:
    """`at_once`: all is said before the process looks at any of it."""
    world = World()
    for number in range(reports):
        await world.file(number)
    for one, other in said:
        await world.say(one, other)
        if not at_once:
            await world.come_to_rest()
    await world.come_to_rest()
    return world


def size(world: World) -> int:
    told = (encode(new_event(each.event)) for each in world.log)
    return sum(len(subject) + len(str(headers)) + len(body) for subject, headers, body in told)


def reasons(world: World) -> set[str]:
    return {each.event.reason for each in world.log if isinstance(each.event, DuplicateRefused)}


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("back", [True, False])
@pytest.mark.parametrize("reports", [100, 200])
async def test_a_long_chain_costs_a_bounded_number_of_events_for_each_claim(
    *, reports: int, back: bool, at_once: bool
) -> None:
    said = [(number, number - 1) for number in range(1, reports)]
    world = await told(reports, said[::-1] if back else said, at_once=at_once)
    assert len(world.log) <= reports * 4 * LONGEST_CHAIN
    assert size(world) <= len(world.log) * EVENT_BYTES
    assert reasons(world) == {LONG}
    assert len(world.heads()) + len(world.refused()) == reports - 1


async def _star(reports: int, *, at_once: bool = False) -> World:
    said = [(number, 0) for number in range(1, reports + 1)]
    return await told(reports + 2, said, at_once=at_once)


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_star_has_so_many_and_the_rest_is_refused(*, at_once: bool) -> None:
    world = await _star(300, at_once=at_once)
    assert reasons(world) == {MANY}
    assert (len(world.heads()), len(world.refused())) == (MOST_CHAINS, 300 - MOST_CHAINS)
    assert len(world.log) <= 300 * 8
    assert size(world) <= len(world.log) * EVENT_BYTES


async def test_one_claim_costs_no_more_however_many_were_there() -> None:
    costs = []
    for reports in (150, 300):
        world = await _star(reports)
        before = len(world.log)
        await world.say(0, 1)
        await world.come_to_rest()
        costs.append(len(world.log) - before)
        assert world.refused()[-1] == 0
    assert costs[0] == costs[1] <= 4 * MOST_CHAINS


async def test_all_that_come_to_a_report_go_on_together() -> None:
    """What one message can cost at most: a report that many repeat is itself a repetition, of one
    that is many links from its head."""
    links = LONGEST_CHAIN - 2
    chain = [(1_000 + number, 1_001 + number) for number in range(links)]
    star = [(number, 0) for number in range(1, MOST_CHAINS - links)]
    world = World()
    for number in sorted({number for said in (*chain, *star) for number in said}):
        await world.file(number)
    for said in (*chain, *star):
        await world.say(*said)
    await world.come_to_rest()
    before = len(world.log)
    await world.say(0, 1_000)
    await world.come_to_rest()
    assert not world.refused()
    assert {world.heads()[one] for one, _ in (*star, (0, 0))} == {1_000 + links}
    assert len(world.log) - before <= 3 * MOST_CHAINS


@pytest.mark.parametrize(("one", "other"), [(0, 1), (300, 0)], ids=["a ring", "too many"])
async def test_who_says_again_what_was_refused_changes_nothing(one: int, other: int) -> None:
    world = await _star(300)
    await world.say(one, other)
    await world.come_to_rest()
    before = len(world.log)
    for _ in range(10):
        outcome = await world.say(one, other)
        assert outcome.error is None
        await world.come_to_rest()
    assert len(world.log) == before


async def test_a_refused_report_is_open_and_may_repeat_another_one() -> None:
    world = await _star(MOST_CHAINS + 1)
    (one,) = world.refused()
    await world.say(one, MOST_CHAINS + 2)
    await world.file(MOST_CHAINS + 2)
    await world.come_to_rest()
    assert world.heads()[one] == MOST_CHAINS + 2


numbers = st.integers(1, 9)


@given(st.lists(st.tuples(numbers, numbers), max_size=16), st.data())
def test_what_the_limits_leave_leads_to_what_leads_nowhere(
    said: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Which claims a limit refuses depends on the order; whatever is left has its right head."""

    async def story() -> World:
        world = World()
        for number in range(1, 10):
            await world.file(number)
        for one, other in said:
            await world.say(one, other)
            await world.react(data.draw(st.integers(0, 9)))
            if data.draw(st.booleans()):
                await world.leave()
            await world.repeat(data.draw(st.integers(0, 500)))
        await world.come_to_rest()
        return world

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chains, "LONGEST_CHAIN", 2)
        patch.setattr(link, "MOST_CHAINS", 3)
        world = asyncio.run(story())
    heads = world.heads()
    repeats = {
        each.event.report_id: each.event.duplicate_of
        for each in world.log
        if isinstance(each.event, ReportMarkedDuplicate)
    }
    for one, head in heads.items():
        original = int(repeats[report_id(one)], 16)
        assert head == heads.get(original, original), "its original leads elsewhere"


def test_who_came_by_a_claim_that_is_refused_is_refused_as_well() -> None:
    own, original = "a" * 32, "b" * 32
    chain = Chain(duplicate="d" * 32, claim=2, newest=True)
    link = decider.initial_state
    for command in (
        SeekOriginal(own, original, 5, MONDAY, ROXBURY),
        FollowChains(own, (chain,), ROXBURY),
    ):
        for event in decider.decide(command, link):
            link = decider.evolve(link, event)
    claim, others = decider.decide(RefuseClaim(own, 5, MANY, ROXBURY), link)
    assert isinstance(claim, ClaimRefused)
    assert isinstance(others, ChainsRefused)
    assert [each.duplicate for each in others.chains] == [chain.duplicate]
    assert others.reason == MANY
