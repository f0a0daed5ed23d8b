"""Reports and checks as intake keeps them in SQL."""

from datetime import timedelta, timezone

import pytest
from sqlalchemy import Engine

from services.intake.projections import checks, openings, owed, reports, unsealed, words_waiting
from shared.contracts.check import CheckEvent
from shared.contracts.report import ReportEvent
from shared.eventsourcing.projections.due_column import PAGE
from shared.testing.examples import (
    CHECK_HALVED,
    CHECK_ID,
    CHECK_OPENED,
    CHECK_OVERDUE,
    CHECK_WITHDRAWN,
    CHECK_WORDS_PASSED,
    DAY,
    DONE_IN_TIME,
    DONE_LATE,
    DUPLICATE_CLAIMED,
    DUPLICATE_REFUSED,
    MONDAY,
    OPENING_ALLOWED,
    OPENING_ASKED,
    OPENING_DECLINED,
    OPENING_USED,
    OVERDUE_WITHDRAWN,
    RECORDED_FROM,
    REPORT_ANSWERED,
    REPORT_CLOSED,
    REPORT_CONFIRMED,
    REPORT_CORROBORATED,
    REPORT_FILED,
    REPORT_HALF_FIXED,
    REPORT_ID,
    REPORT_MARKED_DUPLICATE,
    REPORT_REFUTED,
    REPORT_REOPENED,
    REPORT_UNSEALED,
    ROXBURY,
    STREET_LIGHTS,
    varied,
)
from shared.testing.projection_spec import ProjectionSpec

SECOND, HOUR = DAY / 86_400, timedelta(hours=1)


@pytest.fixture
def report_rows(database: Engine) -> ProjectionSpec:
    return ProjectionSpec(reports.read_model, database)


@pytest.fixture
def check_rows(database: Engine) -> ProjectionSpec:
    return ProjectionSpec(checks.read_model, database)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ((REPORT_HALF_FIXED,), "half fixed"),
        ((REPORT_HALF_FIXED, REPORT_CONFIRMED), "confirmed"),
        ((REPORT_CONFIRMED, REPORT_REOPENED), "filed"),
        ((REPORT_CONFIRMED, REPORT_CORROBORATED), "confirmed"),
    ],
)
def test_what_is_half_fixed_or_reopened_is_open(
    report_rows: ProjectionSpec, said: tuple[ReportEvent, ...], state: str
) -> None:
    assert report_rows.given(REPORT_FILED, *said).ask(reports.count_by_state) == {state: 1}


def test_a_filed_report_has_a_row(report_rows: ProjectionSpec) -> None:
    report_rows.given(REPORT_FILED, CHECK_OPENED).then(
        {
            "report_id": REPORT_ID,
            "source": "boston",
            "source_id": "101",
            "place": ROXBURY,
            "sector": STREET_LIGHTS,
            "confidential": False,
            "state": "filed",
            "filed_at": MONDAY,
            "settled_at": None,
            "is_public": True,
            "corroborated": 0,
            "head": None,
            "words": REPORT_FILED.text,
        }
    )


def test_words_of_a_confidential_report_are_in_no_row(report_rows: ProjectionSpec) -> None:
    report_rows.given(varied(REPORT_FILED, confidential=True)).then(
        {"report_id": REPORT_ID, "words": "", "is_public": False}
    )


@pytest.mark.parametrize(
    ("event", "state"),
    [
        (REPORT_CONFIRMED, "confirmed"),
        (REPORT_REFUTED, "refuted"),
        (REPORT_MARKED_DUPLICATE, "duplicate"),
        (REPORT_CLOSED, "closed"),
    ],
)
def test_a_settled_report_says_how_and_when(
    report_rows: ProjectionSpec, event: ReportEvent, state: str
) -> None:
    expected = {"report_id": REPORT_ID, "state": state, "settled_at": MONDAY + DAY}
    report_rows.given(REPORT_FILED, REPORT_ANSWERED, event).then(expected)
    assert report_rows.ask(reports.count_by_state) == {state: 1}


def test_a_duplicate_that_waits_for_its_original_is_counted_as_such(
    report_rows: ProjectionSpec,
) -> None:
    expected = {"report_id": REPORT_ID, "state": "claimed", "settled_at": None}
    report_rows.given(REPORT_FILED, DUPLICATE_CLAIMED).then(expected)
    assert report_rows.ask(reports.count_by_state) == {"claimed": 1}


@pytest.mark.parametrize(
    ("event", "state"), [(REPORT_MARKED_DUPLICATE, "duplicate"), (DUPLICATE_REFUSED, "filed")]
)
def test_a_claim_that_takes_effect_or_is_refused_waits_no_more(
    report_rows: ProjectionSpec, event: ReportEvent, state: str
) -> None:
    report_rows.given(REPORT_FILED, DUPLICATE_CLAIMED, event).then(
        {"report_id": REPORT_ID, "state": state}
    )
    assert report_rows.ask(reports.count_by_state) == {state: 1}


@pytest.mark.parametrize(
    ("history", "state", "done_at"),
    [
        ((), "open", None),
        ((CHECK_OVERDUE,), "overdue", None),
        ((DONE_IN_TIME,), "done", DONE_IN_TIME.done_at),
        ((CHECK_OVERDUE, DONE_LATE), "done late", DONE_LATE.done_at),
        ((CHECK_OVERDUE, DONE_IN_TIME, OVERDUE_WITHDRAWN), "done", DONE_IN_TIME.done_at),
    ],
)
def test_a_check_has_the_state_that_its_events_say(
    check_rows: ProjectionSpec, history: tuple[CheckEvent, ...], state: str, done_at: object
) -> None:
    check_rows.given(CHECK_OPENED, *history).then(
        {"check_id": CHECK_ID, "owner": "Public Works", "state": state, "done_at": done_at}
    )


