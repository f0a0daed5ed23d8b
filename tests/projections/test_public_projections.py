"""What the site shows: the board, overdue checks and the qualified, and members inside."""

from datetime import date
from functools import partial

import pytest
from sqlalchemy import Engine

from services.intake.projections import checkers
from services.promotion.projections import members, qualifications, waverings
from services.publishing.projections import (
    board,
    board_v1,
    overdue,
    overdue_v1,
    overdue_v2,
    qualified,
    requests,
)
from shared.contracts.event import Event
from shared.eventsourcing.projections.fingerprints import fingerprint
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import row_of
from shared.testing.examples import (
    CHECKER_QUALIFIED,
    CHECKER_READY,
    CHECKER_UNQUALIFIED,
    DAY,
    DORCHESTER,
    MEMBER_ID,
    MEMBER_QUALIFIED,
    MONDAY,
    OUTCOME_TAKEN_BACK,
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_CHECK_WORDS_PASSED,
    PUBLIC_DONE_CLAIMED,
    PUBLIC_MEMBER_QUALIFIED,
    PUBLIC_OVERDUE_WITHDRAWN,
    PUBLIC_QUALIFICATION_LAPSED,
    PUBLIC_QUALIFICATION_REVOKED,
    PUBLIC_REPORT_CONFIRMED,
    PUBLIC_REPORT_CORROBORATED,
    PUBLIC_REPORT_FILED,
    PUBLIC_REPORT_HALF_FIXED,
    PUBLIC_REPORT_REFUTED,
    PUBLIC_REPORT_REOPENED,
    PUBLIC_WITHDRAWN,
    QUALIFICATION_LAPSED,
    QUALIFICATION_REVOKED,
    QUALIFICATION_STEADIED,
    QUALIFICATION_WAVERED,
    REFUTATION_NOTED,
    REPORT_CREDITED,
    ROXBURY,
    varied,
)
from shared.testing.projection_spec import ProjectionSpec

BOARD_V1 = "61b394f75bf117975e804a6ce7b8d5993d09fe19854cef75fa25c8e0d4ebe37e"
OVERDUE_V1 = "781fd49e48c144ac6cbdc7dcaf7c317426708c5853ffed8d23cd5f395639791f"
OVERDUE_V2 = "191eba7f421952300d3ec0c1c3d74cccb0e3772252c1d438a15a99121904d729"
CHECK: Row = {"check": PUBLIC_CHECK_OPENED.check}
ON = PUBLIC_WITHDRAWN.on
OF_REPORT = varied(PUBLIC_WITHDRAWN, what="report", id=PUBLIC_REPORT_FILED.report)
ELSEWHERE = varied(PUBLIC_REPORT_FILED, report="f" * 32, place=DORCHESTER)
DONE_LATE = varied(PUBLIC_DONE_CLAIMED, done_on=date(2030, 1, 16), late=True)


@pytest.fixture
def places(database: Engine) -> ProjectionSpec:
    return ProjectionSpec(board.read_model, database)


@pytest.fixture
def late(database: Engine) -> ProjectionSpec:
    return ProjectionSpec(overdue.read_model, database)


def figures(place: str, **counts: int) -> dict[str, object]:
    return {"place": place, **dict.fromkeys(board.FIGURES, 0), **counts}


def test_the_board_counts_each_place_by_itself(places: ProjectionSpec) -> None:
    found = places.given(
        PUBLIC_REPORT_FILED,
        ELSEWHERE,
        PUBLIC_REPORT_CONFIRMED,
        PUBLIC_MEMBER_QUALIFIED,
        varied(PUBLIC_REPORT_REFUTED, report="f" * 32, place=DORCHESTER),
    ).ask(board.all_places)
    assert found == [
        figures(DORCHESTER, reports=1, refuted=1),
        figures(ROXBURY, reports=1, confirmed=1),
    ]


