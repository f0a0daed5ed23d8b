"""What an editor lets through is answered, whoever is talked round; each who asks counts once."""

import pytest

from services.publishing.domain.question import (
    AnswerQuestion,
    AskQuestion,
    DeclineQuestion,
    HideQuestion,
    JoinQuestion,
    LeaveQuestion,
    PassQuestion,
    RateAnswer,
    WithdrawQuestion,
    category,
    with_figures_from,
)
from services.publishing.domain.question_errors import (
    AnsweredError,
    GoneError,
    NoQuestionError,
    NoReasonError,
    NotAnsweredError,
    NotPassedError,
    NotYoursError,
    OtherAnswerError,
    OwnQuestionError,
    SettledError,
)
from shared.contracts.question import QuestionEvent, RatingsCounted
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    ANSWER_CORRECTED,
    ANSWER_RATED,
    DAY,
    EDITOR_ID,
    LOGIN_ID,
    MONDAY,
    QUESTION_ANSWERED,
    QUESTION_ASKED,
    QUESTION_COUNTED,
    QUESTION_DECLINED,
    QUESTION_HIDDEN,
    QUESTION_ID,
    QUESTION_JOINED,
    QUESTION_LEFT,
    QUESTION_PASSED,
    QUESTION_WITHDRAWN,
    SECOND_ID,
    varied,
)

SPEC = DeciderSpec(category.decider)
OPEN = QUESTION_ASKED, QUESTION_PASSED
ANSWERED = *OPEN, QUESTION_JOINED, QUESTION_ANSWERED
NOTED = varied(QUESTION_ASKED, is_own=False, way="meeting", met_on=MONDAY.date())
PASS = PassQuestion(QUESTION_ID, EDITOR_ID, MONDAY)
JOIN = JoinQuestion(QUESTION_ID, SECOND_ID, MONDAY)
RATE = RateAnswer(QUESTION_ID, SECOND_ID, MONDAY, 1, "partly")


def answer(number: int = 1, why: str | None = None) -> AnswerQuestion:
    event = QUESTION_ANSWERED if number == 1 else ANSWER_CORRECTED
    what = event.office, event.words, event.digest, event.tongue, why
    return AnswerQuestion(QUESTION_ID, EDITOR_ID, event.at, number, *what)


def test_nothing_is_done_with_what_nobody_asked() -> None:
    SPEC.given().when(JOIN).then_fails_with(NoQuestionError)


def test_it_is_asked_and_an_editor_lets_it_through() -> None:
    SPEC.given().when(AskQuestion(QUESTION_ASKED)).then(QUESTION_ASKED)
    SPEC.given(QUESTION_ASKED).when(PASS).then(QUESTION_PASSED)
    own = PassQuestion(QUESTION_ID, LOGIN_ID, MONDAY)
    SPEC.given(QUESTION_ASKED).when(own).then_fails_with(OwnQuestionError)


def test_what_an_editor_decided_stays() -> None:
    decline = DeclineQuestion(QUESTION_ID, EDITOR_ID, MONDAY, "asked")
    SPEC.given(QUESTION_ASKED).when(decline).then(QUESTION_DECLINED)
    SPEC.given(*OPEN).when(decline).then_fails_with(SettledError)
    declined = QUESTION_ASKED, QUESTION_DECLINED
    SPEC.given(*declined).when(PASS).then_fails_with(SettledError)
    SPEC.given(*declined).when(answer()).then_fails_with(NotPassedError)
    SPEC.given(*declined).when(JOIN).then_fails_with(NotPassedError)


def test_before_an_editor_has_read_it_nobody_joins_or_answers() -> None:
    hide = HideQuestion(QUESTION_ID, EDITOR_ID, MONDAY, "It insults")
    for command in (JOIN, answer(), hide):
        SPEC.given(QUESTION_ASKED).when(command).then_fails_with(NotPassedError)


def test_one_person_joins_once_and_may_leave() -> None:
    SPEC.given(*OPEN).when(JOIN).then(QUESTION_JOINED)
    SPEC.given(*OPEN, QUESTION_JOINED).when(JOIN).then()
    SPEC.given(*OPEN).when(JoinQuestion(QUESTION_ID, LOGIN_ID, MONDAY)).then()
    leave = LeaveQuestion(QUESTION_ID, SECOND_ID, MONDAY)
    SPEC.given(*OPEN, QUESTION_JOINED).when(leave).then(QUESTION_LEFT)
    SPEC.given(*ANSWERED).when(leave).then_fails_with(AnsweredError)
    another = JoinQuestion(QUESTION_ID, "3" * 32, MONDAY)
    SPEC.given(*ANSWERED).when(another).then_fails_with(AnsweredError)


