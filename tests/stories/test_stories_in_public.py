"""Outsiders see stories that have appeared, and nothing of who wrote them."""

from zoneinfo import ZoneInfo

import pytest

from services.publishing.public import gate, passes
from services.publishing.stories import TOLD
from shared.contracts import public_story
from shared.contracts.registry import EVENT_TYPES
from shared.contracts.story import StoryEvent
from shared.testing.examples import (
    EXAMPLES,
    OPERATOR_ID,
    SECOND_ID,
    STORY_ID,
    STORY_PUBLISHED,
    STORY_WITHDRAWN,
    varied,
)

let_through = gate(b"a key for tests", ZoneInfo("America/New_York"))
INSIDE = [each for each in EVENT_TYPES.values() if issubclass(each, StoryEvent)]


@pytest.mark.parametrize("kind", INSIDE, ids=lambda kind: kind.__name__)
def test_what_has_not_appeared_stays_inside(kind: type[StoryEvent]) -> None:
    event = EXAMPLES[kind.type_name()]
    found = let_through(event)
    assert (found is not None) == (kind in TOLD) == (passes(event) is not None)
    said = found.model_dump_json() if found else ""
    for who in (OPERATOR_ID, SECOND_ID, STORY_ID):
        assert who not in said


def test_it_names_the_very_events_it_rests_on() -> None:
    found = let_through(STORY_PUBLISHED)
    assert isinstance(found, public_story.StoryPublished)
    assert found.sources == STORY_PUBLISHED.sources


def test_what_never_appeared_is_not_told_to_be_withdrawn() -> None:
    inside = varied(STORY_WITHDRAWN, published=False)
    assert let_through(inside) is None
    assert passes(inside) is None