COUNTED: list[tuple[tuple[Event, ...], dict[str, int]]] = [
    ((), {}),
    ((PUBLIC_DONE_CLAIMED,), {"done_in_time": 1}),
    ((PUBLIC_CHECK_OVERDUE,), {"overdue": 1, "still_overdue": 1}),
    ((PUBLIC_CHECK_OVERDUE, DONE_LATE), {"overdue": 1}),
    ((PUBLIC_CHECK_OVERDUE, PUBLIC_DONE_CLAIMED, PUBLIC_OVERDUE_WITHDRAWN), {"done_in_time": 1}),
]


@pytest.mark.parametrize(("history", "counts"), COUNTED)
def test_the_board_knows_what_is_late_and_what_still_is(
    places: ProjectionSpec, history: tuple[Event, ...], counts: dict[str, int]
) -> None:
    found = places.given(PUBLIC_CHECK_OPENED, *history).ask(board.all_places)
    assert found == [figures(ROXBURY, checks=1, **counts)]


def test_what_is_reopened_counts_as_a_report_and_with_what_comes_of_it_then(
    places: ProjectionSpec,
) -> None:
    told = (PUBLIC_REPORT_FILED, PUBLIC_REPORT_CONFIRMED, PUBLIC_REPORT_REOPENED)
    assert places.given(*told).ask(board.all_places) == [figures(ROXBURY, reports=1)]
    found = places.given(*told, PUBLIC_REPORT_REFUTED).ask(board.all_places)
    assert found == [figures(ROXBURY, reports=1, refuted=1)]


NEWS = (PUBLIC_REPORT_CORROBORATED, PUBLIC_REPORT_CORROBORATED, PUBLIC_REPORT_HALF_FIXED)
THEN: list[tuple[tuple[Event, ...], Row]] = [
    ((PUBLIC_REPORT_FILED, *NEWS), {"outcome": "half fixed", "corroborated": 2}),
    (
        (PUBLIC_REPORT_FILED, *NEWS, PUBLIC_REPORT_CONFIRMED, PUBLIC_REPORT_REOPENED),
        {"outcome": "reopened", "closed_on": None, "corroborated": 2},
    ),
    (
        (PUBLIC_REPORT_FILED, *NEWS, OF_REPORT, *NEWS, PUBLIC_REPORT_REOPENED),
        {"on": None, "outcome": None, "corroborated": 0},
    ),
]


@pytest.mark.parametrize(("history", "then"), THEN)
def test_a_request_is_open_again_and_seen_by_so_many(
    database: Engine, history: tuple[Event, ...], then: Row
) -> None:
    rows = ProjectionSpec(requests.read_model, database).given(*history)
    known_as = PUBLIC_REPORT_FILED.report
    found = rows.ask(lambda connection: row_of(connection, requests.read_model, known_as))
    assert {name: found[name] for name in then} == then


def test_nothing_counts_twice(places: ProjectionSpec) -> None:
    story = (PUBLIC_REPORT_FILED, PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE)
    found = places.given(*story, *story).ask(board.all_places)
    assert found == [figures(ROXBURY, reports=1, checks=1, overdue=1, still_overdue=1)]


@pytest.mark.parametrize("history", [history for history, _ in COUNTED])
def test_what_is_withdrawn_counts_nowhere_and_is_on_no_list_whenever_it_was(
    places: ProjectionSpec, late: ProjectionSpec, history: tuple[Event, ...]
) -> None:
    """Once or twice, before and after all else that is said of it."""
    told = (PUBLIC_CHECK_OPENED, *history)
    for at in range(len(told) + 1):
        for events in (
            [*told[:at], PUBLIC_WITHDRAWN, *told[at:]],
            [*told[:at], PUBLIC_WITHDRAWN, *told[at:], PUBLIC_WITHDRAWN],
        ):
            assert places.given(*events).ask(board.all_places) == []
            assert late.given(*events).ask(lambda rows: overdue.newest(rows, 9)) == []
            nothing = dict.fromkeys(("owner", "task", "due_on", "done_on", "late", "sequence"))
            late.then(CHECK | {"reason": "It named somebody", "withdrawn_on": ON} | nothing)


