"""Findings that were right are credits of their own kind: only tracks that ask count them."""

from dataclasses import replace
from functools import reduce

from crediting import MEMBER, credit, credits_within, tracks
from hypothesis import given
from hypothesis import strategies as st

from services.promotion.domain.member import (
    CreditFinding,
    CreditReport,
    EndGrace,
    MemberCommand,
    category,
)
from services.promotion.domain.member_state import Member, dump, load
from services.promotion.domain.track import Track, record_for
from services.promotion.domain.work import told
from services.promotion.reactions import REACTIONS
from shared.contracts.member import FindingCredited, MemberEvent, MemberQualified
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    CHECKER_CREDITED,
    FINDING_CREDITED,
    recorded,
    varied,
)

TRACK = Track("looks", 1, "Looks", 1, 1, 1, 1.0, findings=2)
decider = category([TRACK]).decider
member: DeciderSpec[MemberCommand, MemberEvent] = DeciderSpec(decider)


def finding(day: int = 0, number: int = 0) -> FindingCredited:
    made: FindingCredited = varied(
        FINDING_CREDITED, member_id=MEMBER, checking_id=f"{number:032x}", on=credit(day).on
    )
    return made


def lived(commands: list[MemberCommand], track: Track) -> list[MemberEvent]:
    own = category([track], takes_back=True).decider
    state, log = own.initial_state, list[MemberEvent]()
    for command in commands:
        events = list(own.decide(command, state))
        state = reduce(own.evolve, events, state)
        log += events
    return log


def test_what_intake_says_of_a_checker_is_a_credit_of_the_member() -> None:
    (of_intake, *_) = REACTIONS
    assert type(CHECKER_CREDITED) in of_intake.handles
    said = recorded(CHECKER_CREDITED, 9)
    (ask,) = of_intake.asks(said)
    wanted = FindingCredited(
        member_id=CHECKER_CREDITED.member_id,
        checking_id=CHECKER_CREDITED.checking_id,
        place=CHECKER_CREDITED.place,
        sector=CHECKER_CREDITED.sector,
        confidential=False,
        protected=False,
        on=CHECKER_CREDITED.credited_at.date(),
        earned_by=said.ref,
    )
    assert ask.command == CreditFinding(wanted)


def test_a_checking_counts_once() -> None:
    member.given(finding()).when(CreditFinding(finding(3))).then_nothing_happens()
    member.given(finding()).when(CreditFinding(finding(3, 1))).then(finding(3, 1))


def test_who_found_often_enough_qualifies_with_the_finding() -> None:
    state = decider.fold([credit(0), finding(1)])
    credited, qualified = decider.decide(CreditFinding(finding(2, 1)), state)
    assert credited == finding(2, 1)
    assert isinstance(qualified, MemberQualified)
    assert (qualified.on, qualified.confirmed) == (finding(2).on, 1)


def test_findings_alone_are_no_reports() -> None:
    state = decider.fold([finding(1), finding(2, 1)])
    assert len(decider.decide(CreditFinding(finding(3, 2)), state)) == 1
    assert state.record.confirmed == state.record.days == state.record.sectors == 0


def test_a_window_is_that_of_reports_and_holds_for_findings() -> None:
    judged = replace(TRACK, window_days=10)
    state = decider.fold([finding(0), credit(15), finding(16, 1)])
    assert record_for(judged, state.work).findings == 1
    assert record_for(TRACK, state.work).findings == 2


@given(credits_within(120, most=20), tracks, st.data(), st.sampled_from([0, 20]))
def test_tracks_that_ask_for_none_are_judged_exactly_as_before(
    honest: list[object], track: Track, data: st.DataObject, grace: int
) -> None:
    """Whatever was found in between: the same events of reports and qualifications. Of lapses that
    are due a finding says earlier what the calendar says in any case."""
    judged = replace(track, grace_days=grace)
    without: list[MemberCommand] = [CreditReport(each) for each in honest]  # type: ignore[arg-type]
    among = list(without)
    for number in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(among)))
        before = [each.credited.on for each in among[:at] if isinstance(each, CreditReport)]
        day = max(before, default=credit(0).on)
        among.insert(at, CreditFinding(varied(finding(0, number), on=day)))
    end: list[MemberCommand] = [EndGrace(MEMBER, credit(400).on)]
    seen = [each for each in lived([*among, *end], judged) if not isinstance(each, FindingCredited)]
    assert seen == lived([*without, *end], judged)


@given(st.lists(st.integers(0, 900), max_size=12))
def test_a_member_with_findings_is_kept_beside_the_log_as_they_are(days: list[int]) -> None:
    found = [finding(day, number) for number, day in enumerate(days)]
    state: Member = decider.fold([credit(0), *found])
    kept = load(dump(state))
    assert told(kept.work) == told(state.work)
    assert kept.work.findings == decider.fold([*reversed(found), credit(0)]).work.findings
    assert all(each.checking_id in kept.settled for each in found)
