"""Questions as readers and the newsroom see them: what waits longest, and what is gone."""

import json

import pytest
from sqlalchemy import Engine

from services.publishing.projections import question_voices, questions, questions_desk
from shared.contracts.event import Event
from shared.testing.examples import (
    ANSWER_CORRECTED,
    PUBLIC_ANSWER_CORRECTED,
    PUBLIC_QUESTION_ANSWERED,
    PUBLIC_QUESTION_ASKED,
    PUBLIC_QUESTION_COUNTED,
    PUBLIC_QUESTION_HIDDEN,
    PUBLIC_QUESTION_WITHDRAWN,
    PUBLIC_RATINGS_COUNTED,
    QUESTION_ANSWERED,
    QUESTION_ASKED,
    QUESTION_DECLINED,
    QUESTION_HIDDEN,
    QUESTION_ID,
    QUESTION_JOINED,
    QUESTION_LEFT,
    QUESTION_PASSED,
    QUESTION_WITHDRAWN,
    ROXBURY,
    varied,
)
from shared.testing.projection_spec import ProjectionSpec

PUBLIC, DESK = questions.read_model, questions_desk.read_model


def another(number: int, **changes: object) -> Event:
    """Asked later."""
    ids = {"question": f"{number:032x}", "page": f"{number + 100:032x}"}
    return varied(PUBLIC_QUESTION_ASKED, **ids, **changes)  # type: ignore[no-any-return]


def test_those_that_wait_longest_come_first_and_answered_ones_leave(database: Engine) -> None:
    events = PUBLIC_QUESTION_ASKED, another(1), another(2, place="us.ma.salem")
    rows = ProjectionSpec(PUBLIC, database).given(*events)
    asked = rows.ask(lambda connection: questions.listed(connection, 9))
    order = [each["page"] for each in asked]
    assert order == [QUESTION_ID, f"{101:032x}", f"{102:032x}"]
    here = rows.ask(lambda connection: questions.listed(connection, 9, [ROXBURY]))
    assert [each["page"] for each in here] == order[:2]
    after = asked[0]["asked"]
    onward = rows.ask(lambda connection: questions.listed(connection, 9, None, after))
    assert [each["page"] for each in onward] == order[1:]
    rows = rows.given(*events, PUBLIC_QUESTION_ANSWERED)
    waiting = rows.ask(lambda connection: questions.listed(connection, 9))
    assert [each["page"] for each in waiting] == order[1:]
    done = rows.ask(lambda connection: questions.listed(connection, 9, is_answered=True))
    assert [each["page"] for each in done] == order[:1]


def test_an_answer_stays_with_what_was_thought_of_it(database: Engine) -> None:
    rows = ProjectionSpec(PUBLIC, database).given(
        PUBLIC_QUESTION_ASKED,
        PUBLIC_QUESTION_COUNTED,
        PUBLIC_QUESTION_ANSWERED,
        PUBLIC_RATINGS_COUNTED,
        PUBLIC_ANSWER_CORRECTED,
    )
    row = rows.ask(lambda connection: questions.one(connection, QUESTION_ID))
    assert row is not None
    assert row["at_least"] == 10
    first, second = json.loads(row["answers"])
    assert (first["answered"], first["partly"], first["not_answered"]) == (20, 10, None)
    assert second["answered"] is None, "of a correction nobody has thought anything yet"
    assert second["why"] == PUBLIC_ANSWER_CORRECTED.why


@pytest.mark.parametrize("event", [PUBLIC_QUESTION_WITHDRAWN, PUBLIC_QUESTION_HIDDEN])
def test_of_words_that_are_gone_none_are_named(database: Engine, event: Event) -> None:
    rows = ProjectionSpec(PUBLIC, database).given(PUBLIC_QUESTION_ASKED, event)
    row = rows.ask(lambda connection: questions.one(connection, QUESTION_ID))
    assert row is not None
    assert row["words"] is None
    assert row["gone_on"] == event.on  # type: ignore[attr-defined]
    assert not row["is_answered"], "the answer is owed all the same"


def test_the_newsroom_has_what_waits_and_whose_words_are_to_go(database: Engine) -> None:
    desk = ProjectionSpec(DESK, database)
    for events, state, gone in (
        ((), "asked", False),
        ((QUESTION_DECLINED,), "declined", True),
        ((varied(QUESTION_WITHDRAWN, passed=False),), "withdrawn", True),
        ((QUESTION_PASSED,), "open", False),
        ((QUESTION_PASSED, QUESTION_WITHDRAWN), "open", True),
        ((QUESTION_PASSED, QUESTION_HIDDEN), "open", True),
        ((QUESTION_PASSED, QUESTION_ANSWERED, ANSWER_CORRECTED), "answered", False),
    ):
        given = desk.given(QUESTION_ASKED, *events)
        given.then({"question_id": QUESTION_ID, "state": state, "is_gone": gone})
        to_go = [QUESTION_ASKED.words] if gone else []
        assert given.ask(questions_desk.words_gone) == to_go


def test_what_somebody_asked_or_joined_until_they_leave(database: Engine) -> None:
    asker, other = QUESTION_ASKED.by, QUESTION_JOINED.by
    voices = ProjectionSpec(question_voices.read_model, database)
    asked = {"voice": f"{asker}{QUESTION_ID}", "who": asker, "is_asker": True, "is_voice": True}
    joined = {"voice": f"{other}{QUESTION_ID}", "who": other, "is_asker": False, "is_voice": True}
    voices.given(QUESTION_ASKED, QUESTION_JOINED).then(asked, joined)
    voices.given(QUESTION_ASKED, QUESTION_JOINED, QUESTION_LEFT, QUESTION_WITHDRAWN).then(
        asked | {"is_voice": False}, joined | {"is_voice": False}
    )
    ProjectionSpec(DESK, database).given(QUESTION_ASKED).ask(lambda _: None)

    def found(who: str) -> list[str]:
        asked = voices.ask(lambda connection: question_voices.of(connection, who, 9))
        return [each["question_id"] for each in asked]

    assert found(asker) == [QUESTION_ID], "what somebody asked stays theirs"
    assert found(other) == [], "what they left does not"