def test_a_withdrawn_report_takes_no_check_with_it(places: ProjectionSpec) -> None:
    of_report = varied(PUBLIC_WITHDRAWN, what="report", id=PUBLIC_REPORT_FILED.report)
    for history in (
        [of_report, PUBLIC_REPORT_FILED, PUBLIC_CHECK_OPENED],
        [PUBLIC_CHECK_OPENED, PUBLIC_REPORT_FILED, of_report, PUBLIC_REPORT_CONFIRMED],
    ):
        assert places.given(*history).ask(board.all_places) == [figures(ROXBURY, checks=1)]


def test_an_overdue_check_is_shown_with_owner_task_and_due_date(late: ProjectionSpec) -> None:
    late.given(PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE).then(
        {
            "check": PUBLIC_CHECK_OVERDUE.check,
            "owner": "Public Works",
            "task": "Mend the lamp",
            "due_on": PUBLIC_CHECK_OVERDUE.due_on,
            "done_on": None,
            "sequence": 2,
            "changed": 2,
        }
    )


def test_a_late_claim_stays_on_the_list_and_says_when_it_was_done(late: ProjectionSpec) -> None:
    late.given(PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE, DONE_LATE).then(
        CHECK | {"done_on": date(2030, 1, 16), "late": True, "sequence": 2, "changed": 3}
    )


def test_what_was_taken_back_or_done_in_time_is_not_on_the_list(late: ProjectionSpec) -> None:
    late.given(PUBLIC_CHECK_OPENED, PUBLIC_DONE_CLAIMED).then(CHECK | {"changed": None})
    late.given(
        PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE, PUBLIC_DONE_CLAIMED, PUBLIC_OVERDUE_WITHDRAWN
    ).then(CHECK | {"sequence": None, "changed": 4})
    assert late.ask(lambda rows: overdue.newest(rows, 9)) == []


def test_rows_of_the_versions_before_are_shown_until_the_new_ones_are_made(
    database: Engine,
) -> None:
    """Moments became days; those rows know the day alone, in UTC."""
    story = (PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE, DONE_LATE)
    (row,) = (
        ProjectionSpec(overdue_v1.read_model, database)
        .given(*story)
        .ask(lambda rows: overdue.newest(rows, 9))
    )
    assert (row["due_on"], row["done_on"]) == (date(2030, 1, 14), date(2030, 1, 16))
    found = ProjectionSpec(board_v1.read_model, database).given(*story).ask(board.all_places)
    assert found == [figures(ROXBURY, checks=1, overdue=1)]


def test_a_version_before_is_made_as_it_was() -> None:
    """Another fold under the same name is refused at start."""
    assert fingerprint(board_v1.read_model) == BOARD_V1
    assert fingerprint(overdue_v1.read_model) == OVERDUE_V1
    assert fingerprint(overdue_v2.read_model) == OVERDUE_V2


def test_words_that_wait_are_not_there_until_they_are_passed(late: ProjectionSpec) -> None:
    opened, raised = (
        varied(event, owner=None, **more)
        for event, more in ((PUBLIC_CHECK_OPENED, {}), (PUBLIC_CHECK_OVERDUE, {"task": None}))
    )
    waits = CHECK | {"owner": None, "task": None}
    late.given(opened, raised).then(waits | {"changed": 2})
    passed = CHECK | {"owner": "Public Works", "task": "Mend the lamp"}
    late.given(opened, raised, PUBLIC_CHECK_WORDS_PASSED).then(passed | {"changed": 3})
    early = varied(PUBLIC_CHECK_WORDS_PASSED, task=None)
    late.given(opened, early).then(passed | {"task": None, "changed": None})
    late.given(opened, early, PUBLIC_CHECK_OVERDUE).then(passed)
    withdrawn = varied(PUBLIC_WITHDRAWN, id=PUBLIC_CHECK_OPENED.check)
    late.given(opened, withdrawn, PUBLIC_CHECK_WORDS_PASSED).then(waits | {"withdrawn_on": ON})


