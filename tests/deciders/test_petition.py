"""A petition: so many who were known in its place oblige to an answer, each once."""

from dataclasses import replace

from services.promotion.domain.home import SayHome
from services.promotion.domain.home import category as homes
from services.promotion.domain.petition import (
    AnswerPetition,
    EndPetition,
    ForgetStarter,
    HidePetition,
    NoteOwed,
    SignPetition,
    StartPetition,
    WithdrawSignature,
    category,
)
from services.promotion.domain.petition_rules import (
    AnsweredError,
    LapsedError,
    NewcomerError,
    NoPetitionError,
    NotOfThePlaceError,
    NotReachedError,
)
from services.promotion.domain.petition_state import Petition
from shared.contracts.petition import (
    AnswerOwed,
    PetitionAnswered,
    PetitionCounted,
    PetitionEvent,
    PetitionHidden,
    PetitionLapsed,
    PetitionReached,
    PetitionSigned,
    SignatureWithdrawn,
    StarterForgotten,
)
from shared.contracts.values import Id
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    DAY,
    HOME_SAID,
    MONDAY,
    PETITION_ID,
    PETITION_STARTED,
    ROXBURY,
)

NEEDS = 12
SINCE = PETITION_STARTED.known_since
THEN = MONDAY + 3 * DAY
COMMON = {"petition_id": PETITION_ID, "place": ROXBURY, "at": THEN}
REACHED = PetitionReached(
    **COMMON,
    sector=PETITION_STARTED.sector,
    owner=PETITION_STARTED.owner,
    task=PETITION_STARTED.task,
    answer_days=PETITION_STARTED.answer_days,
)
ANSWERED = PetitionAnswered(**COMMON, by="e" * 32, words="f" * 32)
LAPSED = PetitionLapsed(**COMMON | {"at": MONDAY + 61 * DAY})

petition = DeciderSpec(category.decider)


def who(number: int) -> Id:
    return f"{number:032x}"


def signed(number: int) -> PetitionSigned:
    return PetitionSigned(**COMMON, member_id=who(number))


def signs(number: int, **other: object) -> SignPetition:
    return replace(SignPetition(PETITION_ID, who(number), THEN, ROXBURY, SINCE), **other)


ALMOST: list[PetitionEvent] = [PETITION_STARTED, *map(signed, range(NEEDS - 1))]
FULL = [*ALMOST, signed(NEEDS - 1), REACHED]


def test_the_last_that_it_needs_obliges_to_an_answer_once() -> None:
    petition.given(*ALMOST).when(signs(NEEDS - 1)).then(signed(NEEDS - 1), REACHED)
    counted = PetitionCounted(**COMMON, at_least=10)
    petition.given(*FULL).when(signs(NEEDS)).then(signed(NEEDS), counted)


def test_who_was_not_known_there_before_it_began_does_not_sign() -> None:
    given = petition.given(PETITION_STARTED)
    given.when(signs(1, known_since=SINCE)).then(signed(1))
    given.when(signs(1, known_since=SINCE + DAY / 1000)).then_fails_with(NewcomerError)
    given.when(signs(1, home="us.ma.boston")).then_fails_with(NotOfThePlaceError)
    given.when(signs(1, home=f"{ROXBURY}x")).then_fails_with(NotOfThePlaceError)
    given.when(signs(1, home=f"{ROXBURY}.fort-hill")).then(signed(1))


def test_who_withdraws_after_it_was_reached_takes_no_answer_away() -> None:
    withdraw = WithdrawSignature(PETITION_ID, who(0), THEN)
    gone = SignatureWithdrawn(**COMMON, member_id=who(0))
    petition.given(*FULL).when(withdraw).then(gone)
    petition.given(*FULL, gone).when(signs(0)).then(signed(0))
    owed = NoteOwed(PETITION_ID, THEN + 30 * DAY, THEN)
    petition.given(*FULL, gone).when(owed).then(AnswerOwed(**COMMON, due_at=THEN + 30 * DAY))
    petition.given(PETITION_STARTED).when(withdraw).then()


def test_its_term_ends_what_did_not_reach_it_and_nothing_else() -> None:
    end, late = EndPetition(PETITION_ID, MONDAY + 61 * DAY), MONDAY + 61 * DAY
    petition.given(*ALMOST).when(end).then(LAPSED)
    petition.given(*ALMOST).when(replace(end, at=PETITION_STARTED.until)).then()
    petition.given(*FULL).when(end).then()
    petition.given(*ALMOST).when(signs(NEEDS, at=late)).then_fails_with(LapsedError)
    petition.given(*ALMOST, LAPSED).when(signs(NEEDS)).then_fails_with(LapsedError)
    more = PetitionSigned(**COMMON | {"at": late}, member_id=who(NEEDS))
    counted = PetitionCounted(**COMMON | {"at": late}, at_least=10)
    petition.given(*FULL).when(signs(NEEDS, at=late)).then(more, counted)


def test_it_is_answered_once_it_was_reached_and_again_where_that_was_refuted() -> None:
    answer = AnswerPetition(PETITION_ID, "e" * 32, THEN, "f" * 32)
    petition.given(*ALMOST).when(answer).then_fails_with(NotReachedError)
    petition.given(*FULL).when(answer).then(ANSWERED)
    again = ANSWERED.model_copy(update={"words": "d" * 32})
    petition.given(*FULL, ANSWERED).when(replace(answer, words="d" * 32)).then(again)
    petition.given(*FULL, ANSWERED).when(signs(NEEDS)).then_fails_with(AnsweredError)
    withdraw = WithdrawSignature(PETITION_ID, who(0), THEN)
    petition.given(*FULL, ANSWERED).when(withdraw).then_fails_with(AnsweredError)


def test_hidden_words_take_no_answer_away() -> None:
    hide = HidePetition(PETITION_ID, "e" * 32, THEN, "It insults somebody")
    hidden = PetitionHidden(**COMMON, by="e" * 32, reason="It insults somebody")
    petition.given(PETITION_STARTED).when(hide).then(hidden)
    petition.given(*ALMOST, hidden).when(signs(NEEDS - 1)).then(signed(NEEDS - 1), REACHED)


def test_who_started_it_is_forgotten_and_it_goes_on() -> None:
    forgotten = StarterForgotten(**COMMON, member_id=PETITION_STARTED.by)
    petition.given(PETITION_STARTED).when(ForgetStarter(PETITION_ID, THEN)).then(forgotten)
    petition.given(*ALMOST, forgotten).when(signs(NEEDS - 1)).then(signed(NEEDS - 1), REACHED)


def test_of_one_that_is_not_there_nothing_is_decided() -> None:
    petition.given().when(StartPetition(PETITION_STARTED)).then(PETITION_STARTED)
    petition.given().when(signs(1)).then_fails_with(NoPetitionError)
    assert category.kept
    assert category.kept.load(category.kept.dump(Petition())) == Petition()


def test_a_home_is_said_once_until_it_is_another() -> None:
    home = DeciderSpec(homes.decider)
    home.given().when(SayHome(HOME_SAID)).then(HOME_SAID)
    later = HOME_SAID.model_copy(update={"at": THEN})
    home.given(HOME_SAID).when(SayHome(later)).then()
    moved = later.model_copy(update={"place": "us.ma.boston"})
    home.given(HOME_SAID).when(SayHome(moved)).then(moved)
