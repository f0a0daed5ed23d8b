"""Rows of what a register says: replaced by what it says later; and who is in which federation."""

from datetime import date

from sqlalchemy import Engine

from services.promotion.projections import federations, societies, society_places
from shared.contracts.society import SILENT_AFTER
from shared.testing.examples import (
    DORCHESTER,
    FEDERATION_ASKED,
    FEDERATION_ID,
    FEDERATION_JOINED,
    FEDERATION_LEFT,
    MONDAY,
    REGISTRATION_ID,
    ROXBURY,
    SECOND_ID,
    SOCIETY_ID,
    SOCIETY_JOINED,
    SOCIETY_LEFT,
    SOCIETY_REGISTERED,
    SOCIETY_REINSTATED,
    SOCIETY_SUSPENDED,
    varied,
)
from shared.testing.projection_spec import ProjectionSpec

REGISTERED, OWN = SOCIETY_REGISTERED, {"society_id": REGISTRATION_ID}
JOINED = varied(SOCIETY_JOINED, **OWN)
LEFT = varied(SOCIETY_LEFT, **OWN, member_id=SECOND_ID)
MOVED = varied(
    REGISTERED,
    places=(DORCHESTER,),
    sectors=(),
    federations=("b" * 32,),
    ended_on=date(2030, 1, 5),
    left_places=(ROXBURY,),
    left_sectors=REGISTERED.sectors,
    left_federations=(FEDERATION_ID,),
)


def test_it_has_members_once_somebody_joins_and_none_after_the_last(database: Engine) -> None:
    spec = ProjectionSpec(societies.read_model, database)
    alone = OWN | {"members": 0, "due_at": None, "registry": "rna", "life": "active"}
    spec.given(REGISTERED).then(alone | {"founded_on": "1898-05-01", "is_listed": True})
    asks_at = MONDAY + SILENT_AFTER
    spec.given(REGISTERED, JOINED).then(OWN | {"members": 1, "due_at": asks_at})
    spec.given(REGISTERED, JOINED, REGISTERED).then(OWN | {"members": 1, "due_at": asks_at})
    spec.given(REGISTERED, JOINED, LEFT).then(alone)


def test_what_it_says_later_replaces_all_and_a_suspension_outlives_it(database: Engine) -> None:
    spec = ProjectionSpec(societies.read_model, database)
    ended = OWN | {"life": "dissolved", "ended_on": "2030-01-05", "is_listed": False}
    spec.given(REGISTERED, MOVED).then(ended | {"sequence": 2, "sectors": "  "})
    suspended, reinstated = varied(SOCIETY_SUSPENDED, **OWN), varied(SOCIETY_REINSTATED, **OWN)
    spec.given(REGISTERED, suspended, MOVED).then(OWN | {"life": "suspended", "is_listed": False})
    spec.given(REGISTERED, suspended, MOVED, reinstated).then(ended)
    spec.given(REGISTERED, MOVED, REGISTERED).then(OWN | {"life": "active", "is_listed": True})


def test_it_stands_nowhere_but_where_it_is_now(database: Engine) -> None:
    spec = ProjectionSpec(society_places.read_model, database)
    around = ("everywhere", "us", "us.ma", "us.ma.boston")
    there = [{"place": place, "sector": "", "is_named": False} for place in around]
    spec.given(REGISTERED, MOVED).then(
        *(each | {"standing": f"{REGISTRATION_ID}:{each['place']}:"} for each in there),
        {"standing": f"{REGISTRATION_ID}:{DORCHESTER}:", "is_named": True, "sequence": 2},
    )


def test_who_is_in_which_federation_or_has_asked(database: Engine) -> None:
    spec = ProjectionSpec(federations.read_model, database)
    own = {"standing": f"{SOCIETY_ID}:{FEDERATION_ID}", "society_id": SOCIETY_ID}
    spec.given(FEDERATION_ASKED).then(own | {"state": "asked"})
    spec.given(FEDERATION_ASKED, FEDERATION_JOINED).then(own | {"state": "in"})
    spec.given(FEDERATION_ASKED, FEDERATION_JOINED, FEDERATION_LEFT).then()
    other = {"standing": f"{REGISTRATION_ID}:{'b' * 32}", "federation_id": "b" * 32}
    both = spec.given(REGISTERED, FEDERATION_ASKED, FEDERATION_JOINED, MOVED)
    both.then(other | {"state": "in"}, own)
    ask = federations.societies_of
    assert both.ask(lambda rows: ask(rows, FEDERATION_ID, "in", 5)) == [SOCIETY_ID]
