"""Of which reports something was said under their codes, and who spoke last."""

from sqlalchemy import Engine

from services.intake.projections import exchanges
from shared.testing.examples import (
    DAY,
    INQUIRY_MADE,
    MONDAY,
    REPLY_GIVEN,
    REPORT_FILED,
    REPORT_ID,
    varied,
)
from shared.testing.projection_spec import ProjectionSpec


def test_who_spoke_last_and_how_often(database: Engine) -> None:
    spec = ProjectionSpec(exchanges.read_model, database)
    own = {"report_id": REPORT_ID}
    spec.given(REPORT_FILED).then()
    asked = own | {"last": "inquiry", "at": MONDAY + DAY, "inquiries": 1, "replies": 0}
    spec.given(REPORT_FILED, INQUIRY_MADE).then(asked)
    replied = own | {"last": "reply", "at": MONDAY + 2 * DAY, "inquiries": 1, "replies": 2}
    spec.given(INQUIRY_MADE, varied(REPLY_GIVEN, given_at=MONDAY), REPLY_GIVEN).then(replied)
