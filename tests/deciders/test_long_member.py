"""A member with many credits costs no more room than one with few."""

from functools import reduce

import pytest

from services.promotion.domain.member import CreditReport, category
from services.promotion.domain.track import Track
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
