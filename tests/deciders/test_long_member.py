"""A member with many credits costs no more room than one with few."""

from functools import reduce

import pytest
from crediting import credit as credited_on

from services.promotion.domain.member import CreditReport, category
from services.promotion.domain.tally import LONGEST_DAYS
from services.promotion.domain.track import Track
from services.promotion.domain.work import Work
from shared.contracts.event import EventRef
from shared.contracts.member import MemberQualified
from shared.testing.examples import REPORT_CREDITED, varied


def credit(number: int) -> CreditReport:
    proof = EventRef(id=f"{number:032x}", stream="INTAKE", sequence=number + 1)
    return CreditReport(varied(REPORT_CREDITED, report_id=proof.id, earned_by=proof))


@pytest.mark.parametrize("many", [1, 5_000])
def test_a_qualification_is_no_larger_after_many_credits_than_after_few(many: int) -> None:
    """It once listed them: 55,000 credits made a message that no server takes."""
    decider = category([Track("one-day", 1, "One day", many, 1, 1, 1.0)]).decider
    state = decider.initial_state
    for number in range(many):
        events = decider.decide(credit(number), state)
        state = reduce(decider.evolve, events, state)
    qualified = events[-1]
    assert isinstance(qualified, MemberQualified)
    assert qualified.confirmed == many
    assert qualified.earned_by == ()
    assert len(qualified.model_dump_json()) < 500


def test_what_is_kept_of_sectors_places_and_confirmers_stops_growing() -> None:
    """By day they would grow for ever; no window looks back further than this."""
    done, most = Work(), 0
    for day in range(LONGEST_DAYS * 2):
        done = done.credited(credited_on(day)).credited(credited_on(day))
        kept = [done.sectors, done.places, done.confirmers]
        most = max(most, *(len(each.days) for tallies in kept for each in tallies.values()))
    assert most == LONGEST_DAYS * 8
    assert done.credits.number_of_days == LONGEST_DAYS * 2
    assert {each.total for each in done.sectors.values()} == {LONGEST_DAYS * 4}
