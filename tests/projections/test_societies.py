"""Societies by place, sector and life; who belongs to them; what they held; what falls due."""

from sqlalchemy import Connection, Engine

from services.promotion.projections import (
    activities,
    societies,
    societies_found,
    society_appeals,
    society_members,
    society_places,
)
from services.promotion.projections.societies_found import Sought
from shared.contracts.place import EVERYWHERE
from shared.contracts.society import SILENT_AFTER
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.timers.calendar import Due
from shared.testing.calendar_spec import CalendarSpec
from shared.testing.examples import (
    ACTIVITY_HELD,
    APPEAL_DECLINED,
    DAY,
    DORCHESTER,
    FOUNDER_ID,
    LEADER_FOLLOWED,
    LOGIN_CLOSED,
    MEMBER_ANSWERED,
    MEMBER_FORGOTTEN,
    MEMBERS_ASKED,
    MONDAY,
    ROXBURY,
    SECOND_ID,
    SOCIETY_COUNTED,
    SOCIETY_DISSOLVED,
    SOCIETY_FELL_DORMANT,
    SOCIETY_FOUNDED,
    SOCIETY_ID,
    SOCIETY_JOINED,
    SOCIETY_LEFT,
    SOCIETY_REINSTATED,
    SOCIETY_REVIVED,
    SOCIETY_REWORDED,
    SOCIETY_SUSPENDED,
    STREET_LIGHTS,
    SUSPENSION_APPEALED,
    varied,
)
from shared.testing.projection_spec import ProjectionSpec

OTHER = varied(
    SOCIETY_FOUNDED, society_id="1" * 32, place=EVERYWHERE, places=(EVERYWHERE,), sectors=()
)
FOUNDED = SOCIETY_FOUNDED


def test_its_life_and_its_words(database: Engine) -> None:
    spec = ProjectionSpec(societies.read_model, database)
    own = {"society_id": SOCIETY_ID}
    spec.given(FOUNDED).then(own | {"life": "active", "words": FOUNDED.words, "at_least": 0})
    worded = own | {"words": SOCIETY_REWORDED.words, "at_least": 10}
    spec.given(FOUNDED, SOCIETY_REWORDED, SOCIETY_COUNTED).then(worded)
    dormant = FOUNDED, MEMBERS_ASKED, SOCIETY_FELL_DORMANT
    spec.given(*dormant).then(own | {"life": "dormant", "dormant_at": None})
    spec.given(*dormant, SOCIETY_REVIVED).then(own | {"life": "active"})
    spec.given(*dormant, SOCIETY_SUSPENDED).then(own | {"life": "suspended"})
    spec.given(*dormant, SOCIETY_SUSPENDED, SOCIETY_REINSTATED).then(own | {"life": "dormant"})
    spec.given(FOUNDED, SOCIETY_DISSOLVED).then(own | {"life": "dissolved"})


def test_it_is_found_where_it_is_active(database: Engine) -> None:
    city = varied(FOUNDED, society_id="2" * 32, places=("us.ma.boston",), sectors=())
    ProjectionSpec(society_places.read_model, database).given(FOUNDED, OTHER, city).ask(_nothing)
    spec = ProjectionSpec(societies.read_model, database).given(FOUNDED, OTHER, city)
    everywhere, whole = OTHER.society_id, city.society_id

    def found(**sought: object) -> list[str]:
        given = Sought(**sought)  # type: ignore[arg-type]
        return spec.ask(
            lambda rows: [row["society_id"] for row in societies_found.found(rows, given)]
        )

    both, all_three = [everywhere, SOCIETY_ID], [whole, everywhere, SOCIETY_ID]
    for place in ("", EVERYWHERE, "us.ma", "us.ma.boston"):
        assert found(place=place) == all_three
    for place in (ROXBURY, DORCHESTER):
        assert found(place=place) == both
        assert found(place=place, around=()) == all_three, "it is active for all of the city"
    mattapan = "us.ma.boston.mattapan"
    assert found(place=mattapan, around=()) == [whole, everywhere]
    assert found(place=mattapan, around=[ROXBURY]) == all_three
    assert found(place="us.ma.bos", around=()) == [everywhere]
    for place in ("us.ma.boston.rox", "us.ma.boston.mattapan", "ma", "us.m_"):
        assert found(place=place) == [OTHER.society_id]
    assert found(sector=STREET_LIGHTS) == [SOCIETY_ID]
    assert found(sector="street") == []
    assert found(among=[]) == []
    assert found(limit=1) == all_three[:1]
    assert found(before=2) == [SOCIETY_ID]


def _nothing(_: Connection) -> None:
    pass


