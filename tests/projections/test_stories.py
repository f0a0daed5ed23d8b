"""What is worth a story; the newsroom's own; what has appeared, and where things were used."""

import json
from datetime import timedelta

from sqlalchemy import Engine

from services.publishing.projections import cited, drafts, stories, worth
from shared.eventsourcing.timers.calendar import Due
from shared.testing.calendar_spec import CalendarSpec
from shared.testing.examples import (
    CITED,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_MEMBER_QUALIFIED,
    PUBLIC_REPORT_CONFIRMED,
    PUBLIC_REPORT_CORROBORATED,
    PUBLIC_REPORT_REFUTED,
    PUBLIC_SOCIETY_DISSOLVED,
    PUBLIC_SOCIETY_FOUNDED,
    PUBLIC_STORY_CORRECTED,
    PUBLIC_STORY_PUBLISHED,
    PUBLIC_STORY_WITHDRAWN,
    PUBLIC_WITHDRAWN,
    SAFETY_ASKED,
    STORY_DRAFTED,
    STORY_EMBARGOED,
    STORY_FOUND_SAFE,
    STORY_HELD,
    STORY_ID,
    STORY_PROPOSED,
    STORY_PUBLISHED,
    STORY_RETURNED,
    STORY_REVIEWED,
    STORY_WITHDRAWN,
    varied,
)
from shared.testing.projection_spec import ProjectionSpec

REVIEWED = STORY_PROPOSED, STORY_DRAFTED, STORY_REVIEWED
WITHDRAWN = "withdrawn"


def test_how_far_a_story_is(database: Engine) -> None:
    spec = ProjectionSpec(drafts.read_model, database)
    own = {"story_id": STORY_ID}
    spec.given(STORY_PROPOSED).then(own | {"stage": "proposed", "words": None, "published": 0})
    written = own | {"stage": "drafted", "words": STORY_DRAFTED.words}
    spec.given(STORY_PROPOSED, STORY_DRAFTED).then(written)
    spec.given(STORY_PROPOSED, STORY_DRAFTED, STORY_RETURNED).then(own | {"stage": "returned"})
    spec.given(*REVIEWED, STORY_PUBLISHED).then(own | {"stage": "done", "published": 1})
    gone = own | {"stage": WITHDRAWN, "words": None, "due_at": None}
    spec.given(*REVIEWED, STORY_PUBLISHED, STORY_WITHDRAWN).then(gone)


def test_when_somebody_is_asked_or_it_appears(database: Engine) -> None:
    spec = ProjectionSpec(drafts.read_model, database)
    waits = *REVIEWED, STORY_EMBARGOED
    own = {"story_id": STORY_ID}
    spec.given(*waits).then(own | {"due_at": STORY_EMBARGOED.until})
    spec.given(*waits, STORY_HELD).then(own | {"due_at": STORY_HELD.ask_at})
    spec.given(*waits, STORY_HELD, SAFETY_ASKED).then(own | {"due_at": None, "asked": True})
    spec.given(*waits, STORY_HELD, STORY_FOUND_SAFE).then(own | {"due_at": STORY_EMBARGOED.until})
    spec.given(*waits, varied(STORY_DRAFTED, number=2)).then(own | {"due_at": None})


def test_it_stands_in_the_calendar(database: Engine) -> None:
    due = Due(STORY_EMBARGOED.until, STORY_ID, drafts.TERM)
    spec = CalendarSpec(drafts.due, database)
    late = STORY_EMBARGOED.until + timedelta(seconds=1)
    spec.given(*REVIEWED, STORY_EMBARGOED).when(late).then(due)


def test_what_has_appeared_with_its_texts(database: Engine) -> None:
    spec = ProjectionSpec(stories.read_model, database)
    first, second = PUBLIC_STORY_PUBLISHED, PUBLIC_STORY_CORRECTED
    own = {"story": first.story}
    spec.given(first).then(own | {"number": 1, "words": first.words, "corrected_on": None})
    spec.given(first, second).then(own | {"number": 2, "words": second.words, "on": first.on})
    with database.connect() as connection:
        row = stories.one(connection, first.story)
        assert row
        numbers = [(each["number"], each["why"]) for each in json.loads(row["texts"])]
        assert numbers == [(1, ""), (2, second.why)]
        assert len(stories.newest(connection, 9)) == 1
        assert stories.of_words(connection, second.words) == first.story
    gone = own | {"words": None, "texts": "[]", "reason": PUBLIC_STORY_WITHDRAWN.reason}
    spec.given(first, second, PUBLIC_STORY_WITHDRAWN).then(gone)
    with database.connect() as connection:
        assert stories.newest(connection, 9) == []
        assert stories.some(connection, [first.story]) == []


