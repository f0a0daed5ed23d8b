"""What a public register says is stated once, replaced by what it says later, and no member's to
change."""

from datetime import date

import pytest

from services.intake.domain import registration
from services.intake.domain.registration import StateRegistration
from services.promotion.domain.society import (
    DissolveSociety,
    JoinSociety,
    JudgeSociety,
    LeaveSociety,
    RewordSociety,
    category,
)
from services.promotion.domain.society_kept import dump, load
from services.promotion.domain.society_registered import OfRegisterError, RegisterSociety, Stated
from services.promotion.domain.society_rules import DissolvedError
from services.promotion.domain.society_state import Society
from shared.contracts.society import SILENT_AFTER
from shared.eventsourcing.decider import Kept
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    DAY,
    DORCHESTER,
    FOUNDER_ID,
    MONDAY,
    REGISTRATION_ID,
    REGISTRATION_STATED,
    ROXBURY,
    SECOND_ID,
    SOCIETY_JOINED,
    SOCIETY_LEFT,
    SOCIETY_REGISTERED,
    SOCIETY_REINSTATED,
    SOCIETY_SUSPENDED,
    varied,
)

ENTRIES = DeciderSpec(registration.category.decider)
SPEC = DeciderSpec(category.decider)
REGISTERED, LATER = SOCIETY_REGISTERED, MONDAY + DAY
OWN = {"society_id": REGISTRATION_ID}
JOINED = varied(SOCIETY_JOINED, **OWN)
SAID = Stated("Friends of the lamps")
ENDED = varied(REGISTERED, at=LATER, ended_on=date(2030, 1, 5))
MERGED = varied(ENDED, merged_into="b" * 32)


def test_an_entry_is_stated_once_until_it_says_something_else() -> None:
    said, later = REGISTRATION_STATED, varied(REGISTRATION_STATED, stated_at=LATER)
    ENTRIES.given().when(StateRegistration(said)).then(said)
    ENTRIES.given(said).when(StateRegistration(later)).then_nothing_happens()
    other = varied(later, name="Friends of all lamps")
    ENTRIES.given(said).when(StateRegistration(other)).then(other)
    ENTRIES.given(said, other).when(StateRegistration(said)).then_nothing_happens()


def test_it_is_there_without_members_and_the_same_is_nothing_new() -> None:
    SPEC.given().when(RegisterSociety(REGISTERED, SAID)).then(REGISTERED)
    again = varied(REGISTERED, at=LATER)
    SPEC.given(REGISTERED).when(RegisterSociety(again, SAID)).then_nothing_happens()
    early = varied(REGISTERED, at=MONDAY - DAY, sectors=())
    SPEC.given(REGISTERED).when(RegisterSociety(early, SAID)).then_nothing_happens()
    judge = JudgeSociety(REGISTRATION_ID, MONDAY + SILENT_AFTER + DAY)
    SPEC.given(REGISTERED).when(judge).then_nothing_happens()


def test_what_it_says_later_names_what_is_so_no_more() -> None:
    moved = varied(
        REGISTERED, at=LATER, place=DORCHESTER, places=(DORCHESTER,), sectors=(), federations=()
    )
    left = varied(
        moved,
        left_places=(ROXBURY,),
        left_sectors=REGISTERED.sectors,
        left_federations=REGISTERED.federations,
    )
    SPEC.given(REGISTERED).when(RegisterSociety(moved, SAID)).then(left)
    SPEC.given(REGISTERED, left).when(RegisterSociety(moved, SAID)).then_nothing_happens()


def test_who_joins_first_leads_and_the_last_to_leave_does_not_end_it() -> None:
    SPEC.given(REGISTERED).when(JoinSociety(REGISTRATION_ID, SECOND_ID, MONDAY)).then(JOINED)
    left = varied(SOCIETY_LEFT, **OWN, member_id=SECOND_ID)
    leave = LeaveSociety(REGISTRATION_ID, SECOND_ID, MONDAY)
    SPEC.given(REGISTERED, JOINED).when(leave).then(left)
    again = JoinSociety(REGISTRATION_ID, FOUNDER_ID, MONDAY)
    first = varied(JOINED, member_id=FOUNDER_ID)
    SPEC.given(REGISTERED, JOINED, left).when(again).then(first)


@pytest.mark.parametrize(
    "command",
    [
        RewordSociety(REGISTRATION_ID, SECOND_ID, MONDAY, "9" * 32),
        DissolveSociety(REGISTRATION_ID, SECOND_ID, MONDAY),
    ],
)
def test_nobody_says_for_it_what_its_register_says(command: object) -> None:
    SPEC.given(REGISTERED, JOINED).when(command).then_fails_with(OfRegisterError)


@pytest.mark.parametrize("ended", [ENDED, MERGED])
def test_one_that_has_ended_nobody_joins_until_its_register_says_otherwise(ended: object) -> None:
    join = JoinSociety(REGISTRATION_ID, FOUNDER_ID, LATER)
    SPEC.given(REGISTERED, JOINED, ended).when(join).then_fails_with(DissolvedError)
    again = varied(REGISTERED, at=LATER + DAY)
    back = varied(JOINED, member_id=FOUNDER_ID, at=LATER)
    SPEC.given(REGISTERED, JOINED, ended, again).when(join).then(back)


def test_a_suspension_outlives_what_its_register_says() -> None:
    suspended = varied(SOCIETY_SUSPENDED, **OWN)
    reinstated = varied(SOCIETY_REINSTATED, **OWN)
    fold = category.decider.fold
    assert fold([REGISTERED, suspended, ENDED]).life == "suspended"
    assert fold([REGISTERED, suspended, ENDED, reinstated]).life == "dissolved"
    assert fold([REGISTERED, suspended, varied(ENDED, ended_on=None), reinstated]).life == "active"


def test_it_is_kept_beside_the_log_with_its_entry() -> None:
    society = category.decider.fold([REGISTERED, JOINED])
    kept: Kept[Society] = Kept(dump, load)
    assert kept.load(kept.dump(society)) == society
    assert society.leader == SECOND_ID