def test_appeals_wait_until_somebody_has_decided(database: Engine) -> None:
    spec = ProjectionSpec(society_appeals.read_model, database)
    suspended = FOUNDED, SOCIETY_SUSPENDED
    own = {"society_id": SOCIETY_ID, "suspended_by": SOCIETY_SUSPENDED.by}
    spec.given(*suspended).then(own | {"appealed_at": None})
    appealed = spec.given(*suspended, SUSPENSION_APPEALED)
    appealed.then(own | {"appealed_at": SUSPENSION_APPEALED.at})
    assert [row["society_id"] for row in appealed.ask(_waiting)] == [SOCIETY_ID]
    assert spec.given(*suspended, SUSPENSION_APPEALED, APPEAL_DECLINED).ask(_waiting) == []
    for over in (SOCIETY_REINSTATED, SOCIETY_DISSOLVED):
        spec.given(*suspended, SUSPENSION_APPEALED, over).then()


def _waiting(connection: Connection) -> list[Row]:
    return society_appeals.waiting(connection, 10)


def test_of_what_is_suspended_or_dissolved_nothing_is_found(database: Engine) -> None:
    for ended in (SOCIETY_SUSPENDED, SOCIETY_DISSOLVED):
        spec = ProjectionSpec(societies.read_model, database).given(FOUNDED, ended)
        assert spec.ask(lambda rows: societies_found.found(rows, Sought())) == []


def test_its_members_are_asked_and_have_their_time(database: Engine) -> None:
    spec = CalendarSpec(societies.due, database)
    asks_at = MONDAY + SILENT_AFTER
    spec.given(FOUNDED).when(asks_at).then(next_at=asks_at)
    spec.given(FOUNDED).when(asks_at + DAY).then(Due(asks_at, SOCIETY_ID, "society"))
    over = MEMBERS_ASKED.dormant_at
    spec.given(FOUNDED, MEMBERS_ASKED).when(asks_at + DAY).then(next_at=over)
    spec.given(FOUNDED, MEMBERS_ASKED).when(over + DAY).then(Due(over, SOCIETY_ID, "society"))
    again = MEMBER_ANSWERED.at + SILENT_AFTER
    answered = spec.given(FOUNDED, MEMBERS_ASKED, MEMBER_ANSWERED)
    answered.when(over + DAY).then(next_at=again)
    spec.given(FOUNDED, MEMBERS_ASKED, SOCIETY_FELL_DORMANT).when(over + DAY).then()
    spec.given(FOUNDED, SOCIETY_SUSPENDED).when(over + DAY).then()


def test_who_belongs_to_it_or_did(database: Engine) -> None:
    spec = ProjectionSpec(society_members.read_model, database)
    key = society_members.membership
    founder = {"membership": key(SOCIETY_ID, FOUNDER_ID), "login_id": FOUNDER_ID}
    second = {"membership": key(SOCIETY_ID, SECOND_ID), "login_id": SECOND_ID, "state": "in"}
    spec.given(FOUNDED, SOCIETY_JOINED).then(founder | {"state": "in"}, second)
    left = FOUNDED, SOCIETY_JOINED, SOCIETY_LEFT, LEADER_FOLLOWED
    spec.given(*left).then(founder | {"state": "left"}, second)
    assert spec.ask(lambda rows: society_members.of_login(rows, FOUNDER_ID, 5)) == []
    assert spec.ask(lambda rows: society_members.of_login(rows, SECOND_ID, 5)) == [SOCIETY_ID]
    spec.given(*left, MEMBER_FORGOTTEN).then(founder | {"state": "forgotten"}, second)


def test_which_logins_are_closed(database: Engine) -> None:
    spec = ProjectionSpec(society_members.closed_logins, database)
    spec.given(FOUNDED, LOGIN_CLOSED).then({"login_id": FOUNDER_ID})
    assert spec.ask(lambda rows: society_members.is_closed(rows, FOUNDER_ID))
    assert not spec.ask(lambda rows: society_members.is_closed(rows, SECOND_ID))


def test_what_it_held_the_latest_day_first(database: Engine) -> None:
    spec = ProjectionSpec(activities.read_model, database)
    later = varied(ACTIVITY_HELD, activity_id="1" * 32, on="2030-01-07")
    other = varied(later, activity_id="2" * 32, society_id="2" * 32)
    spec.given(FOUNDED, later, ACTIVITY_HELD, other)
    held = spec.ask(lambda rows: activities.of_society(rows, SOCIETY_ID, 5))
    assert [row["activity_id"] for row in held] == [later.activity_id, ACTIVITY_HELD.activity_id]
    assert (held[1]["came"], held[1]["place"]) == (12, ROXBURY)
