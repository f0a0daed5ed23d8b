"""The clock of a check: when it stops and starts, and to when the due date moves."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.almanac import Almanac
from services.intake.domain.check import CheckCommand, NotOpenedError, RaiseOverdue, decider
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.clock import PassUp, RecountDue, RemindOfCheck
from services.intake.domain.due import DueRules, Rule, end_of
from services.intake.domain.handing_over import HandOverCheck
from services.intake.domain.more_time import (
    AskForMoreTime,
    DeclineMoreTime,
    GrantMoreTime,
    NoMoreTimeError,
    NotTheirsError,
)
from services.intake.domain.moving import moved_by_what_was_waited
from services.intake.domain.pausing import NeverPausedError, PauseCheck, ResumeCheck
from services.intake.domain.turning import (
    MOST_TURNS,
    AlreadyLateError,
    NotAnEditorsActError,
    NotRunningError,
    TurnedTooOftenError,
)
from shared.contracts.check import CheckEvent, CheckOpened, CheckOverdue, DoneClaimed
from shared.contracts.clock import CheckResumed, DueDateMoved
from shared.contracts.party import Parties, Party
from shared.contracts.reckoning import Counted
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    CHECK_ID,
    CHECK_OPENED,
    CHECK_OVERDUE,
    CHECK_PAUSED,
    CHECK_REMINDED,
    DAY,
    DONE_LATE,
    MORE_TIME_ASKED,
    MORE_TIME_DECLINED,
    ROXBURY,
    STREET_LIGHTS,
    varied,
)

UTC_ZONE = ZoneInfo("UTC")
OWNER = CHECK_OPENED.owner
check: DeciderSpec[CheckCommand, CheckEvent] = DeciderSpec(decider)


def almanac(
    *off: str, zone: str = "UTC", weekend: tuple[int, ...] = (5, 6), v: str = "1"
) -> Almanac:
    days = {date.fromisoformat(day): "Ours" for day in off}
    return Almanac("here", v, ZoneInfo(zone), frozenset(weekend), off=days)


def rules(of: Almanac, days: int = 5, counted: Counted = "working", version: int = 1) -> DueRules:
    return DueRules([Rule("lamps", version, days, counted)], {ROXBURY: of})


def opened(by: DueRules, at: datetime) -> CheckOpened:
    due = by.after(ROXBURY, STREET_LIGHTS, OWNER, at)
    fields = {"due_at": due.at, "reckoning": due.reckoning, "opened_at": at}
    return CheckOpened(**CHECK_OPENED.model_dump() | fields)


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(f"{text}T12:00").replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def live(*commands: CheckCommand, first: CheckOpened) -> list[CheckEvent]:
    events: list[CheckEvent] = [first]
    for command in commands:
        events += decider.decide(command, decider.fold(events))
    return events


def pause(day: datetime) -> PauseCheck:
    return PauseCheck(CHECK_ID, day, "A part is awaited", day)


def resume(day: datetime, by: DueRules) -> ResumeCheck:
    return ResumeCheck(CHECK_ID, day, "It has come", by, day)


US = almanac("2031-01-20", "2031-02-17", zone="America/New_York")
GULF = almanac("2031-03-31", zone="Asia/Dubai", weekend=(4, 5))
PARIS = almanac("2031-04-14", "2031-05-01", "2031-05-08", zone="Europe/Paris")
SIX = almanac("2031-12-25", "2032-01-01", weekend=(6,))
SOUTH = almanac("2031-10-27", zone="Pacific/Auckland")

CASES: list[tuple[Almanac, Counted, int, str, str, str, str, str]] = [
    # almanac, counted, days, made, due, paused, resumed, due then
    (US, "working", 5, "2031-01-06", "2031-01-13", "2031-01-07", "2031-01-09", "2031-01-15"),
    (US, "working", 5, "2031-01-06", "2031-01-13", "2031-01-06", "2031-01-08", "2031-01-15"),
    (US, "working", 5, "2031-01-06", "2031-01-13", "2031-01-10", "2031-01-11", "2031-01-13"),
    (US, "working", 5, "2031-01-06", "2031-01-13", "2031-01-10", "2031-01-12", "2031-01-13"),
    (US, "working", 5, "2031-01-06", "2031-01-13", "2031-01-10", "2031-01-17", "2031-01-21"),
    (US, "working", 5, "2031-01-06", "2031-01-13", "2031-01-13", "2031-01-16", "2031-01-16"),
    (US, "working", 5, "2031-01-06", "2031-01-13", "2031-01-13", "2031-01-18", "2031-01-21"),
    (US, "working", 5, "2031-01-06", "2031-01-13", "2031-01-09", "2031-01-09", "2031-01-13"),
    (US, "working", 3, "2031-02-13", "2031-02-19", "2031-02-14", "2031-02-17", "2031-02-19"),
    (US, "working", 3, "2031-02-13", "2031-02-19", "2031-02-14", "2031-02-18", "2031-02-20"),
    (US, "calendar", 5, "2031-01-06", "2031-01-13", "2031-01-08", "2031-01-10", "2031-01-13"),
    (US, "calendar", 5, "2031-01-06", "2031-01-13", "2031-01-08", "2031-01-14", "2031-01-17"),
    (US, "calendar", 5, "2031-01-06", "2031-01-13", "2031-01-12", "2031-01-15", "2031-01-15"),
    (US, "calendar", 30, "2031-01-06", "2031-02-05", "2031-01-16", "2031-02-16", "2031-03-10"),
    (GULF, "working", 5, "2031-03-24", "2031-04-01", "2031-03-25", "2031-03-27", "2031-04-03"),
    (GULF, "working", 5, "2031-03-24", "2031-04-01", "2031-03-27", "2031-03-28", "2031-04-01"),
    (GULF, "working", 5, "2031-03-24", "2031-04-01", "2031-03-27", "2031-03-31", "2031-04-02"),
    (GULF, "working", 5, "2031-03-24", "2031-04-01", "2031-03-30", "2031-04-06", "2031-04-07"),
    (GULF, "calendar", 4, "2031-03-24", "2031-03-30", "2031-03-24", "2031-03-27", "2031-04-01"),
    (PARIS, "working", 10, "2031-04-07", "2031-04-22", "2031-04-08", "2031-04-15", "2031-04-28"),
    (PARIS, "working", 10, "2031-04-24", "2031-05-12", "2031-04-30", "2031-05-02", "2031-05-13"),
    (PARIS, "working", 10, "2031-04-24", "2031-05-12", "2031-05-07", "2031-05-09", "2031-05-13"),
    (PARIS, "working", 10, "2031-03-28", "2031-04-11", "2031-03-29", "2031-03-31", "2031-04-15"),
    (SIX, "working", 6, "2031-12-20", "2031-12-29", "2031-12-23", "2031-12-26", "2031-12-31"),
    (SIX, "working", 6, "2031-12-20", "2031-12-29", "2031-12-24", "2031-12-31", "2032-01-05"),
    (SIX, "working", 6, "2031-12-20", "2031-12-29", "2031-12-29", "2032-01-01", "2032-01-02"),
    (SIX, "calendar", 10, "2031-12-22", "2032-01-02", "2031-12-30", "2032-01-03", "2032-01-05"),
    (SOUTH, "working", 4, "2031-10-22", "2031-10-29", "2031-10-23", "2031-10-24", "2031-10-30"),
    (SOUTH, "working", 4, "2031-09-25", "2031-10-01", "2031-09-26", "2031-09-29", "2031-10-02"),
    (SOUTH, "calendar", 7, "2031-09-25", "2031-10-02", "2031-09-27", "2031-09-28", "2031-10-03"),
]


@pytest.mark.parametrize(
    ("of", "counted", "days", "made", "due", "paused", "resumed", "then"), CASES
)
def test_on_resuming_it_is_due_later_by_what_was_waited_in_the_rules_own_measure(
    of: Almanac,
    counted: Counted,
    days: int,
    made: str,
    due: str,
    paused: str,
    resumed: str,
    then: str,
) -> None:
    by = rules(of, days, counted)
    first = opened(by, at(made, of.zone.key))
    assert first.due_at == end_of(date.fromisoformat(due), of)
    zone = of.zone.key
    *_, last = live(pause(at(paused, zone)), resume(at(resumed, zone), by), first=first)
    assert isinstance(last, CheckResumed)
    assert last.due_at == end_of(date.fromisoformat(then), of), last.reckoning
    assert (last.old_due_at, last.reckoning is not None) == (first.due_at, True)
    assert last.reckoning is not None
    assert last.reckoning.holds()
    assert last.reckoning.due_day == date.fromisoformat(then)


@pytest.mark.parametrize(
    ("of", "holiday", "made", "due", "then"),
    [
        (US, "2031-01-09", "2031-01-06", "2031-01-13", "2031-01-14"),
        (US, "2031-01-13", "2031-01-06", "2031-01-13", "2031-01-14"),
        (US, "2031-01-17", "2031-01-13", "2031-01-21", "2031-01-22"),
        (GULF, "2031-03-27", "2031-03-24", "2031-04-01", "2031-04-02"),
        (PARIS, "2031-04-10", "2031-04-07", "2031-04-15", "2031-04-16"),
        (SIX, "2031-12-24", "2031-12-20", "2031-12-27", "2031-12-29"),
        (SOUTH, "2031-10-28", "2031-10-22", "2031-10-30", "2031-10-31"),
    ],
)
def test_a_holiday_added_while_it_runs_moves_it(
    of: Almanac, holiday: str, made: str, due: str, then: str
) -> None:
    start = at(made, of.zone.key)
    first = opened(rules(of), start)
    assert first.due_at == end_of(date.fromisoformat(due), of)
    more = {**of.off, date.fromisoformat(holiday): "A new one"}
    newer = rules(Almanac("here", "2", of.zone, of.weekend, off=more))
    (_, moved) = live(RecountDue(CHECK_ID, newer, start + DAY), first=first)
    assert isinstance(moved, DueDateMoved)
    assert (moved.why, moved.reason) == ("charter", "Almanac here, version 2")
    assert (moved.old_due_at, moved.due_at) == (first.due_at, end_of(date.fromisoformat(then), of))
    assert moved.reckoning is not None
    assert moved.reckoning.holds()


Holidays = tuple[Almanac, Counted, int, str, str, str, str, str]
WHILE_PAUSED: list[Holidays] = [
    # almanac, counted, days, made, paused, resumed, a holiday more, due then
    (US, "working", 5, "2031-01-06", "2031-01-07", "2031-01-09", "2031-01-14", "2031-01-16"),
    (US, "calendar", 5, "2031-01-06", "2031-01-08", "2031-01-10", "2031-01-13", "2031-01-14"),
    (GULF, "working", 5, "2031-03-24", "2031-03-25", "2031-03-27", "2031-04-02", "2031-04-06"),
    (PARIS, "working", 10, "2031-04-24", "2031-04-30", "2031-05-02", "2031-05-06", "2031-05-14"),
    (SIX, "working", 6, "2031-12-20", "2031-12-23", "2031-12-26", "2031-12-30", "2032-01-02"),
    (SOUTH, "working", 4, "2031-10-22", "2031-10-23", "2031-10-24", "2031-10-29", "2031-10-31"),
]


@pytest.mark.parametrize("after", [False, True], ids=["while paused", "once it runs again"])
@pytest.mark.parametrize(
    ("of", "counted", "days", "made", "paused", "resumed", "holiday", "then"), WHILE_PAUSED
)
def test_what_was_paused_is_due_by_the_newest_almanac(
    of: Almanac,
    counted: Counted,
    days: int,
    made: str,
    paused: str,
    resumed: str,
    holiday: str,
    then: str,
    *,
    after: bool,
) -> None:
    zone, before = of.zone.key, rules(of, days, counted)
    off = {**of.off, date.fromisoformat(holiday): "A new one"}
    newer = rules(Almanac("here", "2", of.zone, of.weekend, off=off), days, counted)
    on, again = pause(at(paused, zone)), at(resumed, zone)
    recount = RecountDue(CHECK_ID, newer, again)
    turns = (resume(again, before), recount) if after else (recount, resume(again, newer))
    events = live(on, *turns, first=opened(before, at(made, zone)))
    assert events[-1].due_at == end_of(date.fromisoformat(then), of)


def test_a_rule_that_gives_less_moves_nothing_into_the_past() -> None:
    first = opened(rules(US), at("2031-01-06"))
    shorter = RecountDue(CHECK_ID, rules(US, 2, version=2), at("2031-01-10"))
    assert live(shorter, first=first) == [first]
    (_, moved) = live(RecountDue(CHECK_ID, rules(US, 4, version=2), at("2031-01-07")), first=first)
    assert moved.due_at == end_of(date(2031, 1, 10), US)
    again = [*live(first=first), moved]
    assert decider.decide(shorter, decider.fold(again)) == []


def test_what_was_resumed_is_counted_again_from_then() -> None:
    by = rules(US)
    first = opened(by, at("2031-01-06"))
    events = live(pause(at("2031-01-07")), resume(at("2031-01-09"), by), first=first)
    newer = rules(almanac("2031-01-14", "2031-01-20", zone="America/New_York", v="2"), 9, version=2)
    (moved,) = decider.decide(RecountDue(CHECK_ID, newer, at("2031-01-10")), decider.fold(events))
    assert moved.due_at == end_of(date(2031, 1, 16), US), "one day more off; its days stay as many"


def test_a_moment_moves_by_what_was_waited_and_a_day_by_days() -> None:
    noon = at("2031-01-13")
    shifted = moved_by_what_was_waited(noon, None, at("2031-01-07"), at("2031-01-08") + DAY / 2, US)
    assert shifted.at == noon + 1.5 * DAY
    day = moved_by_what_was_waited(
        end_of(date(2031, 3, 7), US), None, at("2031-03-05"), at("2031-03-08"), US
    )
    assert day.at == end_of(date(2031, 3, 10), US), "also where clocks are set in between"


# --- who may, and when ----------------------------------------------------

BY = rules(US)
FIRST = opened(BY, at("2031-01-06"))
TUESDAY = at("2031-01-07")
LATE = FIRST.due_at + timedelta(seconds=1)
RAISED = varied(CHECK_OVERDUE, due_at=FIRST.due_at)
PAUSED = varied(CHECK_PAUSED, due_at=FIRST.due_at, paused_at=TUESDAY, reason="A part is awaited")


def test_it_is_paused_once() -> None:
    check.given(FIRST).when(pause(TUESDAY)).then(PAUSED)
    check.given(FIRST, PAUSED).when(pause(TUESDAY + DAY)).then_nothing_happens()


def test_it_is_not_paused_from_before_it_started_nor_from_what_is_to_come() -> None:
    early = PauseCheck(CHECK_ID, FIRST.opened_at - DAY, PAUSED.reason, TUESDAY)
    check.given(FIRST).when(early).then(varied(PAUSED, paused_at=FIRST.opened_at))
    ahead = PauseCheck(CHECK_ID, TUESDAY + DAY, PAUSED.reason, TUESDAY)
    check.given(FIRST).when(ahead).then(PAUSED)


def test_what_is_late_stays_late() -> None:
    late = pause(LATE)
    check.given(FIRST).when(late).then_fails_with(AlreadyLateError)
    check.given(FIRST, RAISED).when(late).then_fails_with(AlreadyLateError)
    grant = GrantMoreTime(CHECK_ID, "editor", "So be it", LATE)
    asked = varied(MORE_TIME_ASKED, due_at=FIRST.due_at, until=FIRST.due_at + 3 * DAY)
    check.given(FIRST, asked).when(grant).then_fails_with(AlreadyLateError)
    check.given(FIRST, asked, RAISED).when(grant).then_fails_with(AlreadyLateError)
    assert live(RecountDue(CHECK_ID, rules(US, 50, version=2), LATE), first=FIRST) == [FIRST]


def test_what_is_settled_is_neither_paused_nor_resumed() -> None:
    done = varied(DONE_LATE, late=False, due_at=FIRST.due_at, done_at=TUESDAY)
    check.given(FIRST, done).when(pause(TUESDAY)).then_fails_with(NotRunningError)
    check.given(FIRST, PAUSED, done).when(resume(TUESDAY, BY)).then_fails_with(NotRunningError)
    check.given().when(pause(TUESDAY)).then_fails_with(NotOpenedError)


def test_only_what_is_paused_is_resumed_and_once() -> None:
    check.given(FIRST).when(resume(TUESDAY, BY)).then_fails_with(NeverPausedError)
    events = live(pause(TUESDAY), resume(TUESDAY + DAY, BY), first=FIRST)
    check.given(*events).when(resume(TUESDAY + 2 * DAY, BY)).then_nothing_happens()


def test_while_it_is_paused_nothing_is_raised_and_what_is_done_is_in_time() -> None:
    day = FIRST.due_at + 9 * DAY
    for command in (
        RaiseOverdue(CHECK_ID, FIRST.due_at, day),
        RemindOfCheck(CHECK_ID, FIRST.due_at, TUESDAY),
    ):
        check.given(FIRST, PAUSED).when(command).then_nothing_happens()
    (claimed,) = decider.decide(ClaimDone(CHECK_ID, OWNER, day, day), decider.fold([FIRST, PAUSED]))
    assert isinstance(claimed, DoneClaimed)
    assert not claimed.late


def test_a_due_date_that_moved_is_raised_when_the_new_one_passes() -> None:
    events = live(pause(TUESDAY), resume(TUESDAY + 2 * DAY, BY), first=FIRST)
    new = events[-1].due_at
    stale = RaiseOverdue(CHECK_ID, FIRST.due_at, new + DAY)
    check.given(*events).when(stale).then_nothing_happens()
    check.given(*events).when(RaiseOverdue(CHECK_ID, new, new)).then_nothing_happens()
    (raised,) = decider.decide(RaiseOverdue(CHECK_ID, new, new + DAY), decider.fold(events))
    assert isinstance(raised, CheckOverdue)
    assert raised.tier == 1


def test_it_is_reminded_of_once_for_each_start_and_not_once_it_is_due() -> None:
    remind = RemindOfCheck(CHECK_ID, FIRST.due_at, TUESDAY)
    reminded = varied(CHECK_REMINDED, due_at=FIRST.due_at, reminded_at=TUESDAY)
    check.given(FIRST).when(remind).then(reminded)
    check.given(FIRST).when(RemindOfCheck(CHECK_ID, FIRST.due_at, LATE)).then_nothing_happens()
    check.given(FIRST, RAISED).when(remind).then_nothing_happens()
    moved = RemindOfCheck(CHECK_ID, FIRST.due_at + DAY, TUESDAY)
    check.given(FIRST).when(moved).then_nothing_happens()


def test_it_is_passed_up_one_tier_after_the_other() -> None:
    since = FIRST.due_at + 5 * DAY
    up = PassUp(CHECK_ID, FIRST.due_at, 2, "The mayor", since, since + DAY)
    second = varied(RAISED, tier=2, to="The mayor", over_since=since)
    check.given(FIRST).when(up).then_nothing_happens()
    check.given(FIRST, RAISED).when(up).then(second)
    third = PassUp(CHECK_ID, FIRST.due_at, 3, "The council", since, since + DAY)
    check.given(FIRST, RAISED).when(third).then_nothing_happens()
    check.given(FIRST, RAISED, varied(DONE_LATE, due_at=FIRST.due_at)).when(
        up
    ).then_nothing_happens()
    early = PassUp(CHECK_ID, FIRST.due_at, 2, "The mayor", since, since)
    check.given(FIRST, RAISED).when(early).then_nothing_happens()


@pytest.mark.parametrize(("tier", "to"), [(2, "Works"), (3, "The town"), (4, "The body")])
def test_where_the_charter_names_nobody_it_goes_to_the_unit_above_and_then_above_that(
    tier: int, to: str
) -> None:
    lamps = Party("lamps", "Lamps", (OWNER,), above="works")
    units = Parties((lamps, Party("works", "Works", above="town"), Party("town", "The town")))
    since = FIRST.due_at + 5 * DAY
    up = PassUp(CHECK_ID, FIRST.due_at, tier, "The body", since, since + DAY, units)
    before = [varied(RAISED, tier=each) for each in range(1, tier)]
    check.given(FIRST, *before).when(up).then(varied(RAISED, tier=tier, to=to, over_since=since))


def test_time_that_was_asked_for_ends_with_handing_over() -> None:
    over = HandOverCheck(CHECK_ID, OWNER, "Parks", "It is in a park", TUESDAY, TUESDAY)
    handed = decider.decide(over, decider.fold([FIRST, ASKED]))
    grant = GrantMoreTime(CHECK_ID, "editor", "It was ordered", TUESDAY + DAY)
    with pytest.raises(NoMoreTimeError):
        decider.decide(grant, decider.fold([FIRST, ASKED, *handed]))


ASK = AskForMoreTime(CHECK_ID, OWNER, date(2031, 1, 16), "The part has to be made", BY, TUESDAY)
ASKED = varied(
    MORE_TIME_ASKED, due_at=FIRST.due_at, until=end_of(date(2031, 1, 16), US), asked_at=TUESDAY
)


def test_its_owner_asks_for_more_time_and_an_editor_grants_it_with_a_reason() -> None:
    check.given(FIRST).when(ASK).then(ASKED)
    grant = GrantMoreTime(CHECK_ID, "editor", "It was ordered", TUESDAY + DAY)
    (moved,) = decider.decide(grant, decider.fold([FIRST, ASKED]))
    assert isinstance(moved, DueDateMoved)
    assert (moved.due_at, moved.old_due_at) == (ASKED.until, FIRST.due_at)
    assert (moved.why, moved.reason, moved.reckoning) == ("more-time", "It was ordered", None)
    check.given(FIRST, ASKED, moved).when(grant).then_nothing_happens()


def test_an_editor_declines_it() -> None:
    decline = DeclineMoreTime(CHECK_ID, "editor", "There is one in store", TUESDAY)
    declined = varied(MORE_TIME_DECLINED, due_at=FIRST.due_at, declined_at=TUESDAY)
    check.given(FIRST, ASKED).when(decline).then(declined)
    check.given(FIRST).when(decline).then_fails_with(NoMoreTimeError)


def test_its_owner_asks_by_any_of_its_names() -> None:
    """What was made before the charter had parties is called as it was then."""
    renamed = replace(ASK, owner="Public Works and Parks", names=("PWD", OWNER))
    check.given(FIRST).when(renamed).then(ASKED)


def test_nobody_else_asks_or_grants() -> None:
    other = AskForMoreTime(CHECK_ID, "Somebody", ASK.until, ASK.reason, BY, TUESDAY)
    check.given(FIRST).when(other).then_fails_with(NotTheirsError)
    by_inspector = GrantMoreTime(CHECK_ID, "inspector", "So be it", TUESDAY)
    check.given(FIRST, ASKED).when(by_inspector).then_fails_with(NotAnEditorsActError)
    stopped = PauseCheck(CHECK_ID, TUESDAY, "So be it", TUESDAY, "inspector")
    check.given(FIRST).when(stopped).then_fails_with(NotAnEditorsActError)
    same = AskForMoreTime(CHECK_ID, OWNER, date(2031, 1, 13), ASK.reason, BY, TUESDAY)
    check.given(FIRST).when(same).then_fails_with(NoMoreTimeError)


# --- any history ----------------------------------------------------------

days = st.integers(0, 40).map(lambda n: at("2031-01-06") + n * DAY)
spans = st.lists(days, min_size=2, max_size=6).map(sorted)


@given(spans, st.integers(1, 9), st.sampled_from([US, GULF, SIX]))
def test_what_was_waited_is_what_it_moves_by_in_working_days(
    moments: list[datetime], n: int, of: Almanac
) -> None:
    """However often it is paused: between start and due day lie as many working days as the rule
    says, and those that were waited."""
    by = rules(of, n)
    first = opened(by, at("2031-01-06"))
    events, waited = [first], 0
    for paused, resumed in zip(moments[::2], moments[1::2], strict=False):
        state = decider.fold(events)
        if paused > state.due_at:
            break
        events += decider.decide(pause(paused), state)
        events += decider.decide(resume(resumed, by), decider.fold(events))
        waited += _worked(of, paused, resumed)
    due = events[-1].due_at
    before = _worked(of, at("2031-01-06"), due)
    at_rest = 1 if before - n - waited == 1 else 0  # paused on its last day, resumed at a weekend
    assert before == n + waited + at_rest


def _worked(of: Almanac, after: datetime, until: datetime) -> int:
    day, end = (each.astimezone(of.zone).date() for each in (after, until))
    found = 0
    while day < end:
        day += timedelta(days=1)
        found += of.why_off(day) is None
    return found


def test_a_clock_is_turned_so_often_and_no_more_for_each_stands_on_a_page() -> None:
    state = decider.evolve(decider.initial_state, CHECK_OPENED)
    days = rules(almanac())
    for turn in range(MOST_TURNS // 2):
        until = CHECK_OPENED.due_at.date() + (turn + 1) * DAY
        for command in (
            AskForMoreTime(CHECK_ID, OWNER, until, "More", days, CHECK_OPENED.opened_at),
            PauseCheck(CHECK_ID, CHECK_OPENED.opened_at, "Waits", CHECK_OPENED.opened_at),
            ResumeCheck(CHECK_ID, CHECK_OPENED.opened_at, "On", days, CHECK_OPENED.opened_at),
        ):
            for event in decider.decide(command, state):
                state = decider.evolve(state, event)
    again = CHECK_OPENED.due_at.date() + 900 * DAY
    now = CHECK_OPENED.opened_at
    for command in (
        AskForMoreTime(CHECK_ID, OWNER, again, "More", days, now),
        PauseCheck(CHECK_ID, now, "Waits", now),
    ):
        with pytest.raises(TurnedTooOftenError):
            decider.decide(command, state)
