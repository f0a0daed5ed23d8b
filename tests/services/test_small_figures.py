"""No figure from 1 to below the smallest can be computed from all that is public on all days."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from random import Random

import pytest
from attacker import Filed, Outcomes, Seen, outcomes_of_day, possible_outcomes, possible_sums, told

SMALLEST = 3
TOWNS = [
    [("us.a", "x"), ("us.a", "y"), ("us.b", "x"), ("us.b", "y")],
    [("us.a", "x"), ("us.b", "x"), ("us.c", "x")],
    [("us.a.one", "x"), ("us.a.two", "x"), ("us.b", "x"), ("us", "x")],
    [("us.a", "x"), ("us.a", "y"), ("us.a", "z"), ("fr", "x")],
]


def lived(town: Filed, random: Random, days: int) -> tuple[list[tuple[int, ...]], list[Seen]]:
    """What was filed on each day, and what of it could be seen."""
    new, seen = [], []
    held = tuple(0 for _ in town.leaves)
    for _ in range(days):
        new.append(tuple(random.choice((0, 0, 1, 1, 2, 3, 5)) for _ in town.leaves))
        day = town.day(tuple(map(int.__add__, held, new[-1])))
        seen.append(day.seen)
        held = day.held
    return new, seen


def figures(town: Filed) -> Iterator[list[int]]:
    """Every set of leaves: those of a place, of a sector, of a region, and any other sum."""
    leaves = range(len(town.leaves))
    for size in range(1, len(town.leaves) + 1):
        yield from map(list, combinations(leaves, size))


def computed(town: Filed, seed: int, smallest: int) -> list[str]:
    """Small figures of which only one value is possible."""
    new, seen = lived(town, Random(seed), days=3)
    found = []
    for of in figures(town):
        for since, through in ((0, 0), (0, 1), (1, 1), (0, 2), (2, 2)):
            true = sum(new[day][leaf] for day in range(since, through + 1) for leaf in of)
            if 1 <= true < smallest:
                values = possible_sums(town, seen, of, since, through)
                assert true in values, "the attacker leaves nothing out"
                if len(values) == 1:
                    found.append(f"{[town.leaves[each] for each in of]}, {since}-{through}: {true}")
    return found


@pytest.mark.parametrize("leaves", TOWNS, ids=range(len(TOWNS)))
@pytest.mark.parametrize("smallest", [2, SMALLEST])
def test_of_a_small_figure_two_values_are_possible_at_least(
    leaves: list[tuple[str, str]], smallest: int
) -> None:
    town = Filed(leaves, smallest)
    for seed in range(40):
        assert computed(town, seed, smallest) == []


def test_were_a_sum_told_from_the_smallest_figure_on_it_would_give_its_parts_away() -> None:
    """With 2 of each of three places at most, 6 of all is 2 of each: so their most is one more."""
    found = [computed(Filed(TOWNS[1], SMALLEST - 1), seed, SMALLEST) for seed in range(60)]
    assert any(found)


def test_were_everything_told_all_would_be_known() -> None:
    found = [computed(Filed(TOWNS[1], 0), seed, SMALLEST) for seed in range(5)]
    assert all(found)


# --- Outcomes of the reports of one cell


Lived = tuple[list[int], list[Mapping[str, int]], list[tuple[int, int, int]]]


def life_of_a_cell(random: Random, smallest: int, rule: object, days: int = 3) -> Lived:
    """What was filed and told in public on each day, and what was true at its end."""
    filed, seen, true = [], [], []
    left, waiting, sums, still_open = 0, Outcomes(0, 0), [0, 0], 0
    for _ in range(days):
        filed.append(random.choice((0, smallest + 1, smallest + 2, 2 * smallest + 3)))
        left, still_open = left + filed[-1], still_open + filed[-1]
        y = random.randint(0, still_open)
        z = random.randint(0, still_open - y)
        still_open -= y + z
        sums = [sums[0] + y, sums[1] + z]
        waiting = Outcomes(waiting.confirmed + y, waiting.refuted + z)
        kinds = outcomes_of_day(left, waiting, smallest, rule)  # type: ignore[arg-type]
        seen.append({kind: getattr(waiting, kind) for kind in kinds})
        left -= sum(seen[-1].values())
        waiting = waiting._replace(**dict.fromkeys(kinds, 0))
        true.append((sums[0], sums[1], still_open))
    return filed, seen, true


def known(seed: int, smallest: int, rule: object = told) -> list[str]:
    """Of every state, and of any two together, at the end of each day."""
    filed, seen, true = life_of_a_cell(Random(seed), smallest, rule)
    possible = possible_outcomes(filed, seen, smallest, rule)  # type: ignore[arg-type]
    found = []
    for day, (was, may_be) in enumerate(zip(true, possible, strict=True)):
        assert was in may_be, "the attacker leaves nothing out"
        for of in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2)):
            figure = sum(was[each] for each in of)
            values = {sum(one[each] for each in of) for one in may_be}
            if 1 <= figure < smallest and len(values) == 1:
                found.append(f"day {day}, {of}: {figure}")
    return found


@pytest.mark.parametrize("smallest", [2, 3, 5])
def test_nor_how_few_were_confirmed_refuted_or_neither(smallest: int) -> None:
    for seed in range(200):
        assert known(seed, smallest) == []


def as_soon_as_there_are_many(_: int, waiting: Mapping[str, int], few: int) -> Sequence[str]:
    return tuple(kind for kind, count in waiting.items() if count > few)


def test_were_the_rest_not_looked_at_it_would_be_a_small_figure() -> None:
    assert any(known(seed, SMALLEST, as_soon_as_there_are_many) for seed in range(60))