def test_who_is_talked_round_withdraws_the_words_and_not_the_answer() -> None:
    withdraw = WithdrawQuestion(QUESTION_ID, LOGIN_ID, MONDAY)
    before = varied(QUESTION_WITHDRAWN, passed=False)
    SPEC.given(QUESTION_ASKED).when(withdraw).then(before)
    SPEC.given(QUESTION_ASKED, before).when(PASS).then_fails_with(SettledError)
    SPEC.given(*OPEN).when(withdraw).then(QUESTION_WITHDRAWN)
    gone = *OPEN, QUESTION_WITHDRAWN
    SPEC.given(*gone).when(JOIN).then_fails_with(GoneError)
    SPEC.given(*gone).when(answer()).then(QUESTION_ANSWERED)
    not_theirs = WithdrawQuestion(QUESTION_ID, SECOND_ID, MONDAY)
    SPEC.given(*OPEN).when(not_theirs).then_fails_with(NotYoursError)
    SPEC.given(NOTED, QUESTION_PASSED).when(withdraw).then_fails_with(NotYoursError)


def test_words_that_are_abuse_go_and_the_answer_stays_owed() -> None:
    hide = HideQuestion(QUESTION_ID, EDITOR_ID, MONDAY, QUESTION_HIDDEN.reason)
    SPEC.given(*OPEN).when(hide).then(QUESTION_HIDDEN)
    SPEC.given(*OPEN, QUESTION_HIDDEN).when(answer()).then(QUESTION_ANSWERED)


def test_it_is_answered_and_corrected_with_why() -> None:
    SPEC.given(*OPEN).when(answer()).then(QUESTION_ANSWERED)
    SPEC.given(*ANSWERED).when(answer(2)).then_fails_with(NoReasonError)
    SPEC.given(*ANSWERED).when(answer(2, ANSWER_CORRECTED.why)).then(ANSWER_CORRECTED)
    corrected = *ANSWERED, ANSWER_CORRECTED
    SPEC.given(*corrected).when(answer()).then()
    other = AnswerQuestion(
        QUESTION_ID, EDITOR_ID, MONDAY, 2, "Parks", "9" * 32, "9" * 64, "en", "Another"
    )
    SPEC.given(*corrected).when(other).then_fails_with(OtherAnswerError)


def test_who_asked_rates_the_answer_that_they_read_and_changes_it() -> None:
    SPEC.given(*OPEN, QUESTION_JOINED).when(RATE).then_fails_with(NotAnsweredError)
    SPEC.given(*ANSWERED).when(RATE).then(ANSWER_RATED)
    changed = RateAnswer(QUESTION_ID, SECOND_ID, MONDAY, 1, "not")
    SPEC.given(*ANSWERED, ANSWER_RATED).when(changed).then(varied(ANSWER_RATED, rating="not"))
    stranger = RateAnswer(QUESTION_ID, "3" * 32, MONDAY, 1, "not")
    SPEC.given(*ANSWERED).when(stranger).then_fails_with(NotYoursError)
    corrected = *ANSWERED, ANSWER_RATED, ANSWER_CORRECTED
    SPEC.given(*corrected).when(RATE).then_fails_with(OtherAnswerError)
    anew = RateAnswer(QUESTION_ID, SECOND_ID, MONDAY, 2, "partly")
    SPEC.given(*corrected).when(anew).then(varied(ANSWER_RATED, number=2))


def test_figures_are_told_in_steps_and_of_each_answer_anew() -> None:
    """One who joins makes no step appear: so many more have to be there."""
    many: list[QuestionEvent] = [
        varied(QUESTION_JOINED, by=f"{number:032x}") for number in range(1, 12)
    ]
    SPEC.given(*OPEN, *many).when(JOIN).then(QUESTION_JOINED, QUESTION_COUNTED)
    there = [*OPEN, *many, QUESTION_JOINED, QUESTION_COUNTED, QUESTION_ANSWERED]
    rated = [varied(ANSWER_RATED, by=f"{number:032x}") for number in range(1, 12)]
    rate = RateAnswer(QUESTION_ID, SECOND_ID, MONDAY, 1, "partly")
    own = varied(ANSWER_RATED, by=LOGIN_ID)
    counted = RatingsCounted(
        question_id=QUESTION_ID,
        place=QUESTION_ASKED.place,
        at=MONDAY,
        number=1,
        answered=0,
        partly=10,
        not_answered=0,
    )
    SPEC.given(*there, *rated).when(rate).then(ANSWER_RATED)
    SPEC.given(*there, *rated, own).when(rate).then(ANSWER_RATED, counted)
    state = category.decider.fold([*there, *rated, own, ANSWER_RATED, counted])
    assert state.rated == (0, 10, 0)
    anew = category.decider.evolve(state, varied(ANSWER_CORRECTED, at=MONDAY + DAY))
    assert anew.rated == (0, 0, 0)
    assert not anew.ratings


@pytest.mark.parametrize("smallest", [5, 20])
def test_no_step_below_the_charters_smallest_figure(smallest: int) -> None:
    decider = with_figures_from(smallest).decider
    state = decider.fold([*OPEN])
    told: list[QuestionEvent] = []
    for number in range(1, 15):
        for event in decider.decide(JoinQuestion(QUESTION_ID, f"{number:032x}", MONDAY), state):
            state = decider.evolve(state, event)
            told += [event]
    assert (QUESTION_COUNTED in told) == (smallest <= 10)