def test_where_something_was_used(database: Engine) -> None:
    spec = ProjectionSpec(cited.read_model, database)
    other = varied(PUBLIC_STORY_PUBLISHED, story="8" * 32)
    both = f"{PUBLIC_STORY_PUBLISHED.story} {other.story}"
    spec.given(PUBLIC_STORY_PUBLISHED, PUBLIC_STORY_CORRECTED, other).then(
        {"thing": CITED.id, "stories": both}
    )


def test_what_is_worth_a_story_and_why(database: Engine) -> None:
    spec = ProjectionSpec(worth.read_model, database)
    report = {"thing": PUBLIC_REPORT_CONFIRMED.report}
    check = {"thing": PUBLIC_CHECK_OVERDUE.check}
    seen = PUBLIC_REPORT_CORROBORATED, PUBLIC_REPORT_CONFIRMED
    spec.given(*seen).then(report | {"why": "confirmed", "weight": 30, "witnesses": 1})
    spec.given(*reversed(seen)).then(report | {"why": "confirmed", "weight": 30, "witnesses": 1})
    spec.given(PUBLIC_CHECK_OVERDUE).then()
    spec.given(varied(PUBLIC_CHECK_OVERDUE, tier=2)).then(check | {"why": "raised", "weight": 80})
    spec.given(PUBLIC_MEMBER_QUALIFIED).then(
        {"thing": PUBLIC_MEMBER_QUALIFIED.member, "why": "qualified", "kind": "member"}
    )
    spec.given(PUBLIC_SOCIETY_FOUNDED).then(
        {"thing": PUBLIC_SOCIETY_FOUNDED.society, "why": "founded", "kind": "society"}
    )


def test_what_is_taken_back_is_worth_none(database: Engine) -> None:
    spec = ProjectionSpec(worth.read_model, database)
    raised = varied(PUBLIC_CHECK_OVERDUE, tier=2)
    gone = {"why": WITHDRAWN, "place": None, "sequence": None}
    check = gone | {"thing": PUBLIC_CHECK_OVERDUE.check}
    spec.given(raised, PUBLIC_WITHDRAWN).then(check)
    spec.given(PUBLIC_WITHDRAWN, raised).then(check)
    spec.given(PUBLIC_SOCIETY_FOUNDED, PUBLIC_SOCIETY_DISSOLVED).then(
        gone | {"thing": PUBLIC_SOCIETY_FOUNDED.society}
    )
    spec.given(PUBLIC_REPORT_CONFIRMED, PUBLIC_REPORT_REFUTED).then(
        {"thing": PUBLIC_REPORT_CONFIRMED.report, "sequence": None}
    )
    with database.connect() as connection:
        assert worth.found(connection, worth.Sought()) == []
        assert worth.these(connection, [PUBLIC_REPORT_CONFIRMED.report]) == {}


def test_what_is_worth_most_of_the_newest_day_comes_first_whatever_it_is(database: Engine) -> None:
    raised = varied(PUBLIC_CHECK_OVERDUE, tier=2)
    later = varied(PUBLIC_SOCIETY_FOUNDED, on=PUBLIC_SOCIETY_FOUNDED.on + timedelta(days=800))
    same_day = varied(PUBLIC_REPORT_CONFIRMED, on=raised.due_on)
    ProjectionSpec(worth.read_model, database).given(same_day, raised, later).then(
        {"thing": same_day.report}, {"thing": raised.check}, {"thing": later.society}
    )
    with database.connect() as connection:
        found = [row["why"] for row in worth.found(connection, worth.Sought())]
        assert found == ["founded", "raised", "confirmed"]
        two = worth.found(connection, worth.Sought(limit=2))
        assert [row["why"] for row in two] == found[:2]
        assert [row["why"] for row in worth.found(connection, worth.Sought("report"))] == found[2:]
