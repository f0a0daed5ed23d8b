"""Who has which beat, and what is heard of it by whom it is expected from."""

import pytest
from sqlalchemy import Engine

from services.intake.app import calendar
from services.intake.projections import checkings, checks
from services.intake.projections.beats import beats_of, read_model, regions
from shared.contracts.place import EVERYWHERE
from shared.contracts.report import ReportFiled
from shared.eventsourcing.projections.prepare import prepare
from shared.eventsourcing.timers.calendar import Due
from shared.testing.examples import (
    BEAT_ACCREDITED,
    BEAT_ENDED,
    BEAT_FELL_SILENT,
    BEAT_HANDED_OVER,
    BEAT_HEARD_AGAIN,
    BEAT_ID,
    BEAT_RESTED,
    BEAT_RESUMED,
    DAY,
    GRAFFITI,
    MEMBER_ID,
    MONDAY,
    REPORT_FILED,
    varied,
)
from shared.testing.projection_spec import ProjectionSpec

FILED: ReportFiled = varied(REPORT_FILED, protected=True, filed_at=MONDAY + 4 * DAY)
BEGUN, HEARD = '["2030-01-07", "2030-01-07"]', '["2030-01-07", "2030-01-11"]'


@pytest.fixture
def rows(database: Engine) -> ProjectionSpec:
    return ProjectionSpec(read_model, database)


def row(**more: object) -> dict[str, object]:
    return {"beat_id": BEAT_ID, "correspondent": MEMBER_ID, "state": "running", **more}


def test_a_beat_is_due_when_its_rhythm_runs_out(rows: ProjectionSpec) -> None:
    rows.given(BEAT_ACCREDITED).then(row(due_on="2030-01-21", heard=f"[{BEGUN}]"))
    rows.given(BEAT_ACCREDITED, FILED).then(row(due_on="2030-01-25", heard=f"[{HEARD}]"))
    rows.given(BEAT_ACCREDITED, BEAT_RESTED).then(row(due_on="2030-01-24"))
    rows.given(BEAT_ACCREDITED, BEAT_RESTED, BEAT_RESUMED).then(row(due_on="2030-01-22"))
    away = varied(BEAT_RESTED, until_day=None)
    rows.given(BEAT_ACCREDITED, away).then(row(due_on=None))


@pytest.mark.parametrize("ended", [BEAT_ENDED, BEAT_HANDED_OVER])
def test_one_that_has_ended_waits_for_nothing(rows: ProjectionSpec, ended: object) -> None:
    rows.given(BEAT_ACCREDITED, ended, FILED).then(  # type: ignore[arg-type]
        row(state="ended", due_on=None, heard=f"[{BEGUN}]")
    )


def test_a_silent_one_waits_for_a_report(rows: ProjectionSpec) -> None:
    silent = row(state="silent", ran_out="2030-01-21", due_on=None)
    rows.given(BEAT_ACCREDITED, BEAT_FELL_SILENT).then(silent)
    late = varied(FILED, filed_at=MONDAY + 18 * DAY)
    rows.given(BEAT_ACCREDITED, BEAT_FELL_SILENT, late).then(silent | {"due_on": "2030-01-24"})
    rows.given(BEAT_ACCREDITED, BEAT_FELL_SILENT, late, BEAT_HEARD_AGAIN).then(
        row(ran_out=None, due_on="2030-02-08", heard='[["2030-01-25", "2030-01-25"]]')
    )


@pytest.mark.parametrize(
    "other",
    [
        varied(FILED, protected=False),
        varied(FILED, correspondent=None),
        varied(FILED, correspondent="f" * 32),
        varied(FILED, sector=GRAFFITI),
        varied(FILED, place="us.ma.boston.dorchester"),
        varied(FILED, filed_at=MONDAY - DAY),
    ],
)
def test_a_report_of_something_else_is_not_heard(rows: ProjectionSpec, other: ReportFiled) -> None:
    rows.given(BEAT_ACCREDITED, other).then(row(heard=f"[{BEGUN}]"))


@pytest.mark.parametrize("below", ["us.ma.boston.roxbury.mill-street", "us.ma.boston.roxbury"])
def test_what_is_filed_below_the_place_is_heard(rows: ProjectionSpec, below: str) -> None:
    rows.given(BEAT_ACCREDITED, varied(FILED, place=below)).then(row(heard=f"[{HEARD}]"))


def test_nothing_was_heard_later_than_it_came(rows: ProjectionSpec) -> None:
    """A source may say any moment, and the beat would never fall silent."""
    ahead = varied(FILED, filed_at=MONDAY + 9_000 * DAY)
    rows.given(BEAT_ACCREDITED, ahead).then(row(state="running"))
    (found,) = rows.given(BEAT_ACCREDITED, ahead).ask(lambda _: rows._project([2]))
    assert "2030-02-06" in found["heard"]


async def test_the_calendar_asks_once_the_last_day_is_over(
    rows: ProjectionSpec, database: Engine
) -> None:
    rows.given(BEAT_ACCREDITED).ask(lambda _: None)
    prepare(database, [checks.read_model, checkings.read_model])
    dates, midnight = calendar(database), MONDAY + 15 * DAY - DAY / 2
    assert await dates.next(MONDAY) == midnight
    assert await dates.next(midnight + DAY) is None
    assert [due async for _, page in dates.due(midnight) for due in page] == []
    found = [due async for _, page in dates.due(midnight + DAY / 2) for due in page]
    assert found == [Due(midnight, BEAT_ID, "beat")]
    closed = calendar(database, holidays={BEAT_FELL_SILENT.ran_out_on})
    assert [due async for _, page in closed.due(midnight + DAY / 2) for due in page] == []


def test_the_root_is_a_beat_for_everything() -> None:
    assert list(regions("us.ma")) == ["us.ma", "us", EVERYWHERE]
    assert list(regions(EVERYWHERE)) == [EVERYWHERE]
    assert len(beats_of(FILED)) == 5
    assert BEAT_ID in beats_of(FILED)
