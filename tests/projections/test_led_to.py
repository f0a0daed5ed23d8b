"""The commitments that a report led to, and how they stand."""

from sqlalchemy import Engine

from services.intake.projections import checks, led_to
from shared.contracts.event import Event
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.testing.examples import CHECK_OPENED, CHECK_OVERDUE, DONE_LATE, recorded, varied

OTHER = "e" * 32


def states(database: Engine, *events: Event) -> list[str]:
    prepare(database, [checks.read_model])
    projector = Projector(database, [checks.read_model])
    projector.begin()
    told = [recorded(event, sequence) for sequence, event in enumerate(events, 1)]
    projector.write(told, len(told))
    with database.connect() as connection:
        rows = led_to.of_report(connection, str(CHECK_OPENED.report_id))
    return [row["state"] for row in rows]


def test_it_is_open_and_that_of_another_report_is_not_shown(database: Engine) -> None:
    other = varied(CHECK_OPENED, check_id=OTHER, report_id="d" * 32)
    assert states(database, CHECK_OPENED, other) == ["open"]


def test_a_late_one_is_done_late(database: Engine) -> None:
    late = DONE_LATE
    assert states(database, CHECK_OPENED, CHECK_OVERDUE, late) == ["done late"]


def test_one_that_is_overdue_says_so(database: Engine) -> None:
    assert states(database, CHECK_OPENED, CHECK_OVERDUE) == ["overdue"]


def test_what_no_report_led_to_is_no_report_s(database: Engine) -> None:
    alone = varied(CHECK_OPENED, check_id=OTHER, report_id=None)
    overdue = varied(CHECK_OVERDUE, check_id=OTHER)
    done = varied(DONE_LATE, check_id=OTHER)
    assert states(database, CHECK_OPENED, alone, overdue, done) == ["open"]
