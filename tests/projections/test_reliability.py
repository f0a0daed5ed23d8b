"""The share of a correspondent's reports that proved right, by sector, with a prior."""

import pytest
from sqlalchemy import Engine

from services.intake.projections.reliability import Prior, Share, read_model, shares
from shared.testing.examples import (
    GRAFFITI,
    MEMBER_ID,
    REPORT_CONFIRMED,
    REPORT_FILED,
    REPORT_REFUTED,
    STREET_LIGHTS,
    report_id,
    varied,
)
from shared.testing.projection_spec import ProjectionSpec

FILED = varied(REPORT_FILED, protected=True)
CONFIRMED = varied(REPORT_CONFIRMED, protected=True)
OTHER = {"report_id": report_id(7), "protected": True}
LIGHTS = f"{MEMBER_ID} {STREET_LIGHTS}"


@pytest.fixture
def rows(database: Engine) -> ProjectionSpec:
    return ProjectionSpec(read_model, database)


def told(rows: ProjectionSpec, prior: Prior | None = None) -> dict[tuple[str, str], Share]:
    return rows.ask(lambda connection: shares(connection, [MEMBER_ID], prior or Prior()))


def test_reports_are_counted_by_sector(rows: ProjectionSpec) -> None:
    refuted = varied(REPORT_REFUTED, **OTHER, sector=GRAFFITI)
    filed = varied(FILED, **OTHER, sector=GRAFFITI)
    rows.given(FILED, CONFIRMED, filed, refuted).then(
        {"known_as": LIGHTS, "filed": 1, "confirmed": 1, "refuted": 0},
        {"known_as": f"{MEMBER_ID} {GRAFFITI}", "filed": 1, "confirmed": 0, "refuted": 1},
    )
    found = told(rows)
    assert found[MEMBER_ID, STREET_LIGHTS] == Share(1, 1, 1, 2 / 3), "one report is no 100 %"
    assert found[MEMBER_ID, GRAFFITI].share == 1 / 3
    assert told(rows, Prior(3, 4))[MEMBER_ID, STREET_LIGHTS].share == 4 / 5


def test_who_was_not_settled_yet_is_as_good_as_the_prior(rows: ProjectionSpec) -> None:
    rows.given(FILED).then({"known_as": LIGHTS, "filed": 1, "confirmed": 0, "refuted": 0})
    assert told(rows)[MEMBER_ID, STREET_LIGHTS] == Share(1, 0, 0, 0.5)


def test_nobody_is_counted_in_public_data_and_nobody_without_a_name(rows: ProjectionSpec) -> None:
    rows.given(REPORT_FILED, REPORT_CONFIRMED, varied(FILED, correspondent=None)).then()
    assert told(rows) == {}
