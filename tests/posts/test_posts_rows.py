"""What the rows know of who may fill a post, and of posts."""

from sqlalchemy import Engine

from services.promotion.domain.ranking import Candidate
from services.promotion.posts.pool import pool
from services.promotion.projections import candidacies, evidence, posts, qualifications
from shared.contracts.event import Event
from shared.eventsourcing.projections.prepare import prepare
from shared.testing.examples import (
    CANDIDATE_NAMED,
    CANDIDATES_RANKED,
    DAY,
    DORCHESTER,
    GRAFFITI,
    MEMBER_ID,
    MEMBER_PLACED,
    MEMBER_QUALIFIED,
    OUTCOME_TAKEN_BACK,
    PLACEMENT_ENDED,
    POST_CLOSED,
    POST_ID,
    POST_OPENED,
    REPORT_CREDITED,
    ROXBURY,
    STREET_LIGHTS,
    recorded,
    varied,
)
from shared.testing.projection_spec import ProjectionSpec

TRACK = MEMBER_QUALIFIED.track
BOSTON = "us.ma.boston"


def credit(number: int, place: str, sector: str, by: str = "", **more: object) -> Event:
    day = REPORT_CREDITED.on + number * DAY
    told = {"place": place, "sector": sector, "on": day, "confirmer": by, "confidential": False}
    found: Event = varied(REPORT_CREDITED, report_id=f"{number:032x}", **told | more)
    return found


CREDITS = (
    credit(0, ROXBURY, STREET_LIGHTS, "a" * 32),
    credit(0, ROXBURY, STREET_LIGHTS, "a" * 32),
    credit(1, DORCHESTER, GRAFFITI, "b" * 32),
    credit(2, "us.ma.bostonia", STREET_LIGHTS, "b" * 32),
    credit(3, ROXBURY, STREET_LIGHTS, "c" * 32, confidential=True),
)


def test_two_of_one_day_are_one_day_and_what_is_confidential_is_none(database: Engine) -> None:
    prepare(database, [evidence.read_model, qualifications.read_model])
    with database.begin() as connection:
        for sequence, event in enumerate((*CREDITS, MEMBER_QUALIFIED), 1):
            for model in (evidence.read_model, qualifications.read_model):
                model.write(connection, [recorded(event, sequence)])
    with database.connect() as connection:
        found = pool(connection, (TRACK,), BOSTON, STREET_LIGHTS)
        assert found == [Candidate(MEMBER_ID, frozenset((TRACK,)), 1, 2, 2, 2, 2)]
        everywhere = pool(connection, (TRACK,), "everywhere", STREET_LIGHTS)
        assert everywhere == [Candidate(MEMBER_ID, frozenset((TRACK,)), 2, 3, 2, 2, 2)]
        assert pool(connection, (TRACK, "other"), BOSTON, STREET_LIGHTS) == []


def test_what_is_taken_back_leaves_exactly_the_rows_without_it(database: Engine) -> None:
    back = {"confidential": False, "outcome": "confirmed", "place": ROXBURY}
    on = {"sector": STREET_LIGHTS, "on": REPORT_CREDITED.on, "confirmer": "a" * 32}
    taken = varied(OUTCOME_TAKEN_BACK, **back | on)
    spec = ProjectionSpec(evidence.read_model, database)
    (key,) = evidence.keys(taken)
    spec.given(CREDITS[0], CREDITS[1], taken).then({"credit": key, "count": 1})
    spec.given(CREDITS[0], taken).then()


def test_posts_are_counted_as_they_are_filled(database: Engine) -> None:
    spec = ProjectionSpec(posts.read_model, database)
    spec.given(POST_OPENED, CANDIDATES_RANKED, MEMBER_PLACED).then(
        {"post_id": POST_ID, "placed": 1, "candidates": 2, "life": "open", "wake_at": None}
    )
    spec.given(POST_OPENED, MEMBER_PLACED, PLACEMENT_ENDED, POST_CLOSED).then(
        {"post_id": POST_ID, "placed": 0, "candidates": posts.UNRANKED, "life": "closed"}
    )


def test_how_a_candidate_stands_is_what_was_said_last(database: Engine) -> None:
    spec = ProjectionSpec(candidacies.read_model, database)
    spec.given(CANDIDATE_NAMED, MEMBER_PLACED).then(
        {"candidacy": f"{POST_ID}:{MEMBER_ID}", "member_id": MEMBER_ID, "state": "placed"}
    )
