"""Whatever is done in a society, somebody of its members leads it while it lasts."""

from collections.abc import Sequence
from contextlib import suppress
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from services.promotion.domain.society import (
    SMALLEST,
    AnswerForSociety,
    DissolveSociety,
    ForgetMember,
    FoundSociety,
    GiveOffice,
    HandOverLead,
    HoldActivity,
    JoinSociety,
    JudgeSociety,
    LeaveSociety,
    RewordSociety,
    RuleSuccession,
    SocietyCommand,
    TakeOffice,
    category,
)
from services.promotion.domain.society_kept import dump, load
from services.promotion.domain.society_rules import size_of
from services.promotion.domain.society_state import Society
from services.promotion.domain.suspension import (
    AppealSuspension,
    DeclineAppeal,
    ReinstateSociety,
    SuspendSociety,
)
from shared.contracts.society import SocietyEvent
from shared.eventsourcing.errors import DomainError
from shared.testing.examples import DAY, MONDAY, ROXBURY, SOCIETY_FOUNDED, SOCIETY_ID

DECIDER = category.decider
people = st.sampled_from([SOCIETY_FOUNDED.founder, *(f"{number:032x}" for number in range(13))])
moments = st.integers(0, 900).map(lambda days: MONDAY + days * DAY)
words = st.integers(0, 9).map(lambda number: f"{number:032x}")
offices = st.sampled_from(["deputy", "secretary", "treasurer"])
who_when = (st.just(SOCIETY_ID), people, moments)
reasons = st.just("A reason")
commands: st.SearchStrategy[SocietyCommand] = st.one_of(
    st.builds(JoinSociety, *who_when),
    st.builds(JoinSociety, *who_when),
    st.builds(LeaveSociety, *who_when),
    st.builds(ForgetMember, *who_when),
    st.builds(AnswerForSociety, *who_when),
    st.builds(RewordSociety, *who_when, words),
    st.builds(HandOverLead, *who_when, people),
    st.builds(GiveOffice, *who_when, people, offices),
    st.builds(TakeOffice, *who_when, people, offices),
    st.builds(RuleSuccession, *who_when, st.sampled_from(["longest-standing", "deputy"])),
    st.builds(
        HoldActivity, *who_when, words, words, st.just(ROXBURY), st.just(MONDAY.date()), st.just(3)
    ),
    st.builds(JudgeSociety, st.just(SOCIETY_ID), moments),
    st.builds(DissolveSociety, *who_when),
    st.builds(SuspendSociety, st.just(SOCIETY_ID), people, reasons, moments),
    st.builds(AppealSuspension, *who_when[:2], words, moments),
    st.builds(DeclineAppeal, *who_when[:2], reasons, moments),
    st.builds(ReinstateSociety, *who_when[:2], reasons, moments),
)
stories = st.lists(commands, max_size=40)


def decided(command: SocietyCommand, society: Society) -> Sequence[SocietyEvent]:
    """What is forbidden changes nothing."""
    with suppress(DomainError):
        return DECIDER.decide(command, society)
    return []


def lived(story: list[SocietyCommand]) -> list[Society]:
    societies = [DECIDER.fold(DECIDER.decide(FoundSociety(SOCIETY_FOUNDED), Society()))]
    for command in story:
        events = decided(command, societies[-1])
        societies.append(reduce(DECIDER.evolve, events, societies[-1]))
        assert decided(command, societies[-1]) == [], "a repetition changed something"
    return societies


@given(stories)
def test_a_member_leads_it_while_it_lasts(story: list[SocietyCommand]) -> None:
    for society in lived(story):
        if society.life != "dissolved":
            assert society.leader in society.members
        assert all(who in society.members for who, _ in society.offices)
        assert society.counted == size_of(society, SMALLEST)


@given(stories, stories)
def test_kept_beside_the_log_it_decides_the_same(
    before: list[SocietyCommand], after: list[SocietyCommand]
) -> None:
    society = lived(before)[-1]
    kept = load(dump(society))
    for command in after:
        events = decided(command, society)
        assert decided(command, kept) == events
        society, kept = (reduce(DECIDER.evolve, events, each) for each in (society, kept))
    assert dump(kept) == dump(society)
