"""Whatever people do with a question, in any order: each counts once, and what is owed stays."""

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from services.publishing.domain.question import (
    AnswerQuestion,
    AskQuestion,
    Command,
    DeclineQuestion,
    HideQuestion,
    JoinQuestion,
    LeaveQuestion,
    PassQuestion,
    RateAnswer,
    WithdrawQuestion,
    category,
)
from services.publishing.domain.question_state import Question, dump, load
from shared.contracts.question import (
    QuestionAnswered,
    QuestionCounted,
    QuestionDeclined,
    QuestionEvent,
    QuestionPassed,
    RatingsCounted,
)
from shared.eventsourcing.errors import DomainError
from shared.testing.examples import EDITOR_ID, LOGIN_ID, MONDAY, QUESTION_ASKED, QUESTION_ID

DECIDER = category.decider
SMALLEST = 5
people = st.sampled_from([LOGIN_ID, EDITOR_ID, *(f"{number:032x}" for number in range(20))])
by = st.tuples(st.just(QUESTION_ID), people, st.just(MONDAY))
acts: st.SearchStrategy[Command] = st.one_of(
    by.map(lambda each: PassQuestion(*each)),
    by.map(lambda each: DeclineQuestion(*each, "asked")),
    by.map(lambda each: HideQuestion(*each, "It insults")),
    by.map(lambda each: JoinQuestion(*each)),
    by.map(lambda each: LeaveQuestion(*each)),
    by.map(lambda each: WithdrawQuestion(*each)),
    st.tuples(by, st.integers(1, 4)).map(
        lambda each: AnswerQuestion(
            *each[0], each[1], "Parks", f"{each[1]:032x}", "7" * 64, "en", "Better"
        )
    ),
    st.tuples(by, st.integers(1, 4), st.sampled_from(["answered", "partly", "not"])).map(
        lambda each: RateAnswer(*each[0], each[1], each[2])  # type: ignore[arg-type]
    ),
)
PASS = PassQuestion(QUESTION_ID, EDITOR_ID, MONDAY)


@given(st.booleans(), st.lists(acts, max_size=60))
def test_each_counts_once_and_what_is_owed_stays(is_passed: bool, told: list[Command]) -> None:  # noqa: FBT001
    events: list[QuestionEvent] = []
    state = Question()
    for command in (AskQuestion(QUESTION_ASKED), *([PASS] if is_passed else []), *told):
        with suppress(DomainError):
            decided = list(DECIDER.decide(command, state))
            events += decided
            for event in decided:
                state = DECIDER.evolve(state, event)
            assert list(DECIDER.decide(command, state)) == [], "a repetition changed something"
    assert load(dump(state)) == state
    kinds = [type(each) for each in events]
    assert kinds.count(QuestionPassed) + kinds.count(QuestionDeclined) <= 1
    assert kinds.count(QuestionAnswered) <= 1
    if QuestionPassed in kinds:
        assert state.life in ("open", "answered"), "nothing ends what is owed but the answer"
    assert set(state.ratings) <= set(state.voices) | {LOGIN_ID}
    for each in events:
        if isinstance(each, QuestionCounted):
            assert each.at_least == 0 or each.at_least >= SMALLEST
        if isinstance(each, RatingsCounted):
            figures = (each.answered, each.partly, each.not_answered)
            assert all(figure == 0 or figure >= SMALLEST for figure in figures)
            assert sum(figures) <= len(state.voices) + 1
