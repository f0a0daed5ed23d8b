"""What came of a report counts no more once it is reopened, where the charter says so."""

from datetime import timedelta
from functools import reduce
from typing import Literal

from crediting import MEMBER, credit, credits_within
from hypothesis import given
from hypothesis import strategies as st

from services.promotion.domain.member import (
    CreditReport,
    MemberCommand,
    NoteRefutation,
    TakeBackOutcome,
    category,
)
from services.promotion.domain.member_state import Member, dump
from services.promotion.domain.track import Track
from services.promotion.domain.work import told
from shared.contracts.event import EventRef
from shared.contracts.member import (
    MemberEvent,
    MemberQualified,
    OutcomeTakenBack,
    RefutationNoted,
    ReportCredited,
)
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import REFUTATION_NOTED, varied

TRACK = Track("two", 1, "Two", 2, 1, 1, 1.0)
REOPENED = EventRef(id="e" * 32, stream="INTAKE", sequence=9)
FIRST, SECOND, THIRD = credit(0), credit(1), credit(2)

decider = category([TRACK], takes_back=True).decider
member: DeciderSpec[MemberCommand, MemberEvent] = DeciderSpec(decider)


def reopened(settled: ReportCredited | RefutationNoted) -> TakeBackOutcome:
    return TakeBackOutcome(
        member_id=settled.member_id,
        report_id=settled.report_id,
        place=settled.place,
        sector=settled.sector,
        confidential=settled.confidential,
        protected=settled.protected,
        on=settled.on + timedelta(9),
        taken_back_for=REOPENED,
    )


def taken_back(
    settled: ReportCredited | RefutationNoted,
    outcome: Literal["confirmed", "refuted"] = "confirmed",
) -> OutcomeTakenBack:
    return OutcomeTakenBack(
        member_id=settled.member_id,
        report_id=settled.report_id,
        place=settled.place,
        sector=settled.sector,
        confidential=settled.confidential,
        protected=settled.protected,
        outcome=outcome,
        on=settled.on,
        confirmer=settled.confirmer if isinstance(settled, ReportCredited) else "",
        taken_back_for=REOPENED,
        taken_back_on=settled.on + timedelta(9),
    )


def test_a_credit_is_taken_back_with_the_day_and_confirmer_that_it_had() -> None:
    member.given(FIRST).when(reopened(FIRST)).then(taken_back(FIRST))


def test_so_is_a_refutation() -> None:
    back = taken_back(REFUTATION_NOTED, "refuted")
    member.given(REFUTATION_NOTED).when(reopened(REFUTATION_NOTED)).then(back)


def test_what_counts_for_nobody_is_not_taken_back() -> None:
    member.given(FIRST).when(reopened(SECOND)).then_nothing_happens()
    member.given(FIRST, taken_back(FIRST)).when(reopened(FIRST)).then_nothing_happens()


def test_where_the_charter_does_not_say_so_nothing_is() -> None:
    as_before: DeciderSpec[MemberCommand, MemberEvent] = DeciderSpec(category([TRACK]).decider)
    as_before.given(FIRST).when(reopened(FIRST)).then_nothing_happens()


def test_who_needs_what_was_taken_back_does_not_qualify() -> None:
    member.given(FIRST, taken_back(FIRST)).when(CreditReport(SECOND)).then(SECOND)


def test_a_report_that_is_confirmed_again_counts_again() -> None:
    again = varied(FIRST, on=THIRD.on)
    decided = decider.decide(CreditReport(again), decider.fold([FIRST, taken_back(FIRST), SECOND]))
    (_, qualified) = decided
    assert isinstance(qualified, MemberQualified)
    assert qualified.confirmed == 2


def test_a_report_that_is_refuted_after_all_counts_against_who_filed_it() -> None:
    noted = varied(
        REFUTATION_NOTED, report_id=FIRST.report_id, member_id=MEMBER, sector=FIRST.sector
    )
    member.given(FIRST, taken_back(FIRST)).when(NoteRefutation(noted)).then(noted)
    member.given(FIRST).when(NoteRefutation(noted)).then_nothing_happens()


def test_what_somebody_is_qualified_on_stays() -> None:
    qualified = decider.decide(CreditReport(SECOND), decider.fold([FIRST]))
    held = decider.fold([FIRST, *qualified, taken_back(FIRST)])
    assert held.qualified == {"two"}
    assert held.record.confirmed == 1


def _lived(commands: list[MemberCommand]) -> Member:
    judged = category((), takes_back=True).decider

    def follow(state: Member, command: MemberCommand) -> Member:
        return reduce(judged.evolve, judged.decide(command, state), state)

    return reduce(follow, commands, judged.initial_state)


@given(credits_within(60), credits_within(60, most=5), st.data())
def test_undoing_a_forged_confirmation_leaves_exactly_the_state_without_it(
    honest: list[ReportCredited], drawn: list[ReportCredited], data: st.DataObject
) -> None:
    """Whenever it came and whenever it goes; but for the digest, which is of all that was ever
    credited. Every other one is a refutation."""
    forged: list[ReportCredited | RefutationNoted] = []
    for number, each in enumerate(drawn):
        report = f"{number + 1:032x}"[::-1]
        noted = varied(REFUTATION_NOTED, member_id=MEMBER, report_id=report, on=each.on)
        forged.append(noted if number % 2 else varied(each, report_id=report))
    commands: list[MemberCommand] = [CreditReport(each) for each in honest]
    for each in forged:
        at = data.draw(st.integers(0, len(commands)))
        until = data.draw(st.integers(at, len(commands)))
        command = NoteRefutation(each) if isinstance(each, RefutationNoted) else CreditReport(each)
        commands.insert(until, reopened(each))
        commands.insert(at, command)
    undone, never = _lived(commands), _lived([CreditReport(each) for each in honest])
    assert told(undone.work) == told(never.work)
    assert undone.settled.pack() == never.settled.pack()
    assert undone.work == never.work
    behind = [dump(each).partition(b"\n")[2] for each in (undone, never)]
    assert behind[0] == behind[1]
