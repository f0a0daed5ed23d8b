"""Who has to say yes to a privileged act."""

from services.promotion.domain.act import (
    AboutThemselvesError,
    AllowAct,
    DeclineAct,
    NoActError,
    ProposeAct,
    SamePersonError,
    SettledError,
    SupportAct,
    UnsupportedError,
    category,
)
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    ACT_ALLOWED,
    ACT_DECLINED,
    ACT_PROPOSED,
    ACT_SUPPORTED,
    LOGIN_ID,
    MONDAY,
    OPERATOR_ID,
    SECOND_ID,
    varied,
)

SPEC = DeciderSpec(category.decider)
ACT = ACT_PROPOSED.act_id
ALONE = varied(ACT_PROPOSED, second_person=False)
OF_NOBODY = varied(ACT_PROPOSED, by=None)
SUPPORT = SupportAct(ACT, OPERATOR_ID, MONDAY)
ALLOW, DECLINE = AllowAct(ACT, SECOND_ID, MONDAY), DeclineAct(ACT, SECOND_ID, ACT_DECLINED.reason)


def test_what_one_may_do_alone_is_allowed_at_once() -> None:
    allowed = varied(ACT_ALLOWED, by=OPERATOR_ID)
    SPEC.given().when(ProposeAct(ALONE)).then(ALONE, allowed)


def test_what_needs_two_waits_for_the_second() -> None:
    SPEC.given().when(ProposeAct(ACT_PROPOSED)).then(ACT_PROPOSED)
    SPEC.given(ACT_PROPOSED).when(ALLOW).then(ACT_ALLOWED)
    SPEC.given(ACT_PROPOSED).when(DECLINE).then(ACT_DECLINED)


def test_nobody_is_the_second_person_of_their_own_act() -> None:
    SPEC.given(ACT_PROPOSED).when(AllowAct(ACT, OPERATOR_ID, MONDAY)).then_fails_with(
        SamePersonError
    )


def test_nobody_allows_what_is_done_to_themselves() -> None:
    SPEC.given(ACT_PROPOSED).when(AllowAct(ACT, LOGIN_ID, MONDAY)).then_fails_with(
        AboutThemselvesError
    )


def test_who_asked_may_take_it_back() -> None:
    declined = varied(ACT_DECLINED, by=OPERATOR_ID)
    mine = DeclineAct(ACT, OPERATOR_ID, declined.reason)
    SPEC.given(ACT_PROPOSED).when(mine).then(declined)


def test_what_is_settled_is_not_settled_again() -> None:
    SPEC.given(ACT_PROPOSED, ACT_ALLOWED).when(DECLINE).then_fails_with(SettledError)
    SPEC.given(ACT_PROPOSED, ACT_DECLINED).when(ALLOW).then_fails_with(SettledError)


def test_nobody_allows_what_nobody_asked_for() -> None:
    SPEC.given().when(ALLOW).then_fails_with(NoActError)


def test_what_nobody_in_particular_asked_for_two_people_allow() -> None:
    """Whoever has the command line may be one of them, and is not known by it."""
    SPEC.given(OF_NOBODY).when(ALLOW).then_fails_with(UnsupportedError)
    SPEC.given(OF_NOBODY).when(SUPPORT).then(ACT_SUPPORTED)
    supported = SPEC.given(OF_NOBODY, ACT_SUPPORTED)
    supported.when(ALLOW).then(ACT_ALLOWED)
    supported.when(AllowAct(ACT, OPERATOR_ID, MONDAY)).then_fails_with(SamePersonError)
    supported.when(SUPPORT).then()
    supported.when(SupportAct(ACT, SECOND_ID, MONDAY)).then_fails_with(SettledError)
    supported.when(DECLINE).then(ACT_DECLINED)


def test_nobody_says_the_first_yes_to_what_is_done_to_themselves_or_is_settled() -> None:
    SPEC.given(OF_NOBODY).when(SupportAct(ACT, LOGIN_ID, MONDAY)).then_fails_with(
        AboutThemselvesError
    )
    SPEC.given(OF_NOBODY, ACT_DECLINED).when(SUPPORT).then_fails_with(SettledError)
    SPEC.given(ACT_PROPOSED).when(SupportAct(ACT, SECOND_ID, MONDAY)).then_fails_with(SettledError)
