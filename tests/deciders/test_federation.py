"""A society is in a federation once both want it, and either of them ends it."""

import pytest

from services.promotion.domain.federation import (
    AdmitToFederation,
    AskFederation,
    InItselfError,
    LeaveFederation,
    NotAskedError,
    PartFromFederation,
    TooManyFederationsError,
)
from services.promotion.domain.society import category
from services.promotion.domain.society_kept import dump, load
from services.promotion.domain.society_registered import OfRegisterError
from services.promotion.domain.society_rules import DissolvedError, NotForThemError
from shared.contracts.society import MOST_FEDERATIONS
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    EDITOR_ID,
    FEDERATION_ASKED,
    FEDERATION_ID,
    FEDERATION_JOINED,
    FEDERATION_LEFT,
    FOUNDER_ID,
    MONDAY,
    REGISTRATION_ID,
    SECOND_ID,
    SOCIETY_DISSOLVED,
    SOCIETY_FOUNDED,
    SOCIETY_ID,
    SOCIETY_JOINED,
    SOCIETY_REGISTERED,
    varied,
)

SPEC = DeciderSpec(category.decider)
FOUNDED, ASKED, JOINED, LEFT = SOCIETY_FOUNDED, FEDERATION_ASKED, FEDERATION_JOINED, FEDERATION_LEFT
ASK = AskFederation(SOCIETY_ID, FOUNDER_ID, MONDAY, FEDERATION_ID)
ADMIT = AdmitToFederation(SOCIETY_ID, EDITOR_ID, MONDAY, FEDERATION_ID)
LEAVE = LeaveFederation(SOCIETY_ID, FOUNDER_ID, MONDAY, FEDERATION_ID)
PART = PartFromFederation(SOCIETY_ID, EDITOR_ID, MONDAY, FEDERATION_ID)


def test_it_asks_and_is_admitted() -> None:
    SPEC.given(FOUNDED).when(ASK).then(ASKED)
    SPEC.given(FOUNDED, ASKED).when(ADMIT).then(JOINED)
    SPEC.given(FOUNDED, ASKED, JOINED).when(ASK).then_nothing_happens()


def test_no_society_is_made_a_member_that_did_not_ask() -> None:
    SPEC.given(FOUNDED).when(ADMIT).then_fails_with(NotAskedError)
    SPEC.given(FOUNDED, ASKED, LEFT).when(ADMIT).then_fails_with(NotAskedError)


@pytest.mark.parametrize("known", [(ASKED,), (ASKED, JOINED)])
def test_either_of_them_ends_it(known: tuple[object, ...]) -> None:
    SPEC.given(FOUNDED, *known).when(LEAVE).then(LEFT)
    SPEC.given(FOUNDED, *known).when(PART).then(varied(LEFT, by=EDITOR_ID))
    SPEC.given(FOUNDED, *known, LEFT).when(LEAVE).then_nothing_happens()
    SPEC.given(FOUNDED).when(PART).then_nothing_happens()


def test_who_has_no_office_asks_nobody() -> None:
    ask = AskFederation(SOCIETY_ID, SECOND_ID, MONDAY, FEDERATION_ID)
    SPEC.given(FOUNDED, SOCIETY_JOINED).when(ask).then_fails_with(NotForThemError)


def test_none_is_in_itself_nor_in_too_many_nor_once_it_has_ended() -> None:
    itself = AskFederation(SOCIETY_ID, FOUNDER_ID, MONDAY, SOCIETY_ID)
    SPEC.given(FOUNDED).when(itself).then_fails_with(InItselfError)
    many = [varied(ASKED, federation_id=f"{number:032x}") for number in range(MOST_FEDERATIONS)]
    SPEC.given(FOUNDED, *many).when(ASK).then_fails_with(TooManyFederationsError)
    for command in (ASK, ADMIT):
        given = SPEC.given(FOUNDED, ASKED, SOCIETY_DISSOLVED)
        given.when(command).then_fails_with(DissolvedError)


def test_of_which_one_is_that_a_register_told_is_what_the_register_says() -> None:
    joined = varied(SOCIETY_JOINED, society_id=REGISTRATION_ID)
    ask = AskFederation(REGISTRATION_ID, SECOND_ID, MONDAY, "c" * 32)
    SPEC.given(SOCIETY_REGISTERED, joined).when(ask).then_fails_with(OfRegisterError)
    state = category.decider.fold([SOCIETY_REGISTERED])
    assert state.all_federations == {FEDERATION_ID}


def test_they_are_kept_beside_the_log() -> None:
    other = varied(ASKED, federation_id="d" * 32)
    state = category.decider.fold([FOUNDED, ASKED, JOINED, other])
    assert load(dump(state)) == state
    assert (state.federations, state.asked) == ({FEDERATION_ID}, {"d" * 32})
