"""Anyone founds a society; its members look after it, and somebody leads it as long as it lasts."""

import pytest

from services.promotion.domain.society import (
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
    TakeOffice,
    category,
    with_figures_from,
)
from services.promotion.domain.society_rules import (
    AppealedError,
    DissolvedError,
    NoAppealError,
    NoMemberError,
    NoSocietyError,
    NotAloneError,
    NotForThemError,
    NotHeldYetError,
    SamePersonError,
    SuspendedError,
)
from services.promotion.domain.suspension import (
    AppealSuspension,
    DeclineAppeal,
    ReinstateSociety,
    SuspendSociety,
)
from shared.contracts.society import SILENT_AFTER
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    ACTIVITY_HELD,
    APPEAL_DECLINED,
    DAY,
    EDITOR_ID,
    FOUNDER_ID,
    LEADER_FOLLOWED,
    MEMBER_ANSWERED,
    MEMBER_FORGOTTEN,
    MEMBERS_ASKED,
    MONDAY,
    OFFICE_GIVEN,
    OFFICE_TAKEN,
    OPERATOR_ID,
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
    SUCCESSION_RULED,
    SUSPENSION_APPEALED,
    varied,
)

SPEC = DeciderSpec(category.decider)
THIRD_ID = "3" * 32
FOUNDED, JOINED = SOCIETY_FOUNDED, SOCIETY_JOINED
THIRD_JOINED = varied(SOCIETY_JOINED, member_id=THIRD_ID)
LEAVE = LeaveSociety(SOCIETY_ID, FOUNDER_ID, MONDAY)
ASKED_AT = MEMBERS_ASKED.at


def test_anyone_founds_a_society_without_asking() -> None:
    SPEC.given().when(FoundSociety(FOUNDED)).then(FOUNDED)


def test_before_it_is_founded_nobody_does_anything_in_it() -> None:
    SPEC.given().when(JoinSociety(SOCIETY_ID, SECOND_ID, MONDAY)).then_fails_with(NoSocietyError)


def test_anybody_joins_and_leaves() -> None:
    SPEC.given(FOUNDED).when(JoinSociety(SOCIETY_ID, SECOND_ID, MONDAY)).then(JOINED)
    left = varied(SOCIETY_LEFT, member_id=SECOND_ID)
    SPEC.given(FOUNDED, JOINED).when(LeaveSociety(SOCIETY_ID, SECOND_ID, MONDAY)).then(left)
    SPEC.given(FOUNDED).when(LeaveSociety(SOCIETY_ID, SECOND_ID, MONDAY)).then_nothing_happens()


def test_after_its_leader_who_has_been_there_longest_leads() -> None:
    given = SPEC.given(FOUNDED, JOINED, THIRD_JOINED)
    given.when(LEAVE).then(SOCIETY_LEFT, LEADER_FOLLOWED)


def test_who_was_not_heard_for_a_year_leads_only_if_nobody_else_is_left() -> None:
    later = MONDAY + 366 * DAY
    third = varied(THIRD_JOINED, at=later)
    left = varied(SOCIETY_LEFT, at=later)
    leave = LeaveSociety(SOCIETY_ID, FOUNDER_ID, later)
    SPEC.given(FOUNDED, JOINED, third).when(leave).then(
        left, varied(LEADER_FOLLOWED, at=later, member_id=THIRD_ID)
    )
    SPEC.given(FOUNDED, JOINED).when(leave).then(left, varied(LEADER_FOLLOWED, at=later))


def test_by_its_own_rule_a_deputy_follows() -> None:
    deputy = varied(OFFICE_GIVEN, member_id=THIRD_ID)
    given = SPEC.given(FOUNDED, JOINED, THIRD_JOINED, deputy, SUCCESSION_RULED)
    given.when(LEAVE).then(SOCIETY_LEFT, varied(LEADER_FOLLOWED, member_id=THIRD_ID))


def test_with_its_last_member_it_is_dissolved() -> None:
    SPEC.given(FOUNDED).when(LEAVE).then(SOCIETY_LEFT, SOCIETY_DISSOLVED)


def test_a_leader_hands_over_and_gives_offices() -> None:
    given = SPEC.given(FOUNDED, JOINED)
    given.when(HandOverLead(SOCIETY_ID, FOUNDER_ID, MONDAY, SECOND_ID)).then(LEADER_FOLLOWED)
    office = (SOCIETY_ID, FOUNDER_ID, MONDAY, SECOND_ID, "deputy")
    given.when(GiveOffice(*office)).then(OFFICE_GIVEN)  # type: ignore[arg-type]
    SPEC.given(FOUNDED, JOINED, OFFICE_GIVEN).when(TakeOffice(*office)).then(OFFICE_TAKEN)  # type: ignore[arg-type]
    given.when(RuleSuccession(SOCIETY_ID, FOUNDER_ID, MONDAY, "deputy")).then(SUCCESSION_RULED)
    with_nobody = HandOverLead(SOCIETY_ID, FOUNDER_ID, MONDAY, THIRD_ID)
    given.when(with_nobody).then_fails_with(NoMemberError)


