"""Chains of mergers lead to one that goes on; a ring ends before it comes to where it began."""

import asyncio
from dataclasses import dataclass
from typing import cast

from hypothesis import given
from hypothesis import strategies as st
from registers_made import heads, register

from services.promotion.domain.society import category
from services.promotion.domain.society_state import Society
from services.promotion.societies.doing import Societies
from services.promotion.societies.heads import head_of
from shared.testing.examples import SOCIETY_REGISTERED, varied

A, B, C = "a" * 32, "b" * 32, "c" * 32


@dataclass
class Known:
    """What is asked of societies here: one, as its register told it."""

    into: dict[str, str]

    async def one(self, society_id: str) -> Society:
        if society_id not in self.into:
            return Society()
        merged_into = self.into[society_id] or None
        event = varied(SOCIETY_REGISTERED, society_id=society_id, merged_into=merged_into)
        return category.decider.fold([event])


def found(into: dict[str, str], society_id: str) -> str:
    return asyncio.run(head_of(cast(Societies, Known(into)), society_id))


def test_every_chain_of_a_register_ends_where_it_does_counted_apart() -> None:
    made = register(13, 400)

    def named(number: str) -> str:
        return f"{int(number[1:]):032x}"

    into = {named(each.number): each.into and named(each.into) for each in made}
    for number, head in heads(made).items():
        assert found(into, named(number)) == named(head)
    assert sum(number != head for number, head in heads(made).items()) > 10


def test_a_ring_ends_before_it_comes_to_where_it_began() -> None:
    assert [found({A: B, B: A}, each) for each in (A, B)] == [B, A]
    three = {A: B, B: C, C: A}
    assert [found(three, each) for each in (A, B, C)] == [C, A, B]


@given(st.lists(st.integers(-1, 7), min_size=6, max_size=6))
def test_whatever_a_register_says_there_is_an_end_that_is_known(said: list[int]) -> None:
    into = {f"{at:032x}": f"{to:032x}" if to >= 0 else "" for at, to in enumerate(said)}
    for society_id in into:
        head = found(into, society_id)
        assert head in into
        if into[head] in into:
            assert found(into, into[head]) in into, "a ring has ends, too"
        elif head != society_id:
            assert found(into, head) == head
