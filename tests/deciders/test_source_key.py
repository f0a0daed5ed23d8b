"""How a source's key is given, replaced and revoked."""

import pytest

from services.intake.domain.source_key import (
    GiveSourceKey,
    NoSourceKeyError,
    ReplaceSourceKey,
    RevokeSourceKey,
    SourceKeyRevokedError,
    SourceKeyTakenError,
    category,
)
from shared.contracts.source_key_form import RANDOM, SIGNS, digest_of, is_whole, written
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    SOURCE_KEY_GIVEN,
    SOURCE_KEY_REPLACED,
    SOURCE_KEY_REVOKED,
    varied,
)

SPEC = DeciderSpec(category.decider)


def test_it_is_given_replaced_and_revoked() -> None:
    SPEC.given().when(GiveSourceKey(SOURCE_KEY_GIVEN)).then(SOURCE_KEY_GIVEN)
    given = SPEC.given(SOURCE_KEY_GIVEN)
    given.when(ReplaceSourceKey(SOURCE_KEY_REPLACED)).then(SOURCE_KEY_REPLACED)
    given.when(RevokeSourceKey(SOURCE_KEY_REVOKED)).then(SOURCE_KEY_REVOKED)


def test_nothing_happens_to_a_key_that_was_never_given() -> None:
    for command in (ReplaceSourceKey(SOURCE_KEY_REPLACED), RevokeSourceKey(SOURCE_KEY_REVOKED)):
        SPEC.given().when(command).then_fails_with(NoSourceKeyError)


def test_under_one_id_there_is_one_key() -> None:
    another = GiveSourceKey(varied(SOURCE_KEY_GIVEN, source="chicago"))
    SPEC.given(SOURCE_KEY_GIVEN).when(another).then_fails_with(SourceKeyTakenError)


def test_a_revoked_one_stays_revoked() -> None:
    revoked = SPEC.given(SOURCE_KEY_GIVEN, SOURCE_KEY_REVOKED)
    revoked.when(ReplaceSourceKey(SOURCE_KEY_REPLACED)).then_fails_with(SourceKeyRevokedError)
    revoked.when(RevokeSourceKey(SOURCE_KEY_REVOKED)).then_nothing_happens()
    revoked.when(GiveSourceKey(SOURCE_KEY_GIVEN)).then_nothing_happens()


def test_a_former_one_does_not_come_back() -> None:
    back = ReplaceSourceKey(varied(SOURCE_KEY_REPLACED, digest=SOURCE_KEY_GIVEN.digest))
    SPEC.given(SOURCE_KEY_GIVEN, SOURCE_KEY_REPLACED).when(back).then_nothing_happens()


@pytest.mark.parametrize("place", range(len("tribune_") + RANDOM + 6))
def test_a_key_that_lost_or_changed_a_sign_is_no_key(place: int) -> None:
    key = written((SIGNS * 2)[7 : 7 + RANDOM])
    assert is_whole(key)
    assert len(digest_of(key)) == 64
    changed = SIGNS[(SIGNS.find(key[place]) + 1) % len(SIGNS)]
    assert not is_whole(key[:place] + changed + key[place + 1 :])
    assert not is_whole(key[:place] + key[place + 1 :])
    assert not is_whole(f"{key}\n")