def test_who_does_not_lead_gives_nothing_away() -> None:
    given = SPEC.given(FOUNDED, JOINED, THIRD_JOINED)
    for command in (
        HandOverLead(SOCIETY_ID, SECOND_ID, MONDAY, THIRD_ID),
        GiveOffice(SOCIETY_ID, SECOND_ID, MONDAY, SECOND_ID, "deputy"),
        RuleSuccession(SOCIETY_ID, SECOND_ID, MONDAY, "deputy"),
        DissolveSociety(SOCIETY_ID, SECOND_ID, MONDAY),
        RewordSociety(SOCIETY_ID, SECOND_ID, MONDAY, "5" * 32),
    ):
        given.when(command).then_fails_with(NotForThemError)


def test_an_office_is_laid_down_by_who_has_it() -> None:
    down = TakeOffice(SOCIETY_ID, SECOND_ID, MONDAY, SECOND_ID, "deputy")
    SPEC.given(FOUNDED, JOINED, OFFICE_GIVEN).when(down).then(varied(OFFICE_TAKEN, by=SECOND_ID))


def test_officers_word_it_anew() -> None:
    reword = RewordSociety(SOCIETY_ID, FOUNDER_ID, MONDAY, "5" * 32)
    SPEC.given(FOUNDED).when(reword).then(SOCIETY_REWORDED)
    by_deputy = RewordSociety(SOCIETY_ID, SECOND_ID, MONDAY, "5" * 32)
    SPEC.given(FOUNDED, JOINED, OFFICE_GIVEN).when(by_deputy).then(
        varied(SOCIETY_REWORDED, by=SECOND_ID)
    )


def held(by: str, days: int = -1) -> HoldActivity:
    event = ACTIVITY_HELD
    return HoldActivity(
        *(SOCIETY_ID, by, MONDAY, event.activity_id, event.words, event.place),
        on=(MONDAY + days * DAY).date(),
        came=event.came,
    )


def test_any_member_holds_an_activity_and_nobody_else() -> None:
    SPEC.given(FOUNDED).when(held(FOUNDER_ID)).then(ACTIVITY_HELD)
    SPEC.given(FOUNDED).when(held(SECOND_ID)).then_fails_with(NoMemberError)
    SPEC.given(FOUNDED).when(held(FOUNDER_ID, days=2)).then_fails_with(NotHeldYetError)


def test_of_ten_members_it_is_told_once_there_are_three_more_and_of_nobody_by_name() -> None:
    """Whoever comes and goes alone does not show in it, nor how many there are below ten."""
    others = [varied(JOINED, member_id=f"{number:032x}") for number in range(11)]
    joins = JoinSociety(SOCIETY_ID, SECOND_ID, MONDAY)
    grown = SPEC.given(FOUNDED, *others).when(joins)
    decided = grown.decider.decide(joins, grown.decider.fold(grown.history))
    counted = decided[-1]
    assert (len(decided), counted.at_least) == (2, 10)
    grown.then(*decided)
    left = varied(SOCIETY_LEFT, member_id=SECOND_ID)
    leaves = LeaveSociety(SOCIETY_ID, SECOND_ID, MONDAY)
    now = [FOUNDED, *others, *decided]
    SPEC.given(*now).when(leaves).then(left)
    gone = [varied(SOCIETY_LEFT, member_id=f"{number:032x}") for number in range(2)]
    SPEC.given(*now, *gone).when(leaves).then(left, varied(counted, at_least=0))


def test_below_the_charters_smallest_figure_no_step_is_counted_at_all() -> None:
    """Twice nothing, one after the other, would be ten and then twenty."""
    spec = DeciderSpec(with_figures_from(50).decider)
    others = [varied(JOINED, member_id=f"{number:032x}") for number in range(52)]
    for many in (10, 11, 12, 21, 22, 49, 50, 51):
        joined = varied(JOINED, member_id=SECOND_ID)
        joins = JoinSociety(SOCIETY_ID, SECOND_ID, MONDAY)
        counted = [varied(SOCIETY_COUNTED, at_least=50)] if many == 51 else []
        spec.given(FOUNDED, *others[:many]).when(joins).then(joined, *counted)


def test_its_members_are_asked_before_it_is_dormant() -> None:
    early = JudgeSociety(SOCIETY_ID, MONDAY + SILENT_AFTER - DAY)
    SPEC.given(FOUNDED).when(early).then_nothing_happens()
    SPEC.given(FOUNDED).when(JudgeSociety(SOCIETY_ID, ASKED_AT)).then(MEMBERS_ASKED)
    over = MEMBERS_ASKED.dormant_at
    asked = SPEC.given(FOUNDED, MEMBERS_ASKED)
    asked.when(JudgeSociety(SOCIETY_ID, over - DAY)).then_nothing_happens()
    asked.when(JudgeSociety(SOCIETY_ID, over)).then(SOCIETY_FELL_DORMANT)


