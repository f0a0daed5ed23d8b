"""While rows are made anew no ended key is good, and nothing that was revoked."""

import pytest
from sqlalchemy import Engine, update

from services.promotion.projections import issuer_keys
from services.promotion.projections.whole import NotWholeError, Whole
from shared.eventsourcing.projections import serving
from shared.eventsourcing.projections.checkpoints import checkpoints
from shared.testing.examples import ISSUER_KEY_ANNOUNCED, ISSUER_KEY_ENDED
from shared.testing.projection_spec import ProjectionSpec

MODEL = issuer_keys.read_model


def test_keys_are_told_only_from_rows_that_have_come_as_far_as_they_were(database: Engine) -> None:
    spec = ProjectionSpec(MODEL, database)
    whole = Whole()
    ask = whole.asks(MODEL, issuer_keys.known)
    (row,) = spec.given(ISSUER_KEY_ANNOUNCED, ISSUER_KEY_ENDED).ask(ask)
    assert row["ended"]
    assert whole.goal == 2
    with pytest.raises(NotWholeError):
        spec.given(ISSUER_KEY_ANNOUNCED).ask(ask)
    assert len(spec.given(ISSUER_KEY_ANNOUNCED, ISSUER_KEY_ENDED).ask(ask)) == 1


def test_nor_from_rows_that_are_not_as_far_as_the_log_was_at_the_start(database: Engine) -> None:
    spec = ProjectionSpec(MODEL, database)
    ask = Whole(goal=3).asks(MODEL, issuer_keys.known)
    with pytest.raises(NotWholeError):
        spec.given(ISSUER_KEY_ANNOUNCED, ISSUER_KEY_ENDED).ask(ask)
    with database.begin() as connection:
        connection.execute(update(checkpoints).values(sequence=3))
    with database.connect() as connection:
        assert len(ask(connection)) == 1


def test_nor_from_rows_that_are_not_shown(database: Engine) -> None:
    spec = ProjectionSpec(MODEL, database).given(ISSUER_KEY_ANNOUNCED)
    ask = Whole().asks(MODEL, issuer_keys.known)
    assert len(spec.ask(ask)) == 1
    with database.begin() as connection:
        serving.withdraw(connection, MODEL.name)
    with database.connect() as connection, pytest.raises(NotWholeError):
        ask(connection)
