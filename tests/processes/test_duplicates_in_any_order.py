"""Whatever order claims, filings and deliveries come in, each duplicate finds the same head."""

import asyncio
from collections.abc import Awaitable, Callable

from hypothesis import given
from hypothesis import strategies as st
from world import World

from services.intake.domain.duplicate import OtherDuplicateError, OwnDuplicateError
from shared.contracts.report import ReportMarkedDuplicate

REPORTS = 6
OWN_OR_OTHER = (OwnDuplicateError, OtherDuplicateError)

numbers = st.integers(1, REPORTS)
claims = st.dictionaries(numbers, numbers, max_size=REPORTS).map(
    lambda found: {one: other for one, other in found.items() if one != other}
)
"""What each repeats, if anything; rings and all."""

Step = Callable[[World], Awaitable[None]]


async def _restart(world: World) -> None:
    world.restart()


_some = st.integers(1, 9).map(lambda count: lambda world: world.react(count))
_again = st.integers(0, 500).map(lambda sequence: lambda world: world.repeat(sequence))
_left: Step = lambda world: world.leave()  # noqa: E731
deliveries: st.SearchStrategy[Step] = st.one_of(
    _some, _some, _some, _again, st.just(_left), st.just(_restart)
)


def heads_of(claims: dict[int, int], order: list[int]) -> dict[int, int]:
    """By hand: one claim after the other, but for those that would close a ring."""
    repeats: dict[int, int] = {}

    def head(of: int) -> int:
        return head(repeats[of]) if of in repeats else of

    for one in order:
        if head(claims[one]) != one:
            repeats[one] = claims[one]
    return {one: head(one) for one in repeats}


async def _all_filed(world: World) -> None:
    for number in range(1, REPORTS + 1):
        await world.file(number)


@given(claims, st.data())
def test_heads_are_those_found_by_hand_whatever_is_delivered_when_and_how_often(
    claims: dict[int, int], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(sorted(claims)))

    async def story() -> World:
        world = World()
        await _all_filed(world)
        for one in order:
            await world.say(one, claims[one])
            for step in data.draw(st.lists(deliveries, max_size=8)):
                await step(world)
        for step in data.draw(st.lists(deliveries, max_size=12)):
            await step(world)
        await world.come_to_rest()
        return world

    world = asyncio.run(story())
    assert world.heads() == heads_of(claims, order)
    assert len(world.refused()) == len(set(world.refused())) == len(claims) - len(world.heads())


@given(claims, st.data())
def test_without_a_ring_the_order_of_claims_does_not_matter_either(
    claims: dict[int, int], data: st.DataObject
) -> None:
    acyclic = {max(one, other): min(one, other) for one, other in claims.items()}
    found = []
    for order in (sorted(acyclic), data.draw(st.permutations(sorted(acyclic)))):

        async def story(order: list[int] = order) -> World:
            world = World()
            await _all_filed(world)
            for one in order:
                await world.say(one, acyclic[one])
                await world.react(data.draw(st.integers(0, 9)))
            await world.come_to_rest()
            return world

        found.append(asyncio.run(story()))
    assert found[0].heads() == found[1].heads() == heads_of(acyclic, sorted(acyclic))
    assert found[0].refused() == found[1].refused() == []


@given(claims, st.data())
def test_an_original_that_is_filed_later_is_found_then_and_not_before(
    claims: dict[int, int], data: st.DataObject
) -> None:
    """A report is said to be a duplicate only once it is there; what it repeats may come later."""
    filings = data.draw(st.permutations(range(1, REPORTS + 1)))

    async def story() -> tuple[World, list[int]]:
        world, order = World(), []
        for number in filings:
            await world.file(number)
            if number in claims:
                await world.say(number, claims[number])
                order.append(number)
            for step in data.draw(st.lists(deliveries, max_size=8)):
                await step(world)
            there = filings[: filings.index(number) + 1]
            assert set(world.heads().values()) <= set(there), "a head that nobody filed"
        await world.come_to_rest()
        return world, order

    world, order = asyncio.run(story())
    assert world.heads() == heads_of(claims, order)


@given(claims, st.data())
def test_at_rest_going_through_everything_again_changes_nothing(
    claims: dict[int, int], data: st.DataObject
) -> None:
    async def story() -> None:
        world = World()
        for number in data.draw(st.permutations(range(1, REPORTS + 1))):
            await world.file(number)
            await world.say(number, claims.get(number, number))
            await world.react(data.draw(st.integers(0, 5)))
        await world.come_to_rest()
        before = len(world.log)
        world.position = 0
        world.restart()
        await world.come_to_rest()
        for sequence in data.draw(st.lists(st.integers(0, before), max_size=20)):
            await world.repeat(sequence)
        assert len(world.log) == before

    asyncio.run(story())


@given(st.lists(st.tuples(numbers, numbers), max_size=14), st.data())
def test_who_was_refused_may_try_again_and_in_the_end_all_lead_to_what_leads_nowhere(
    said: list[tuple[int, int]], data: st.DataObject
) -> None:
    async def story() -> World:
        world = World()
        await _all_filed(world)
        for one, other in said:
            outcome = await world.say(one, other)
            assert outcome.error is None or isinstance(outcome.error, OWN_OR_OTHER)
            for step in data.draw(st.lists(deliveries, max_size=8)):
                await step(world)
        await world.come_to_rest()
        return world

    world = asyncio.run(story())
    heads = world.heads()
    assert not set(heads) & set(heads.values()), "a head is no duplicate"
    repeats = {
        int(each.event.report_id, 16): int(each.event.duplicate_of, 16)
        for each in world.log
        if isinstance(each.event, ReportMarkedDuplicate)
    }
    for one, head in heads.items():
        assert head == heads.get(repeats[one], repeats[one]), "its original leads elsewhere"
