"""What the site shows: the board, overdue checks and the qualified, and members inside."""

import pytest
from sqlalchemy import Engine

from services.promotion.projections import members, qualifications
from services.publishing.projections import board, overdue, qualified
from shared.testing.examples import (
    DAY,
    DORCHESTER,
    MEMBER_ID,
    MEMBER_QUALIFIED,
    MONDAY,
    PUBLIC_CHECK_OPENED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_DONE_CLAIMED,
    PUBLIC_MEMBER_QUALIFIED,
    PUBLIC_OVERDUE_WITHDRAWN,
    PUBLIC_REPORT_CONFIRMED,
    PUBLIC_REPORT_FILED,
    PUBLIC_REPORT_REFUTED,
    REFUTATION_NOTED,
    REPORT_CREDITED,
    ROXBURY,
    varied,
)
from shared.testing.projection_spec import ProjectionSpec

ELSEWHERE = varied(PUBLIC_REPORT_FILED, report="f" * 32, place=DORCHESTER)
DONE_LATE = varied(PUBLIC_DONE_CLAIMED, done_at=MONDAY + 9 * DAY, late=True)


@pytest.fixture
def places(database: Engine) -> ProjectionSpec:
    return ProjectionSpec(board.read_model, database)


@pytest.fixture
def late(database: Engine) -> ProjectionSpec:
    return ProjectionSpec(overdue.read_model, database)


def figures(place: str, **counts: int) -> dict[str, object]:
    return {"place": place, **dict.fromkeys(board.FIGURES, 0), **counts}


def test_the_board_counts_each_place_by_itself(places: ProjectionSpec) -> None:
    places.given(
        PUBLIC_REPORT_FILED,
        ELSEWHERE,
        PUBLIC_REPORT_CONFIRMED,
        PUBLIC_MEMBER_QUALIFIED,
        varied(PUBLIC_REPORT_REFUTED, place=DORCHESTER),
    ).then(
        figures(ROXBURY, reports=1, confirmed=1),
        figures(DORCHESTER, reports=1, refuted=1),
    )


@pytest.mark.parametrize(
    ("history", "counts"),
    [
        ((), {}),
        ((PUBLIC_DONE_CLAIMED,), {"done_in_time": 1}),
        ((PUBLIC_CHECK_OVERDUE,), {"overdue": 1, "still_overdue": 1}),
        ((PUBLIC_CHECK_OVERDUE, DONE_LATE), {"overdue": 1}),
        (
            (PUBLIC_CHECK_OVERDUE, PUBLIC_DONE_CLAIMED, PUBLIC_OVERDUE_WITHDRAWN),
            {"done_in_time": 1},
        ),
    ],
)
def test_the_board_knows_what_is_late_and_what_still_is(
    places: ProjectionSpec, history: tuple[object, ...], counts: dict[str, int]
) -> None:
    places.given(PUBLIC_CHECK_OPENED, *history).then(figures(ROXBURY, checks=1, **counts))  # type: ignore[arg-type]


def test_an_overdue_check_is_shown_with_owner_task_and_due_date(late: ProjectionSpec) -> None:
    late.given(PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE).then(
        {
            "check": PUBLIC_CHECK_OVERDUE.check,
            "owner": "Public Works",
            "task": "Mend the lamp",
            "due_at": PUBLIC_CHECK_OVERDUE.due_at,
            "done_at": None,
            "sequence": 2,
        }
    )


def test_a_late_claim_stays_on_the_list_and_says_when_it_was_done(late: ProjectionSpec) -> None:
    late.given(PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE, DONE_LATE).then(
        {"check": PUBLIC_CHECK_OVERDUE.check, "done_at": MONDAY + 9 * DAY}
    )


def test_what_was_withdrawn_or_done_in_time_is_not_on_the_list(late: ProjectionSpec) -> None:
    late.given(PUBLIC_CHECK_OPENED, PUBLIC_DONE_CLAIMED).then()
    late.given(
        PUBLIC_CHECK_OPENED, PUBLIC_CHECK_OVERDUE, PUBLIC_DONE_CLAIMED, PUBLIC_OVERDUE_WITHDRAWN
    ).then()


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
