"""What becomes of a member's credentials: who may allow one, and how each ends."""

import pytest

from services.promotion.domain import credential_list, issuer_key
from services.promotion.domain.credential_list import EnterCredential
from services.promotion.domain.credentials import (
    AllowCredential,
    AllowedAlreadyError,
    EndCredentials,
    NoCredentialError,
    NotQualifiedError,
    WithdrawCredential,
    category,
)
from services.promotion.domain.held import Held
from services.promotion.domain.issuer_key import (
    AnnounceIssuerKey,
    EndedKeyError,
    EndIssuerKey,
    NoKeyError,
)
from services.promotion.domain.member_state import Member
from services.promotion.reactions import REACTIONS
from shared.contracts.event import EventRef
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    CREDENTIAL_ALLOWED,
    CREDENTIAL_ENTERED,
    CREDENTIAL_WITHDRAWN,
    CREDENTIALS_CLOSED,
    DAY,
    ISSUER_KEY_ANNOUNCED,
    ISSUER_KEY_ENDED,
    MEMBER_ID,
    PERSON_ERASED,
    QUALIFICATION_LAPSED,
    QUALIFICATION_REVOKED,
    recorded,
    varied,
)

SPEC = DeciderSpec(category.decider)
LISTS = DeciderSpec(credential_list.category.decider)
KEYS = DeciderSpec(issuer_key.category.decider)
ID = CREDENTIAL_ALLOWED.credential_id
OTHER = varied(CREDENTIAL_ALLOWED, credential_id="f" * 32, track="inspector", index=7)
LATER = CREDENTIAL_ALLOWED.earned_by.sequence + 1
"""In PROMOTION, after the member had qualified."""
TAKEN_BACK = WithdrawCredential(MEMBER_ID, ID)


def asked(event: object = CREDENTIAL_ALLOWED, *tracks: str) -> AllowCredential:
    """As the member's own log lets it be decided."""
    assert category.look
    command: AllowCredential = category.look.seen(
        AllowCredential(event),  # type: ignore[arg-type]
        Member(held={each: Held("us.ma", 1, CREDENTIAL_ALLOWED.on) for each in tracks}),
    )
    return command


def test_only_who_qualified_may_allow_a_credential() -> None:
    SPEC.given().when(asked(CREDENTIAL_ALLOWED, "correspondent")).then(CREDENTIAL_ALLOWED)
    SPEC.given().when(asked(CREDENTIAL_ALLOWED, "inspector")).then_fails_with(NotQualifiedError)
    assert category.look
    assert category.look.at(asked()) == MEMBER_ID


def test_of_a_track_there_is_one_that_is_good() -> None:
    again = varied(CREDENTIAL_ALLOWED, credential_id="e" * 32, on=CREDENTIAL_ALLOWED.until - DAY)
    allow = asked(again, "correspondent")
    SPEC.given(CREDENTIAL_ALLOWED).when(allow).then_fails_with(AllowedAlreadyError)
    SPEC.given(CREDENTIAL_ALLOWED, CREDENTIAL_WITHDRAWN).when(allow).then(again)
    later = varied(again, on=CREDENTIAL_ALLOWED.until)
    SPEC.given(CREDENTIAL_ALLOWED).when(asked(later, "correspondent")).then(later)


def test_what_is_taken_back_never_comes_again() -> None:
    SPEC.given(CREDENTIAL_ALLOWED).when(TAKEN_BACK).then(CREDENTIAL_WITHDRAWN)
    ended = SPEC.given(CREDENTIAL_ALLOWED, CREDENTIAL_WITHDRAWN)
    ended.when(TAKEN_BACK).then()
    ended.when(asked(CREDENTIAL_ALLOWED, "correspondent")).then()


def test_nobody_takes_back_what_is_not_theirs() -> None:
    SPEC.given(OTHER).when(TAKEN_BACK).then_fails_with(NoCredentialError)


