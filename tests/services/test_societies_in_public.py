"""Outsiders see that a society is there and about how large it is, and nobody in it."""

from zoneinfo import ZoneInfo

import pytest

from services.publishing.public import gate, passes
from services.publishing.societies import TOLD
from shared.contracts import public_society
from shared.contracts.event import Event
from shared.contracts.registry import EVENT_TYPES
from shared.contracts.society import SocietyEvent
from shared.testing.examples import (
    ACTIVITY_HELD,
    EXAMPLES,
    FOUNDER_ID,
    OPERATOR_ID,
    SECOND_ID,
    SOCIETY_COUNTED,
    SOCIETY_FOUNDED,
    SOCIETY_ID,
    SOCIETY_JOINED,
    SOCIETY_SUSPENDED,
    WORDS_ID,
    varied,
)

let_through = gate(b"a key for tests", ZoneInfo("America/New_York"))
INSIDE = [each for each in EVENT_TYPES.values() if issubclass(each, SocietyEvent)]


def told(event: Event) -> Event:
    found = let_through(event)
    assert found is not None
    return found


@pytest.mark.parametrize("kind", INSIDE, ids=lambda kind: kind.__name__)
def test_of_members_nothing_is_told(kind: type[SocietyEvent]) -> None:
    event = EXAMPLES[kind.type_name()]
    found = let_through(event)
    assert (found is not None) == (kind in TOLD) == (passes(event) is not None)
    said = found.model_dump_json() if found else ""
    for who in (FOUNDER_ID, SECOND_ID, OPERATOR_ID, WORDS_ID, ACTIVITY_HELD.words):
        assert who not in said


def test_its_founding_leads_to_its_page() -> None:
    found = told(SOCIETY_FOUNDED)
    assert isinstance(found, public_society.SocietyFounded)
    assert (found.page, found.places) == (SOCIETY_ID, SOCIETY_FOUNDED.places)
    assert found.society != SOCIETY_ID
    assert told(SOCIETY_COUNTED).aggregate_id == found.society


def test_small_figures_are_not_told() -> None:
    few, many = varied(ACTIVITY_HELD, came=4), varied(ACTIVITY_HELD, came=5)
    assert [getattr(told(each), "came", 0) for each in (few, many)] == [None, 5]
    strict = gate(b"a key for tests", ZoneInfo("UTC"), smallest=20)
    counts = [strict(varied(SOCIETY_COUNTED, at_least=number)) for number in (10, 20)]
    assert [each.at_least for each in counts if each] == [None, 20]  # type: ignore[attr-defined]


def test_why_it_was_suspended_is_told() -> None:
    found = told(SOCIETY_SUSPENDED)
    assert isinstance(found, public_society.SocietySuspended)
    assert found.reason == SOCIETY_SUSPENDED.reason
    assert let_through(SOCIETY_JOINED) is None
