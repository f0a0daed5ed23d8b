"""Outsiders see what is asked and answered, and nobody who asks it."""

from zoneinfo import ZoneInfo

import pytest

from services.publishing.public import gate, passes
from services.publishing.questions import TOLD
from shared.contracts import public_question
from shared.contracts.question import QuestionEvent
from shared.contracts.registry import EVENT_TYPES
from shared.testing.examples import (
    CHECK_OPENED,
    EDITOR_ID,
    EXAMPLES,
    LOGIN_ID,
    QUESTION_COUNTED,
    QUESTION_ID,
    QUESTION_PASSED,
    QUESTION_WITHDRAWN,
    RATINGS_COUNTED,
    SECOND_ID,
    varied,
)

let_through = gate(b"a key for tests", ZoneInfo("America/New_York"))
INSIDE = [each for each in EVENT_TYPES.values() if issubclass(each, QuestionEvent)]


@pytest.mark.parametrize("kind", INSIDE, ids=lambda kind: kind.__name__)
def test_of_people_nothing_is_told(kind: type[QuestionEvent]) -> None:
    event = EXAMPLES[kind.type_name()]
    public = let_through(event)
    assert (public is not None) == (kind in TOLD) == (passes(event) is not None)
    said = public.model_dump_json() if public else ""
    assert all(each not in said for each in (LOGIN_ID, SECOND_ID, EDITOR_ID))


def test_what_nobody_has_read_is_not_told_to_be_withdrawn() -> None:
    unread = varied(QUESTION_WITHDRAWN, passed=False)
    assert let_through(unread) is None
    assert passes(unread) is None


def test_small_figures_are_not_told() -> None:
    few = let_through(varied(QUESTION_COUNTED, at_least=0))
    assert isinstance(few, public_question.QuestionCounted)
    assert few.at_least is None
    rated = let_through(RATINGS_COUNTED)
    assert isinstance(rated, public_question.RatingsCounted)
    assert (rated.answered, rated.partly, rated.not_answered) == (20, 10, None)


def test_it_names_its_page_and_its_check_as_that_is_called_in_public() -> None:
    asked = let_through(QUESTION_PASSED)
    opened = let_through(varied(CHECK_OPENED, check_id=QUESTION_ID, confidential=False))
    assert isinstance(asked, public_question.QuestionAsked)
    assert opened is not None
    assert asked.check == opened.aggregate_id
    assert asked.page == QUESTION_ID
    assert asked.question != QUESTION_ID
