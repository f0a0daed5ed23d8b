"""Reports that were merged and are parted again: whatever is delivered when, heads are right."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_duplicates_in_any_order import REPORTS, Step, deliveries, numbers
from world import World, report_id

from services.intake.domain.course import ReopenedSinceError
from services.intake.domain.duplicate import MarkDuplicate, NoDuplicateError, PartDuplicate
from services.intake.domain.report import decider
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    DAY,
    DUPLICATE_CLAIMED,
    DUPLICATE_PARTED,
    MONDAY,
    ORIGINAL_ID,
    REPORT_FILED,
    REPORT_ID,
    REPORT_MARKED_DUPLICATE,
    varied,
)

PART = PartDuplicate(REPORT_ID, DUPLICATE_PARTED.reason, MONDAY + 2 * DAY)
AGAIN = MarkDuplicate(REPORT_ID, ORIGINAL_ID, MONDAY + 3 * DAY, "It is, after all")
report = DeciderSpec(decider)


@pytest.mark.parametrize("marked", [(), (REPORT_MARKED_DUPLICATE,)])
def test_a_duplicate_is_parted_with_a_reason(marked: tuple[object, ...]) -> None:
    report.given(REPORT_FILED, DUPLICATE_CLAIMED, *marked).when(PART).then(DUPLICATE_PARTED)
    report.given(REPORT_FILED).when(PART).then_fails_with(NoDuplicateError)


def test_and_may_be_merged_again_but_not_by_what_was_said_before() -> None:
    told = (REPORT_FILED, DUPLICATE_CLAIMED, DUPLICATE_PARTED)
    claimed = {"claimed_at": MONDAY + 3 * DAY, "reason": "It is, after all"}
    report.given(*told).when(AGAIN).then(varied(DUPLICATE_CLAIMED, **claimed))
    old = replace(AGAIN, now=MONDAY + DAY)
    report.given(*told).when(old).then_fails_with(ReopenedSinceError)


async def part(world: World, number: int) -> None:
    at = MONDAY + timedelta(seconds=world.said)
    outcome = await world._do(PartDuplicate(report_id(number), "It is not", at))
    assert outcome.error is None


def head_of(number: int, repeats: dict[int, int]) -> int:
    return head_of(repeats[number], repeats) if number in repeats else number


said = st.lists(st.tuples(numbers, numbers, st.booleans()), max_size=10)


@given(said, st.data())
def test_whatever_is_merged_and_parted_when_and_delivered_how_often_heads_are_right(
    said: list[tuple[int, int, bool]], data: st.DataObject
) -> None:
    """Of each only what has a smaller number, so that there are no rings."""

    async def story() -> tuple[World, dict[int, int]]:
        world, repeats = World(), dict[int, int]()
        for number in range(1, REPORTS + 1):
            await world.file(number)
        for one, other, parts in said:
            if parts and one in repeats:
                await part(world, one)
                del repeats[one]
            elif other < one and one not in repeats:
                await world.say(one, other)
                repeats[one] = other
            steps: list[Step] = data.draw(st.lists(deliveries, max_size=5))
            for step in steps:
                await step(world)
        await world.come_to_rest()
        return world, repeats

    world, repeats = asyncio.run(story())
    assert world.heads() == {one: head_of(one, repeats) for one in repeats}
    assert world.refused() == []


def test_who_came_by_a_report_that_was_parted_ends_at_it_and_follows_no_further() -> None:
    """3 repeats 2 repeats 1; 2 is parted, and 1 is said to repeat 4."""

    async def story() -> dict[int, int]:
        world = World()
        for number in range(1, 5):
            await world.file(number)
        for one, other in ((3, 2), (2, 1)):
            await world.say(one, other)
            await world.come_to_rest()
        assert world.heads() == {3: 1, 2: 1}
        await part(world, 2)
        await world.come_to_rest()
        assert world.heads() == {3: 2}
        await world.say(1, 4)
        await world.come_to_rest()
        assert world.heads() == {3: 2, 1: 4}
        await world.say(2, 4)
        await world.come_to_rest()
        return world.heads()

    assert asyncio.run(story()) == {3: 4, 2: 4, 1: 4}
