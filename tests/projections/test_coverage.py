"""What was expected and heard in a month, and where nobody sees."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from services.intake.covered import Figures, cells, children, without_any
from services.intake.projections.coverage import read_model, within
from shared.contracts.place import EVERYWHERE
from shared.contracts.report import ReportFiled
from shared.testing.examples import (
    BEAT_ACCREDITED,
    BEAT_ENDED,
    BEAT_FELL_SILENT,
    BEAT_HEARD_AGAIN,
    BEAT_ID,
    BEAT_RESTED,
    BEAT_RESUMED,
    DAY,
    MONDAY,
    REPORT_FILED,
    ROXBURY,
    STREET_LIGHTS,
    report_id,
    varied,
)
from shared.testing.projection_spec import ProjectionSpec

FILED: ReportFiled = varied(REPORT_FILED, protected=True, filed_at=MONDAY + 4 * DAY)
AGAIN: ReportFiled = varied(FILED, report_id=report_id(9), filed_at=MONDAY + 18 * DAY)
END = date(2030, 1, 31)
LOUD = {"present": True, "held": True, "silent": False, "ever": True}


@pytest.fixture
def rows(database: Engine) -> ProjectionSpec:
    return ProjectionSpec(read_model, database)


def row(**more: object) -> dict[str, object]:
    return {"beat_id": BEAT_ID, **more}


def figures(rows: ProjectionSpec, today: date = END, month: str = "2030-01", **more: Any) -> Any:
    place, closed = more.get("place", "us.ma"), more.get("holidays", ())
    found = rows.ask(lambda connection: within(connection, place, month, today, closed))
    return found[0] if len(found) == 1 else None


def test_a_month_has_what_was_expected_and_what_was_heard(rows: ProjectionSpec) -> None:
    often = varied(BEAT_ACCREDITED, rhythm_days=7)
    rows.given(often, FILED).then(row(months='{"2030-01": [1, 0]}'))
    assert figures(rows) == Figures(ROXBURY, STREET_LIGHTS, expected=3, received=1, late=0, **LOUD)
    assert figures(rows, date(2030, 1, 20)).expected == 2, "as far as the days have come"
    assert figures(rows, holidays={date(2030, 1, day) for day in range(20, 26)}).expected == 2
    assert figures(rows, date(2030, 2, 28), "2030-02").present is False
    assert figures(rows, month="2029-12") is None, "nobody had it then"
    assert figures(rows, place="us.ny") is None
    assert figures(rows, place=EVERYWHERE) is not None


def test_days_of_rest_are_not_expected(rows: ProjectionSpec) -> None:
    days = varied(BEAT_ACCREDITED, rhythm_days=1)
    rows.given(days, BEAT_RESTED).then(row())
    assert figures(rows).expected == 25 - 3
    rows.given(days, BEAT_RESTED, BEAT_RESUMED).then(row())
    assert figures(rows).expected == 25 - 1


def test_a_silence_shows_until_something_is_heard(rows: ProjectionSpec) -> None:
    silent = (BEAT_ACCREDITED, BEAT_FELL_SILENT)
    rows.given(*silent).then(row())
    assert figures(rows).silent
    assert not figures(rows).ever
    assert not figures(rows, date(2030, 1, 21)).silent
    rows.given(*silent, AGAIN, BEAT_HEARD_AGAIN).then(row(months='{"2030-01": [1, 1]}'))
    assert (figures(rows).silent, figures(rows).late) == (False, 1)
    assert figures(rows, date(2030, 1, 24)).silent
    in_time = varied(BEAT_HEARD_AGAIN, in_time=True)
    rows.given(*silent, AGAIN, in_time).then(row(silences="[]"))
    assert figures(rows).late == 0


def test_who_has_it_no_longer_is_not_counted_on(rows: ProjectionSpec) -> None:
    rows.given(BEAT_ACCREDITED, BEAT_FELL_SILENT, BEAT_ENDED, AGAIN).then(row(months="{}"))
    assert (figures(rows).held, figures(rows).silent) == (False, False)
    assert figures(rows, date(2030, 2, 5), "2030-02") is None
    anew = varied(BEAT_ACCREDITED, since=date(2030, 1, 20), rhythm_days=2)
    rows.given(BEAT_ACCREDITED, BEAT_ENDED, anew, AGAIN).then(row(months='{"2030-01": [1, 0]}'))
    assert (figures(rows).held, figures(rows).expected) == (True, 6)


def test_reports_of_others_are_not_theirs(rows: ProjectionSpec) -> None:
    other = varied(FILED, correspondent="f" * 32)
    public = varied(FILED, protected=False)
    rows.given(BEAT_ACCREDITED, other, public).then(row(months="{}"))


def beat(place: str, **more: Any) -> Figures:
    return Figures(
        place, STREET_LIGHTS, **{"expected": 2, "received": 1, "late": 0, **LOUD, **more}
    )


def test_a_cell_is_blind_where_nobody_is_to_see_or_nobody_does() -> None:
    mute = {"present": False, "received": 0, "silent": True}
    found = [
        beat("us.a"),
        beat("us.a.x", late=1),
        beat("us.b", **mute),
        beat("us.c", **mute, ever=False),
        beat("us.d", held=False),
    ]
    lines = list(cells(["us", "us.a", "us.b", "us.c", "us.d", "us.e"], found))
    assert [each.state for each in lines] == [
        *("heard", "heard", "silent", "never heard"),
        *("no correspondent", "no correspondent"),
    ]
    whole, one, *_ = lines
    assert (whole.correspondents, whole.present, whole.reports_expected) == (5, 3, 10)
    assert (one.correspondents, one.reports_received, one.reports_on_time) == (2, 2, 1)
    assert without_any({STREET_LIGHTS: "", "trees": ""}, lines) == ["trees"]


def test_the_lines_are_the_closest_places_that_the_charter_has() -> None:
    places = ["us.ma.boston", "us.ma.boston.roxbury", "us.ny", "us.ny.albany", EVERYWHERE]
    assert children(EVERYWHERE, places) == [EVERYWHERE, "us.ma.boston", "us.ny"]
    assert children("us.ma.boston", places) == ["us.ma.boston", "us.ma.boston.roxbury"]
    assert children("us.ny.albany", places) == ["us.ny.albany"]