def test_a_sweep_that_comes_late_leaves_them_their_time() -> None:
    late = ASKED_AT + 400 * DAY
    asked = varied(MEMBERS_ASKED, at=late, dormant_at=late + 30 * DAY)
    SPEC.given(FOUNDED).when(JudgeSociety(SOCIETY_ID, late)).then(asked)


def test_one_answer_is_enough() -> None:
    answered = MEMBER_ANSWERED
    answer = AnswerForSociety(SOCIETY_ID, FOUNDER_ID, answered.at)
    SPEC.given(FOUNDED, MEMBERS_ASKED).when(answer).then(answered)
    given = SPEC.given(FOUNDED, MEMBERS_ASKED, answered)
    given.when(JudgeSociety(SOCIETY_ID, MEMBERS_ASKED.dormant_at)).then_nothing_happens()


@pytest.mark.parametrize("asked_once", [True, False])
def test_a_dormant_one_is_revived_by_a_member_or_whoever_joins(*, asked_once: bool) -> None:
    revived = SOCIETY_REVIVED
    given = SPEC.given(FOUNDED, *([MEMBERS_ASKED] if asked_once else []), SOCIETY_FELL_DORMANT)
    given.when(AnswerForSociety(SOCIETY_ID, FOUNDER_ID, revived.at)).then(revived)
    joined = varied(JOINED, at=revived.at)
    given.when(JoinSociety(SOCIETY_ID, SECOND_ID, revived.at)).then(
        joined, varied(revived, member_id=SECOND_ID)
    )


def test_what_is_abused_is_suspended_with_a_reason() -> None:
    suspend = SuspendSociety(SOCIETY_ID, OPERATOR_ID, SOCIETY_SUSPENDED.reason, MONDAY)
    SPEC.given(FOUNDED).when(suspend).then(SOCIETY_SUSPENDED)
    given = SPEC.given(FOUNDED, SOCIETY_SUSPENDED)
    given.when(JoinSociety(SOCIETY_ID, SECOND_ID, MONDAY)).then_fails_with(SuspendedError)
    given.when(held(FOUNDER_ID)).then_fails_with(SuspendedError)
    given.when(JudgeSociety(SOCIETY_ID, ASKED_AT)).then_nothing_happens()


def test_members_appeal_once_and_somebody_else_decides() -> None:
    appealed = SUSPENSION_APPEALED
    appeal = AppealSuspension(SOCIETY_ID, FOUNDER_ID, appealed.words, MONDAY)
    SPEC.given(FOUNDED, SOCIETY_SUSPENDED).when(appeal).then(appealed)
    given = SPEC.given(FOUNDED, SOCIETY_SUSPENDED, appealed)
    decline = DeclineAppeal(SOCIETY_ID, EDITOR_ID, APPEAL_DECLINED.reason, MONDAY)
    given.when(decline).then(APPEAL_DECLINED)
    reinstate = ReinstateSociety(SOCIETY_ID, EDITOR_ID, SOCIETY_REINSTATED.reason, MONDAY)
    given.when(reinstate).then(SOCIETY_REINSTATED)
    for same in (
        DeclineAppeal(SOCIETY_ID, OPERATOR_ID, "No", MONDAY),
        ReinstateSociety(SOCIETY_ID, OPERATOR_ID, "Yes", MONDAY),
    ):
        given.when(same).then_fails_with(SamePersonError)
    SPEC.given(FOUNDED, SOCIETY_SUSPENDED).when(decline).then_fails_with(NoAppealError)
    declined = SPEC.given(FOUNDED, SOCIETY_SUSPENDED, appealed, APPEAL_DECLINED)
    declined.when(appeal).then_fails_with(AppealedError)


def test_nobody_ends_a_society_for_its_other_members() -> None:
    dissolve = DissolveSociety(SOCIETY_ID, FOUNDER_ID, MONDAY)
    SPEC.given(FOUNDED).when(dissolve).then(SOCIETY_DISSOLVED)
    SPEC.given(FOUNDED, JOINED).when(dissolve).then_fails_with(NotAloneError)
    SPEC.given(FOUNDED, JOINED, SOCIETY_FELL_DORMANT).when(dissolve).then(SOCIETY_DISSOLVED)
    join = JoinSociety(SOCIETY_ID, THIRD_ID, MONDAY)
    SPEC.given(FOUNDED, SOCIETY_DISSOLVED).when(join).then_fails_with(DissolvedError)


def test_who_can_not_sign_in_any_more_is_a_member_no_more_and_forgotten() -> None:
    forget = ForgetMember(SOCIETY_ID, FOUNDER_ID, MONDAY)
    SPEC.given(FOUNDED, JOINED).when(forget).then(SOCIETY_LEFT, LEADER_FOLLOWED, MEMBER_FORGOTTEN)
    gone = SPEC.given(FOUNDED, JOINED, SOCIETY_LEFT, LEADER_FOLLOWED)
    gone.when(forget).then(MEMBER_FORGOTTEN)
