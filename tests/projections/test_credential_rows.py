"""Rows of credentials: whatever ended one, it is revoked in its list; and the keys there are."""

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine

from services.promotion.projections import credentials, issuer_keys, qualifications
from shared.contracts.credential import Ended
from shared.contracts.event import Event
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.testing.examples import (
    CREDENTIAL_ALLOWED,
    CREDENTIAL_WITHDRAWN,
    ISSUER_KEY_ANNOUNCED,
    ISSUER_KEY_ENDED,
    MEMBER_ID,
    MEMBER_QUALIFIED,
    recorded,
    varied,
)

LIST, PLACE = CREDENTIAL_ALLOWED.list_id, CREDENTIAL_ALLOWED.index
MODELS = (credentials.read_model, issuer_keys.read_model, qualifications.read_model)
OTHER = varied(CREDENTIAL_ALLOWED, credential_id="f" * 32, member_id="b" * 32, index=7)


def after(engine: Engine, events: Sequence[Event]) -> None:
    prepare(engine, MODELS)
    told = [recorded(event, number) for number, event in enumerate(events, 1)]
    Projector(engine, MODELS).apply(told)


@pytest.mark.parametrize("why", Ended.__args__)  # type: ignore[attr-defined]
def test_whatever_ends_a_credential_it_is_revoked(database: Engine, why: Ended) -> None:
    after(database, [CREDENTIAL_ALLOWED, OTHER, varied(CREDENTIAL_WITHDRAWN, because=why)])
    with database.connect() as connection:
        assert credentials.revoked_in(connection, LIST) == [PLACE]
        assert credentials.revoked_in(connection, "d" * 32) is None
        (own,) = credentials.of_member(connection, MEMBER_ID)
    assert own["state"] == why


def test_a_list_in_which_nothing_is_revoked_is_a_list(database: Engine) -> None:
    after(database, [CREDENTIAL_ALLOWED])
    with database.connect() as connection:
        assert credentials.revoked_in(connection, LIST) == []


def test_keys_of_before_are_known(database: Engine) -> None:
    after(database, [ISSUER_KEY_ANNOUNCED, ISSUER_KEY_ENDED])
    with database.connect() as connection:
        (key,) = issuer_keys.known(connection)
    assert (key["public_key"], key["ended"]) == (ISSUER_KEY_ANNOUNCED.public_key, True)


def test_each_member_has_their_own_qualifications(database: Engine) -> None:
    after(database, [MEMBER_QUALIFIED, varied(MEMBER_QUALIFIED, member_id="b" * 32)])
    with database.connect() as connection:
        (own,) = qualifications.of_member(connection, MEMBER_ID)
    assert (own["member_id"], own["track"]) == (MEMBER_ID, "correspondent")
