"""Rows of credentials: whatever ended one, it is revoked in its list; and the keys there are."""

from functools import partial
from typing import get_args

import pytest
from sqlalchemy import Engine

from services.promotion.projections import credentials, issuer_keys, qualifications
from shared.contracts.credential import Ended
from shared.testing.examples import (
    CREDENTIAL_ALLOWED,
    CREDENTIAL_WITHDRAWN,
    ISSUER_KEY_ANNOUNCED,
    ISSUER_KEY_ENDED,
    MEMBER_ID,
    MEMBER_QUALIFIED,
    varied,
)
from shared.testing.projection_spec import ProjectionSpec

LIST, PLACE = CREDENTIAL_ALLOWED.list_id, CREDENTIAL_ALLOWED.index
ID, OTHERS = CREDENTIAL_ALLOWED.credential_id, "f" * 32
OTHER = varied(CREDENTIAL_ALLOWED, credential_id=OTHERS, member_id="b" * 32, index=7)


@pytest.mark.parametrize("why", get_args(Ended))
def test_whatever_ends_a_credential_it_is_revoked(database: Engine, why: Ended) -> None:
    ended = varied(CREDENTIAL_WITHDRAWN, because=why)
    spec = ProjectionSpec(credentials.read_model, database)
    spec = spec.given(CREDENTIAL_ALLOWED, OTHER, ended)
    good = {"credential_id": OTHERS, "state": credentials.GOOD, "place": 7}
    spec.then({"credential_id": ID, "state": why, "place": PLACE}, good)
    assert spec.ask(partial(credentials.revoked_in, list_id=LIST)) == [PLACE]
    assert spec.ask(partial(credentials.revoked_in, list_id="d" * 32)) is None
    (own,) = spec.ask(partial(credentials.of_member, member_id=MEMBER_ID))
    assert own["credential_id"] == ID


def test_a_list_in_which_nothing_is_revoked_is_a_list(database: Engine) -> None:
    spec = ProjectionSpec(credentials.read_model, database).given(CREDENTIAL_ALLOWED)
    assert spec.ask(partial(credentials.revoked_in, list_id=LIST)) == []


def test_keys_of_before_are_known_with_those_that_ended(database: Engine) -> None:
    later = varied(ISSUER_KEY_ANNOUNCED, key_id="1" * 32)
    spec = ProjectionSpec(issuer_keys.read_model, database)
    spec = spec.given(ISSUER_KEY_ANNOUNCED, later, ISSUER_KEY_ENDED)
    old = {"key_id": ISSUER_KEY_ANNOUNCED.key_id, "ended": True}
    spec.then(old, {"key_id": "1" * 32, "ended": False})
    assert [row["key_id"] for row in spec.ask(issuer_keys.known)] == [old["key_id"], "1" * 32]


def test_each_member_has_their_own_qualifications(database: Engine) -> None:
    spec = ProjectionSpec(qualifications.read_model, database)
    spec = spec.given(MEMBER_QUALIFIED, varied(MEMBER_QUALIFIED, member_id="b" * 32))
    (own,) = spec.ask(partial(qualifications.of_member, member_id=MEMBER_ID))
    assert (own["member_id"], own["track"]) == (MEMBER_ID, "correspondent")
