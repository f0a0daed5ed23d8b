"""What counts for a member and against, and when they qualify."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.promotion.domain.member import (
    CreditReport,
    MemberCommand,
    NoteRefutation,
    category,
)
from services.promotion.domain.track import Track
from shared.contracts.event import EventRef
from shared.contracts.identity import aggregate_id
from shared.contracts.member import MemberEvent, MemberQualified, ReportCredited
from shared.contracts.proof import digest_of
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    DORCHESTER,
    GRAFFITI,
    MEMBER_ID,
    REFUTATION_NOTED,
    REPORT_CONFIRMED_AT,
    REPORT_CREDITED,
    ROXBURY,
    STREET_LIGHTS,
    varied,
)

TRACK = Track(
    "correspondent", 3, "Correspondent", confirmed=2, sectors=2, days=2, refuted_share=0.34
)
HARDER = Track("inspector", 1, "Inspector", confirmed=4, sectors=2, days=3, refuted_share=0.2)
FIRST_DAY = REPORT_CREDITED.on

CREDIT = CreditReport(REPORT_CREDITED)
NOTE = NoteRefutation(REFUTATION_NOTED)
SECOND_PROOF = EventRef(id="f" * 32, stream="INTAKE", sequence=9)
SECOND_REPORT = aggregate_id("report", "boston", "102")
SECOND_CREDITED = varied(
    REPORT_CREDITED,
    report_id=SECOND_REPORT,
    place=DORCHESTER,
    sector=GRAFFITI,
    on=FIRST_DAY + timedelta(1),
    earned_by=SECOND_PROOF,
)
SECOND_CREDIT = CreditReport(SECOND_CREDITED)
REPORT_CREDITED_OTHER = varied(REPORT_CREDITED, report_id=aggregate_id("report", "boston", "103"))
QUALIFIED = MemberQualified(
    member_id=MEMBER_ID,
    place="us.ma.boston",
    track="correspondent",
    rule_version=3,
    on=FIRST_DAY + timedelta(1),
    confirmed=2,
    sectors=2,
    days=2,
    refuted_share=0.0,
    confidential=False,
    protected=False,
    digest=digest_of([REPORT_CONFIRMED_AT.id, SECOND_PROOF.id]),
)

decider = category([TRACK, HARDER]).decider
member: DeciderSpec[MemberCommand, MemberEvent] = DeciderSpec(decider)


def test_a_confirmed_report_is_a_credit() -> None:
    member.given().when(CREDIT).then(REPORT_CREDITED)


def test_a_refuted_report_is_noted() -> None:
    member.given().when(NOTE).then(REFUTATION_NOTED)


def test_what_a_protected_report_has_a_part_in_is_protected() -> None:
    qualified = varied(QUALIFIED, protected=True)
    for event, share in ((REPORT_CREDITED, 0.0), (REFUTATION_NOTED, 0.3333)):
        protected, last = varied(event, protected=True), varied(qualified, refuted_share=share)
        given = [protected] if event is REPORT_CREDITED else [protected, REPORT_CREDITED_OTHER]
        member.given(*given).when(SECOND_CREDIT).then(SECOND_CREDITED, last)


def test_what_a_confidential_report_has_a_part_in_is_confidential() -> None:
    confidential = varied(REPORT_CREDITED, confidential=True)
    qualified = varied(QUALIFIED, confidential=True)
    member.given(confidential).when(SECOND_CREDIT).then(SECOND_CREDITED, qualified)


@pytest.mark.parametrize("settled", [REPORT_CREDITED, REFUTATION_NOTED])
@pytest.mark.parametrize("command", [CREDIT, NOTE])
def test_a_report_counts_only_once(settled: MemberEvent, command: MemberCommand) -> None:
    member.given(settled).when(command).then_nothing_happens()


def test_who_meets_a_rule_qualifies_with_the_digest_of_the_very_events_that_earned_it() -> None:
    member.given(REPORT_CREDITED).when(SECOND_CREDIT).then(SECOND_CREDITED, QUALIFIED)


def test_work_in_one_place_only_qualifies_for_that_place() -> None:
    there = varied(SECOND_CREDITED, place=ROXBURY)
    member.given(REPORT_CREDITED).when(CreditReport(there)).then(
        there, varied(QUALIFIED, place=ROXBURY)
    )


def test_whose_reports_were_refuted_too_often_does_not_qualify() -> None:
    noted = [varied(REFUTATION_NOTED, report_id=aggregate_id("report", "x", n)) for n in "12"]
    member.given(*noted, REPORT_CREDITED).when(SECOND_CREDIT).then(SECOND_CREDITED)


def test_a_member_qualifies_on_a_track_only_once() -> None:
    third = varied(SECOND_CREDITED, report_id=aggregate_id("report", "boston", "103"))
    member.given(REPORT_CREDITED, SECOND_CREDITED, QUALIFIED).when(CreditReport(third)).then(third)


days = st.integers(0, 4).map(lambda number: date(2030, 1, 1) + timedelta(number))
places = st.sampled_from([ROXBURY, DORCHESTER, "us.ny"])
sectors = st.sampled_from([STREET_LIGHTS, GRAFFITI])
reports = st.integers(1, 12)


@st.composite
def _commands(draw: st.DrawFn) -> MemberCommand:
    number = draw(reports)
    proof = EventRef(id=f"{number:032x}", stream="INTAKE", sequence=number)
    credited = varied(
        REPORT_CREDITED,
        report_id=proof.id,
        place=draw(places),
        sector=draw(sectors),
        on=draw(days),
        confidential=draw(st.booleans()),
        protected=draw(st.booleans()),
        earned_by=proof,
    )
    if draw(st.booleans()):
        return CreditReport(credited)
    return NoteRefutation(varied(REFUTATION_NOTED, report_id=credited.report_id))


@given(st.lists(_commands(), max_size=25))
def test_a_member_qualifies_at_the_very_credit_that_meets_the_rule(
    commands: list[MemberCommand],
) -> None:
    """Told again from the commands alone, without the decider's own figures."""
    events: list[MemberEvent] = []
    seen: set[str] = set()
    credited: list[ReportCredited] = []
    refuted = 0
    open_tracks = {track.name: track for track in (TRACK, HARDER)}
    for command in commands:
        decided = decider.decide(command, decider.fold(events))
        events += decided
        qualified = [event for event in decided if isinstance(event, MemberQualified)]
        met: list[str] = []
        match command:
            case CreditReport(credit) if credit.report_id not in seen:
                seen.add(credit.report_id)
                credited.append(credit)
                met = [n for n, track in open_tracks.items() if _meets(track, credited, refuted)]
            case NoteRefutation(note) if note.report_id not in seen:
                seen.add(note.report_id)
                refuted += 1
        assert [event.track for event in qualified] == met
        for event in qualified:
            del open_tracks[event.track]
            assert event.confirmed == len(credited)
            assert event.digest == digest_of(credit.earned_by.id for credit in credited)
    assert sum(isinstance(event, ReportCredited) for event in events) == len(credited)


def _meets(track: Track, credited: list[ReportCredited], refuted: int) -> bool:
    share = Fraction(refuted, len(credited) + refuted)
    return (
        len(credited) >= track.confirmed
        and len({credit.sector for credit in credited}) >= track.sectors
        and len({credit.on for credit in credited}) >= track.days
        and share <= Fraction(str(track.refuted_share))
    )