def test_a_qualification_is_shown_with_the_figures_that_say_why(database: Engine) -> None:
    event = PUBLIC_MEMBER_QUALIFIED
    ProjectionSpec(qualified.read_model, database).given(event).then(
        {
            "member": event.member,
            "key": f"{event.member}:correspondent",
            "confirmed": 1,
            "refuted_share": 0.5,
            "on": event.on,
        }
    )


def test_members_are_kept_with_their_credits_and_tracks(database: Engine) -> None:
    other_track = varied(MEMBER_QUALIFIED, track="inspector")
    ProjectionSpec(members.read_model, database).given(
        REPORT_CREDITED, MEMBER_QUALIFIED, REFUTATION_NOTED, other_track
    ).then(
        {
            "member_id": MEMBER_ID,
            "confirmed": 1,
            "refuted": 1,
            "tracks": "correspondent inspector",
        }
    )


def test_a_qualification_is_kept_with_its_place_in_the_log(database: Engine) -> None:
    spec = ProjectionSpec(qualifications.read_model, database).given(
        REPORT_CREDITED, MEMBER_QUALIFIED
    )
    spec.then({"key": f"{MEMBER_ID}:correspondent", "rule_version": 1, "sequence": 2})
    assert spec.ask(qualifications.count_by_track) == {"correspondent": 1}


def test_who_is_qualified_no_more_is_shown_nowhere(database: Engine) -> None:
    for end, inside in (
        (PUBLIC_QUALIFICATION_LAPSED, QUALIFICATION_LAPSED),
        (PUBLIC_QUALIFICATION_REVOKED, QUALIFICATION_REVOKED),
    ):
        spec = ProjectionSpec(qualified.read_model, database).given(PUBLIC_MEMBER_QUALIFIED, end)
        assert spec.ask(qualified.count) == 0
        kept = ProjectionSpec(qualifications.read_model, database).given(MEMBER_QUALIFIED, inside)
        assert kept.ask(qualifications.count_by_track) == {}
        again = ProjectionSpec(members.read_model, database).given(
            REPORT_CREDITED, OUTCOME_TAKEN_BACK, MEMBER_QUALIFIED, inside, MEMBER_QUALIFIED
        )
        row = {"confirmed": 0, "refuted": 0, "tracks": "correspondent"}
        again.then({"member_id": MEMBER_ID, **row})


def test_a_qualification_that_wavers_is_due_until_it_steadies_or_ends(database: Engine) -> None:
    event = QUALIFICATION_WAVERED
    spec = ProjectionSpec(waverings.read_model, database)
    due = partial(waverings.due.page, now=MONDAY + 400 * DAY)
    waits = spec.given(event)
    (found,) = waits.ask(due)
    assert (found.thing, found.at.date()) == (f"{MEMBER_ID}:correspondent", event.lapses_on)
    for end in (QUALIFICATION_STEADIED, QUALIFICATION_LAPSED, QUALIFICATION_REVOKED):
        assert spec.given(event, end).ask(due) == []


def test_a_checker_who_is_qualified_no_more_is_not_drawn(database: Engine) -> None:
    spec = ProjectionSpec(checkers.read_model, database)
    ready = (CHECKER_QUALIFIED, CHECKER_READY)
    assert len(spec.given(*ready).ask(checkers.pool)) == 1
    assert spec.given(*ready, CHECKER_UNQUALIFIED).ask(checkers.pool) == []
    again = spec.given(*ready, CHECKER_UNQUALIFIED, CHECKER_QUALIFIED)
    (row,) = again.ask(checkers.pool)
    assert row["qualified_in"] == 4
    assert spec.given(CHECKER_UNQUALIFIED).ask(checkers.pool) == []
