"""Reports whose points are near one another are likely the same, and sealed points tell nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from services.intake.projections import points, reports
from services.intake.projections.alike import Sought, alike, neighbours
from shared.contracts.point import Point, written
from shared.contracts.report import ReportFiled
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.projections.read_model import Row
from shared.testing.examples import (
    DAY,
    DORCHESTER,
    GRAFFITI,
    MONDAY,
    REPORT_FILED,
    ROXBURY,
    STREET_LIGHTS,
    recorded,
    report_id,
    varied,
)

MODELS = (points.read_model, reports.read_model)
HERE = Point(42.33, -71.09)
WITHIN = 90 * DAY
A_METRE = 1 / 111_320


def filed(number: int, north_m: float, **more: Any) -> ReportFiled:
    point = written(Point(HERE.latitude + north_m * A_METRE, HERE.longitude))
    known = {"report_id": report_id(number), "source_id": str(number), "text": "", "point": point}
    return varied(REPORT_FILED, **{"place": DORCHESTER, **known, **more})  # type: ignore[no-any-return]


def sought(**more: Any) -> Sought:
    return Sought(ROXBURY, STREET_LIGHTS, MONDAY, WITHIN, **more)


Ask = Callable[..., list[Row]]


@pytest.fixture
def told(database: Engine) -> Callable[..., Ask]:
    def given(*events: ReportFiled) -> Ask:
        prepare(database, MODELS)
        projector = Projector(database, MODELS)
        projector.begin()
        projector.write([recorded(event, at) for at, event in enumerate(events, 1)], len(events))

        def ask(query: Callable[..., list[Row]], *asked: Any) -> list[Row]:
            with database.connect() as connection:
                return query(connection, *asked)

        return ask

    return given


def ids(rows: list[Row]) -> list[str]:
    return [row["report_id"] for row in rows]


def test_what_is_within_250_m_is_near_also_in_the_place_beside_it(told: Any) -> None:
    ask = told(
        filed(1, 240),
        filed(2, 20, filed_at=MONDAY - 3 * DAY),
        filed(3, 260),
        filed(4, 20, sector=GRAFFITI),
        filed(5, 20, filed_at=MONDAY - 91 * DAY),
        filed(6, 9_000, place=ROXBURY),
        filed(7, 0, place=ROXBURY, point="", filed_at=MONDAY - DAY),
    )
    found = ask(alike, sought(point=HERE))
    assert ids(found) == [report_id(each) for each in (2, 1, 6, 7)], "the nearest first"
    assert [row["metres"] and round(row["metres"]) for row in found] == [20, 240, None, None]
    assert ids(ask(alike, sought())) == [report_id(6), report_id(7)]


def test_of_sealed_points_there_is_no_row_also_where_they_could_be_read(told: Any) -> None:
    ask = told(
        filed(1, 20, confidential=True),
        filed(2, 20, protected=True),
        filed(3, 20, point="(sealed)"),
        filed(4, 20),
    )
    assert ids(ask(alike, sought(point=HERE))) == [report_id(4)]
    near = ask(neighbours, report_id(1), WITHIN)
    assert all(row["metres"] is None for row in near), "nor is asked by what is sealed"


def test_who_is_not_of_the_staff_finds_points_only_as_closely_as_they_are_told(told: Any) -> None:
    ask = told(filed(1, 0))
    for north in range(-700, 700, 50):
        asked = Point(HERE.latitude + 0.0004 + north * A_METRE, HERE.longitude)
        ask_exactly = ids(ask(alike, sought(point=asked)))
        roughly = ids(ask(alike, sought(point=asked, public=True, decimals=2)))
        there = Point(*HERE).rounded(2)
        assert (roughly != []) == (asked.metres_to(there) <= 250)
        assert (ask_exactly != []) == (asked.metres_to(HERE) <= 250)
