"""Tracks are adopted by somebody, with what that changes; the same ones once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.promotion.domain.track import Track
from services.promotion.domain.tracks_adopted import AdoptTracks, SameVersionError, category
from shared.contracts.tracks import TracksAdopted
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import MONDAY

ONE = Track("first", 1, "First", 2, 1, 1, 0.3)
TWO = Track("then", 1, "Then", 3, 1, 3, 0.25, after=("first",))
SPEC = DeciderSpec(category.decider)


def adopting(*tracks: Track) -> AdoptTracks:
    return AdoptTracks(tracks, takes_back=True, by="Council", reason="Resolution 12", now=MONDAY)


def adopted(*tracks: Track) -> TracksAdopted:
    decider = category.decider
    (event,) = decider.decide(adopting(*tracks), decider.initial_state)
    return event


def after(*tracks: Track, before: TracksAdopted) -> list[TracksAdopted]:
    decider = category.decider
    state = decider.evolve(decider.initial_state, before)
    return list(decider.decide(adopting(*tracks), state))


def test_the_first_ones_are_new_and_the_same_again_are_no_event() -> None:
    event = adopted(ONE, TWO)
    assert (event.new, event.changed, event.dropped) == (("first", "then"), (), ())
    assert (event.by, event.at, event.takes_back) == ("Council", MONDAY, True)
    SPEC.given().when(adopting(ONE, TWO)).then(event)
    later = replace(adopting(ONE, TWO), now=MONDAY + timedelta(days=1), reason="Again")
    SPEC.given(event).when(later).then_nothing_happens()
    renamed = replace(ONE, title="First steps")
    assert after(renamed, TWO, before=event) == []


def test_what_is_new_changed_or_dropped_is_told() -> None:
    before = adopted(ONE, TWO)
    other = replace(ONE, version=2, days=5)
    third = replace(TWO, name="third")
    (event,) = after(other, third, before=before)
    assert (event.new, event.changed, event.dropped) == (("third",), ("first",), ("then",))
    (none,) = after(before=before)
    assert none.dropped == ("first", "then")


def test_another_rule_under_the_same_version_is_refused() -> None:
    with pytest.raises(SameVersionError, match="version 1 still"):
        after(replace(ONE, days=5), TWO, before=adopted(ONE, TWO))


def test_whether_what_is_reopened_counts_is_part_of_it() -> None:
    event = adopted(ONE)
    decider = category.decider
    state = decider.evolve(decider.initial_state, event)
    (other,) = decider.decide(replace(adopting(ONE), takes_back=False), state)
    assert (other.takes_back, other.new, other.changed) == (False, (), ())
