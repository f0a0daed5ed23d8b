"""A qualification is lost: below nine tenths after a time of grace, or with what it rested on."""

from dataclasses import replace
from datetime import timedelta
from functools import reduce

from crediting import MEMBER, credit, credits_within, tracks
from hypothesis import given
from hypothesis import strategies as st
from test_outcome_taken_back import reopened

from services.promotion.domain.member import (
    CreditReport,
    EndGrace,
    MemberCommand,
    NoteRefutation,
    category,
)
from services.promotion.domain.member_state import Member, dump, load
from services.promotion.domain.track import Track
from shared.contracts.member import (
    Lack,
    MemberEvent,
    MemberQualified,
    QualificationLapsed,
    QualificationRevoked,
    QualificationSteadied,
    QualificationWavered,
    RefutationNoted,
    ReportCredited,
)
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import REFUTATION_NOTED, varied

TRACK = Track("ten", 1, "Ten", 10, 1, 1, 1.0, window_days=20, grace_days=30)
decider = category([TRACK], takes_back=True).decider
member: DeciderSpec[MemberCommand, MemberEvent] = DeciderSpec(decider)


def lived(commands: list[MemberCommand], judged: Track = TRACK) -> list[MemberEvent]:
    """What the log says of a member after these."""
    own = category([judged], takes_back=True).decider
    state, log = own.initial_state, list[MemberEvent]()
    for command in commands:
        events = list(own.decide(command, state))
        state = reduce(own.evolve, events, state)
        log += events
    return log


def credits_on(*days: int) -> list[MemberCommand]:
    return [CreditReport(credit(day, number)) for number, day in enumerate(days)]


def ends(log: list[MemberEvent]) -> list[str]:
    return [type(each).__name__ for each in log if not isinstance(each, ReportCredited)]


TEN = credits_on(*range(10))
QUALIFIED = lived(TEN)
BACK = credit(28, 77)
"""Its window begins with the ninth day: two of the ten are left, and it."""


def wavered() -> QualificationWavered:
    (found,) = [each for each in lived([*TEN, CreditReport(BACK)]) if "Wavered" in str(type(each))]
    assert isinstance(found, QualificationWavered)
    return found


def test_nine_tenths_are_enough_and_less_wavers() -> None:
    kept = credits_on(*range(10), 20)
    assert ends(lived(kept)) == ["MemberQualified"]
    less = [*credits_on(*range(10)), CreditReport(credit(22, 50))]
    log = lived(less)
    assert ends(log) == ["MemberQualified", "QualificationWavered"]
    event = log[-1]
    assert isinstance(event, QualificationWavered)
    assert (event.on, event.lapses_on) == (credit(22).on, credit(52).on)
    assert event.lacks == (Lack(what="confirmed", wanted=10_000_000, has=8_000_000),)


def test_after_the_time_of_grace_it_lapses_once() -> None:
    log = [*QUALIFIED, BACK, wavered()]
    early = EndGrace(MEMBER, wavered().lapses_on - timedelta(days=1))
    member.given(*log).when(early).then_nothing_happens()
    lapsed = QualificationLapsed(
        member_id=MEMBER,
        place="us.ma",
        confidential=BACK.confidential,
        protected=BACK.protected,
        track="ten",
        rule_version=1,
        on=wavered().lapses_on,
        lacks=wavered().lacks,
        holds=0,
        digest=decider.fold(log).digest,
        since=BACK.on,
    )
    member.given(*log).when(EndGrace(MEMBER, wavered().lapses_on + timedelta(days=9))).then(lapsed)
    assert decider.fold([*log, lapsed]).qualified == set()


def test_who_rises_in_time_keeps_it() -> None:
    rises = [CreditReport(credit(29, number)) for number in range(100, 108)]
    log = lived([*TEN, CreditReport(BACK), *rises, EndGrace(MEMBER, wavered().lapses_on)])
    assert ends(log) == ["MemberQualified", "QualificationWavered", "QualificationSteadied"]
    assert any(isinstance(each, QualificationSteadied) for each in log)


def test_who_rises_too_late_lost_it_whether_the_timer_came_first_or_not() -> None:
    late = [CreditReport(credit(58, number)) for number in range(100, 110)]
    timer: list[MemberCommand] = [EndGrace(MEMBER, wavered().lapses_on)]
    without = lived([*TEN, CreditReport(BACK), *late])
    assert without == lived([*TEN, CreditReport(BACK), *timer, *late])
    assert without == lived([*TEN, CreditReport(BACK), *late, *timer])
    assert ends(without)[1:] == ["QualificationWavered", "QualificationLapsed", "MemberQualified"]


def test_without_a_time_of_grace_nothing_lapses() -> None:
    track = replace(TRACK, grace_days=0)
    log = lived([*TEN, CreditReport(BACK), EndGrace(MEMBER, credit(700).on)], track)
    assert ends(log) == ["MemberQualified"]


def test_too_many_refutations_waver_too() -> None:
    """2 of 12 are more than 0.15, and within ten ninths of it; 3 of 13 are not."""
    judged = replace(TRACK, refuted_share=0.15, window_days=0)
    noted = [
        NoteRefutation(
            varied(REFUTATION_NOTED, member_id=MEMBER, report_id=f"{n:032x}", on=credit(n).on)
        )
        for n in (20, 21, 22)
    ]
    assert len(ends(lived([*TEN, *noted[:2]], judged))) == 1 + 2
    log = lived([*TEN, *noted], judged)
    assert isinstance(log[-1], QualificationWavered)
    assert [each.what for each in log[-1].lacks] == ["refuted_share"]