def test_of_what_goes_on_as_another_nothing_is_left_to_do(check_rows: ProjectionSpec) -> None:
    """Nobody can claim it, and nobody hand it over; what is left of it is another commitment."""
    mine, raised = owed.Asked((CHECK_OPENED.owner,)), (CHECK_OPENED, CHECK_OVERDUE)
    assert len(check_rows.given(*raised).ask(lambda rows: owed.found(rows, mine))) == 1
    assert check_rows.given(*raised, CHECK_HALVED).ask(lambda rows: owed.found(rows, mine)) == []


def test_both_what_was_known_and_what_was_taken_back_are_kept(check_rows: ProjectionSpec) -> None:
    check_rows.given(CHECK_OPENED, CHECK_OVERDUE, DONE_IN_TIME, OVERDUE_WITHDRAWN).then(
        {
            "check_id": CHECK_ID,
            "overdue_known_at": RECORDED_FROM + 2 * SECOND,
            "withdrawn_known_at": RECORDED_FROM + 4 * SECOND,
        }
    )
    counts = check_rows.ask(checks.count_by_state)
    assert (counts["done"], counts["ever overdue"]) == (1, 0)


def test_the_calendar_gives_what_is_due_in_pages_earliest_first(check_rows: ProjectionSpec) -> None:
    count = PAGE + 3
    ids = [f"{number:032x}" for number in range(count)]
    due_at = [MONDAY + (number % 7) * DAY for number in range(count)]
    opened = [varied(CHECK_OPENED, check_id=i, due_at=d) for i, d in zip(ids, due_at, strict=True)]
    done = varied(DONE_IN_TIME, check_id=ids[0], due_at=due_at[0], done_at=MONDAY)
    late = MONDAY + 30 * DAY
    first = check_rows.given(*opened, done).ask(lambda rows: checks.overdue.page(rows, late))
    second = check_rows.ask(lambda rows: checks.overdue.page(rows, late, first[-1]))
    assert [len(first), len(second)] == [PAGE, 2]
    found = [due.thing for due in first + second]
    by_date = sorted(zip(due_at, ids, strict=True))
    assert found == [check_id for _, check_id in by_date if check_id != ids[0]]
    assert check_rows.ask(lambda rows: checks.overdue.page(rows, MONDAY)) == []
    after = check_rows.ask(lambda rows: checks.overdue.next(rows, MONDAY + DAY / 2))
    assert after == MONDAY + DAY


def test_moments_are_in_order_wherever_they_were_said(check_rows: ProjectionSpec) -> None:
    """The later one has the earlier hour on its own clock."""
    east, west = timezone(14 * HOUR), timezone(-10 * HOUR)
    due_at = [MONDAY.astimezone(east), (MONDAY + HOUR).astimezone(west), MONDAY + 2 * HOUR]
    ids = [f"{number:032x}" for number in range(3)]
    opened = [varied(CHECK_OPENED, check_id=i, due_at=d) for i, d in zip(ids, due_at, strict=True)]
    check_rows.given(*reversed(opened))
    found = check_rows.ask(lambda rows: checks.overdue.page(rows, MONDAY + 2 * HOUR))
    assert [due.thing for due in found] == ids[:2]
    assert check_rows.ask(lambda rows: checks.overdue.next(rows, MONDAY)) == MONDAY


def test_an_opening_is_kept_with_what_became_of_it(database: Engine) -> None:
    spec = ProjectionSpec(openings.read_model, database)
    own = {"opening_id": OPENING_ASKED.opening_id}
    for history, state in (
        ((), "waits"),
        ((OPENING_ALLOWED,), "allowed"),
        ((OPENING_DECLINED,), "declined"),
        ((OPENING_ALLOWED, OPENING_USED), "used"),
    ):
        spec.given(OPENING_ASKED, *history).then(own | {"report_id": REPORT_ID, "state": state})
    spec.given(varied(OPENING_ASKED, second_person=False)).then(own | {"state": "allowed"})
    (row,) = spec.ask(lambda rows: openings.newest(rows, 9))
    assert spec.ask(lambda rows: openings.one(rows, row["opening_id"])) == row
    spec.given(OPENING_ALLOWED, OPENING_USED).then()


def test_openings_of_a_report_are_counted_by_role(database: Engine) -> None:
    by_editor = varied(REPORT_UNSEALED, role="editor")
    spec = ProjectionSpec(unsealed.read_model, database)
    spec.given(REPORT_FILED, REPORT_UNSEALED, by_editor, REPORT_UNSEALED)
    assert spec.ask(lambda rows: unsealed.by_role(rows, REPORT_ID)) == {
        "editor": 1,
        "inspector": 2,
    }
    assert spec.ask(lambda rows: unsealed.by_role(rows, "0" * 32)) == {}


def test_words_wait_until_they_are_passed_or_withdrawn(database: Engine) -> None:
    waiting = varied(CHECK_OPENED, passed=False)
    spec = ProjectionSpec(words_waiting.read_model, database)
    spec.given(waiting).then({"check_id": CHECK_ID, "task": "Mend the lamp"})
    assert len(spec.ask(lambda rows: words_waiting.first(rows, 9))) == 1
    spec.given(waiting, CHECK_WORDS_PASSED).then()
    spec.given(waiting, CHECK_WITHDRAWN).then()
    spec.given(CHECK_OPENED).then()
    spec.given(varied(waiting, confidential=True)).then()