def test_who_loses_a_qualification_loses_its_credential_alone() -> None:
    """The reaction says so, of each end."""
    ended = next(each for each in REACTIONS if each.name == "qualifications-ended")
    for event, why in ((QUALIFICATION_LAPSED, "lapsed"), (QUALIFICATION_REVOKED, "revoked")):
        assert type(event) in ended.handles
        (ask,) = ended.asks(recorded(event, LATER))
        assert ask.command == EndCredentials(MEMBER_ID, why, LATER, "correspondent")  # type: ignore[arg-type]
        closed = varied(CREDENTIALS_CLOSED, because=why, track="correspondent", before=LATER)
        gone = varied(CREDENTIAL_WITHDRAWN, because=why)
        SPEC.given(CREDENTIAL_ALLOWED, OTHER).when(ask.command).then(closed, gone)
        SPEC.given(OTHER).when(ask.command).then(closed)


def test_a_consent_that_was_under_way_when_a_qualification_ended_is_refused() -> None:
    """Whoever decides it had looked at the member before, so it says that they qualify."""
    closed = varied(CREDENTIALS_CLOSED, because="lapsed", track="correspondent", before=LATER)
    allow = asked(CREDENTIAL_ALLOWED, "correspondent")
    SPEC.given(closed).when(allow).then_fails_with(NotQualifiedError)
    other = varied(closed, track="inspector")
    SPEC.given(other).when(allow).then(CREDENTIAL_ALLOWED)
    again = EventRef(id="e" * 32, stream="PROMOTION", sequence=LATER + 1)
    anew = varied(CREDENTIAL_ALLOWED, earned_by=again)
    SPEC.given(closed).when(asked(anew, "correspondent")).then(anew)


def test_who_was_erased_allows_nothing_with_a_slip_from_before() -> None:
    """Also who had no credential that could have been ended."""
    end = EndCredentials(MEMBER_ID, "erased", LATER)
    closed = varied(CREDENTIALS_CLOSED, before=LATER)
    SPEC.given().when(end).then(closed)
    late = EventRef(id="e" * 32, stream="PROMOTION", sequence=LATER + 1)
    allow = asked(varied(CREDENTIAL_ALLOWED, earned_by=late), "correspondent")
    SPEC.given(closed).when(allow).then_fails_with(NotQualifiedError)


def test_who_is_erased_has_none_any_more() -> None:
    erased = varied(PERSON_ERASED, person_id=MEMBER_ID)
    (of_intake, *_), both = REACTIONS, (CREDENTIAL_ALLOWED, OTHER)
    assert type(erased) in of_intake.handles
    (ask,) = of_intake.asks(recorded(erased, 9))
    assert ask.command == EndCredentials(MEMBER_ID, "erased", 9)
    ends = [
        varied(CREDENTIAL_WITHDRAWN, because="erased", credential_id=each.credential_id)
        for each in both
    ]
    SPEC.given(*both).when(ask.command).then(CREDENTIALS_CLOSED, *ends)


def test_a_place_in_a_list_is_given_once() -> None:
    entering = EnterCredential(CREDENTIAL_ENTERED.list_id, ID)
    first = varied(CREDENTIAL_ENTERED, index=int(ID[:8], 16) % credential_list.LENGTH)
    LISTS.given().when(entering).then(first)
    alike = EnterCredential(CREDENTIAL_ENTERED.list_id, ID[:8] + "0" * 24)
    second = varied(first, credential_id=alike.credential_id, index=first.index + 1)
    LISTS.given(first).when(alike).then(second)


@pytest.mark.parametrize("before", [(), (ISSUER_KEY_ANNOUNCED,)])
def test_a_key_is_announced_once(before: tuple[object, ...]) -> None:
    then = () if before else (ISSUER_KEY_ANNOUNCED,)
    KEYS.given(*before).when(AnnounceIssuerKey(ISSUER_KEY_ANNOUNCED)).then(*then)


def test_a_key_that_was_ended_signs_no_more() -> None:
    end = EndIssuerKey(ISSUER_KEY_ENDED)
    KEYS.given().when(end).then_fails_with(NoKeyError)
    KEYS.given(ISSUER_KEY_ANNOUNCED).when(end).then(ISSUER_KEY_ENDED)
    ended = KEYS.given(ISSUER_KEY_ANNOUNCED, ISSUER_KEY_ENDED)
    ended.when(AnnounceIssuerKey(ISSUER_KEY_ANNOUNCED)).then_fails_with(EndedKeyError)