def test_what_it_rested_on_was_taken_back() -> None:
    log = lived([*TEN, reopened(credit(3, 3))])
    revoked = log[-1]
    assert isinstance(revoked, QualificationRevoked)
    assert revoked.lacks == (Lack(what="confirmed", wanted=10_000_000, has=9_000_000),)
    assert revoked.taken_back_for == reopened(credit(3, 3)).taken_back_for
    assert decider.fold(log).qualified == set()
    again = lived([*TEN, reopened(credit(3, 3)), *credits_on(10)[:0], CreditReport(credit(11, 9))])
    assert isinstance(again[-1], MemberQualified)


def test_what_is_met_without_is_not_revoked() -> None:
    log = lived([*credits_on(*range(11)), reopened(credit(3, 3))])
    assert not [each for each in log if isinstance(each, QualificationRevoked)]


def test_what_came_later_is_not_what_it_rested_on() -> None:
    """Nine of ten are left in the window: that wavers not, and is not revoked either."""
    later = CreditReport(credit(20, 50))
    log = lived([*TEN, later, reopened(credit(20, 50))])
    assert ends(log) == ["MemberQualified", "OutcomeTakenBack"]


def test_what_comes_after_it_goes_with_it() -> None:
    first = Track("first", 1, "First", 3, 1, 1, 1.0)
    second = replace(first, name="second", confirmed=1, after=("first",))
    own = category([first, second], takes_back=True).decider
    state = own.initial_state
    for each in credits_on(0, 1, 2):
        state = reduce(own.evolve, own.decide(each, state), state)
    assert state.qualified == {"first", "second"}
    _, one, two = own.decide(reopened(credit(1, 1)), state)
    assert isinstance(one, QualificationRevoked)
    assert isinstance(two, QualificationRevoked)
    assert [(one.track, one.holds), (two.track, two.holds)] == [("first", 0), ("second", 0)]
    assert two.lacks == ()


def test_what_was_earned_by_another_version_stays_as_it_was_earned() -> None:
    later = category([replace(TRACK, version=2)], takes_back=True).decider
    state = later.fold(QUALIFIED)
    decided = later.decide(reopened(credit(3, 3)), state)
    assert [type(each).__name__ for each in decided] == ["OutcomeTakenBack"]


@st.composite
def _lives(draw: st.DrawFn) -> list[MemberCommand]:
    found: list[MemberCommand] = []
    for number, each in enumerate(draw(credits_within(120, most=40))):
        report = f"{number:032x}"
        kind = draw(st.integers(0, 6))
        if kind == 0:
            noted = varied(REFUTATION_NOTED, member_id=MEMBER, report_id=report, on=each.on)
            found.append(NoteRefutation(noted))
        else:
            found.append(CreditReport(varied(each, report_id=report)))
        if kind == 1:
            found.append(replace(reopened(each), report_id=report, on=each.on))
    return found


def _grace(commands: list[MemberCommand], days: list[int]) -> list[MemberCommand]:
    """With the calendar's commands, each where its day has come by the member's own work."""
    found: list[MemberCommand] = []
    for command in commands:
        found.append(command)
        match command:
            case CreditReport(ReportCredited(on=on)) | NoteRefutation(RefutationNoted(on=on)):
                found += [EndGrace(MEMBER, on) for day in days if day % 2]
    return found


@given(_lives(), tracks, st.sampled_from([1, 10, 60]), st.lists(st.integers(0, 3), max_size=3))
def test_when_the_timer_comes_makes_no_difference(
    commands: list[MemberCommand], track: Track, grace: int, days: list[int]
) -> None:
    """To all that the log says of a member, as long as it does not come before their own work."""
    judged = replace(track, grace_days=grace)
    assert lived(commands, judged) == lived(_grace(commands, days), judged)


@given(_lives(), tracks)
def test_a_track_that_says_no_time_of_grace_is_judged_as_before(
    commands: list[MemberCommand], track: Track
) -> None:
    """Where nothing is taken back, the very same events."""
    mine = [each for each in commands if isinstance(each, CreditReport | NoteRefutation)]
    log = lived(mine, track)
    assert {type(each) for each in log} <= {ReportCredited, RefutationNoted, MemberQualified}
    graced = lived(mine, replace(track, grace_days=60))
    first = [each for each in graced if isinstance(each, MemberQualified)][:1]
    assert first == [each for each in log if isinstance(each, MemberQualified)][:1]


@given(_lives(), tracks)
def test_a_forged_confirmation_that_is_undone_leaves_no_qualification_that_rests_on_it(
    commands: list[MemberCommand], track: Track
) -> None:
    """All of them are forged, and all are reopened: then nobody is qualified on anything."""
    mine = [each for each in commands if isinstance(each, CreditReport)]
    undone = [reopened(each.credited) for each in mine]
    own = category([track], takes_back=True).decider
    log: list[MemberEvent] = lived([*mine, *undone], track)
    assert own.fold(log).qualified == set()


@given(_lives(), tracks, st.sampled_from([0, 10]))
def test_a_member_who_wavers_is_kept_beside_the_log_as_they_are(
    commands: list[MemberCommand], track: Track, grace: int
) -> None:
    own = category([replace(track, grace_days=grace)], takes_back=True).decider
    state: Member = own.fold(lived(commands, replace(track, grace_days=grace)))
    assert load(dump(state)).held == state.held
