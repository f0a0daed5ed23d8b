"""Checkings in which somebody found something, the last first."""

from sqlalchemy import Engine

from services.intake.projections import findings
from shared.testing.examples import (
    CHECKING_ID,
    CHECKING_OPENED,
    DAY,
    FINDING_CONFLICTED,
    FINDING_GIVEN,
    FINDING_PICTURED,
    varied,
)
from shared.testing.projection_spec import ProjectionSpec


def test_how_many_findings_and_when_the_last_came(database: Engine) -> None:
    spec = ProjectionSpec(findings.read_model, database)
    own, at = {"checking_id": CHECKING_ID}, FINDING_GIVEN.given_at
    spec.given(CHECKING_OPENED).then()
    spec.given(FINDING_GIVEN, FINDING_PICTURED).then(own | {"findings": 1, "at": at})
    later = varied(FINDING_CONFLICTED, given_at=at + DAY)
    spec.given(FINDING_GIVEN, later).then(own | {"findings": 2, "at": at + DAY})
