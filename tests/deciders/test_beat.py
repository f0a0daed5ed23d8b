"""A correspondent's beat: who may do what with it when, and what is said of it once."""

from datetime import date

import pytest

from services.intake.domain.beat import (
    MOST_RESTS,
    MOST_TIMES,
    AccreditCorrespondent,
    BeatCommand,
    EndBeat,
    EndsBeforeItBeginsError,
    HandOverBeat,
    JudgeBeat,
    NotHeldError,
    OwnSuccessorError,
    RestBeat,
    ResumeBeat,
    TooManyRestsError,
    TooManyTimesError,
    category,
)
from services.intake.domain.beat_rules import BeatRules
from services.intake.rhythm import Span, runs_out
from shared.contracts.inbox import CorrespondentAccredited
from shared.testing.decider_spec import DeciderSpec
from shared.testing.examples import (
    BEAT_ACCREDITED,
    BEAT_ENDED,
    BEAT_FELL_SILENT,
    BEAT_HANDED_OVER,
    BEAT_HEARD_AGAIN,
    BEAT_ID,
    BEAT_RESTED,
    BEAT_RESUMED,
    DAY,
    MEMBER_ID,
    MONDAY,
    ROXBURY,
    STREET_LIGHTS,
    varied,
)

BEAT = DeciderSpec(category.decider)
ACCREDIT = AccreditCorrespondent(BEAT_ACCREDITED)
REST = RestBeat(BEAT_ID, date(2030, 1, 10), date(2030, 1, 12))
BEN = BEAT_HANDED_OVER.successor
NOBODY_RESTS = frozenset[date]()


def on(day: int) -> date:
    return date(2030, 1, day)


def judge(day: int, *heard: Span, holidays: frozenset[date] = NOBODY_RESTS) -> JudgeBeat:
    """On that day of January 2030, when all of it is known that was heard."""
    spans = ((on(7), on(7)), *heard)
    return JudgeBeat(BEAT_ID, spans, holidays, MONDAY + (day - 7) * DAY)


def test_somebody_is_accredited_once_and_anew_with_another_rhythm() -> None:
    BEAT.given().when(ACCREDIT).then(BEAT_ACCREDITED)
    BEAT.given(BEAT_ACCREDITED).when(ACCREDIT).then()
    other = varied(BEAT_ACCREDITED, rhythm_days=7, since=on(9))
    BEAT.given(BEAT_ACCREDITED).when(AccreditCorrespondent(other)).then(other)
    BEAT.given(BEAT_ACCREDITED, BEAT_ENDED).when(ACCREDIT).then(BEAT_ACCREDITED)


def test_another_rhythm_from_a_later_day_leaves_no_days_that_nobody_watches() -> None:
    later = varied(BEAT_ACCREDITED, rhythm_days=7, since=on(30))
    command = AccreditCorrespondent(later, on(9))
    BEAT.given(BEAT_ACCREDITED).when(command).then(later.model_copy(update={"since": on(9)}))
    BEAT.given(BEAT_ACCREDITED, BEAT_ENDED).when(command).then(later)
    BEAT.given().when(command).then(later)


def test_another_rhythm_of_a_beat_that_is_to_begin_yet_does_not_let_it_begin_sooner() -> None:
    to_come = varied(BEAT_ACCREDITED, since=on(30))
    other = varied(BEAT_ACCREDITED, rhythm_days=7, since=on(30))
    BEAT.given(to_come).when(AccreditCorrespondent(other, on(9))).then(other)


def test_nobody_is_accredited_anew_without_end() -> None:
    other = varied(BEAT_ACCREDITED, rhythm_days=7)
    times = [BEAT_ACCREDITED, other] * (MOST_TIMES // 2)
    one_more = AccreditCorrespondent(BEAT_ACCREDITED)
    BEAT.given(*times[:-1]).when(AccreditCorrespondent(other)).then(other)
    BEAT.given(*times).when(one_more).then_fails_with(TooManyTimesError)


def test_it_rests_and_is_resumed_on_a_day_on_which_it_rests() -> None:
    BEAT.given(BEAT_ACCREDITED).when(REST).then(BEAT_RESTED)
    resume = ResumeBeat(BEAT_ID, MONDAY + 4 * DAY)
    BEAT.given(BEAT_ACCREDITED, BEAT_RESTED).when(resume).then(BEAT_RESUMED)
    BEAT.given(BEAT_ACCREDITED).when(resume).then()
    to_come = ResumeBeat(BEAT_ID, MONDAY)
    BEAT.given(BEAT_ACCREDITED, BEAT_RESTED).when(to_come).then()
    backwards = RestBeat(BEAT_ID, on(12), on(11))
    BEAT.given(BEAT_ACCREDITED).when(backwards).then_fails_with(EndsBeforeItBeginsError)


def test_it_is_handed_over_and_ends_once() -> None:
    hand_over = HandOverBeat(BEAT_ID, BEN, MONDAY + 4 * DAY)
    BEAT.given(BEAT_ACCREDITED).when(hand_over).then(BEAT_HANDED_OVER)
    own = HandOverBeat(BEAT_ID, MEMBER_ID, MONDAY)
    BEAT.given(BEAT_ACCREDITED).when(own).then_fails_with(OwnSuccessorError)
    end = EndBeat(BEAT_ID, MONDAY + 4 * DAY)
    BEAT.given(BEAT_ACCREDITED).when(end).then(BEAT_ENDED)
    BEAT.given(BEAT_ACCREDITED, BEAT_HANDED_OVER).when(end).then()


@pytest.mark.parametrize(
    "command", [REST, ResumeBeat(BEAT_ID, MONDAY), HandOverBeat(BEAT_ID, "f" * 32, MONDAY)]
)
def test_nothing_happens_to_a_beat_that_nobody_has(command: BeatCommand) -> None:
    BEAT.given().when(command).then_fails_with(NotHeldError)
    BEAT.given(BEAT_ACCREDITED, BEAT_ENDED).when(command).then_fails_with(NotHeldError)


def test_it_falls_silent_when_the_last_day_is_over_and_never_twice() -> None:
    BEAT.given(BEAT_ACCREDITED).when(judge(21)).then()
    BEAT.given(BEAT_ACCREDITED).when(judge(22)).then(BEAT_FELL_SILENT)
    BEAT.given(BEAT_ACCREDITED, BEAT_FELL_SILENT).when(judge(28)).then()
    BEAT.given(BEAT_ACCREDITED, BEAT_ENDED).when(judge(28)).then()
    BEAT.given().when(judge(28)).then()


def test_it_is_heard_again_and_what_was_filed_in_time_is_told_apart() -> None:
    silent = BEAT.given(BEAT_ACCREDITED, BEAT_FELL_SILENT)
    silent.when(judge(26, (on(25), on(25)))).then(BEAT_HEARD_AGAIN)
    in_time = varied(BEAT_HEARD_AGAIN, heard_on=on(21), in_time=True)
    silent.when(judge(26, (on(21), on(21)))).then(in_time)


def test_whoever_looks_late_says_all_of_it_with_its_own_days() -> None:
    again = varied(BEAT_FELL_SILENT, heard_on=on(25), ran_out_on=date(2030, 2, 8))
    BEAT.given(BEAT_ACCREDITED).when(judge(60, (on(25), on(25)))).then(
        BEAT_FELL_SILENT, BEAT_HEARD_AGAIN, again
    )


def test_days_of_rest_and_holidays_do_not_count() -> None:
    rested = BEAT.given(BEAT_ACCREDITED, BEAT_RESTED)
    rested.when(judge(24)).then()
    later = varied(BEAT_FELL_SILENT, ran_out_on=on(24))
    rested.when(judge(25)).then(later)
    holidays = frozenset((on(11), on(15)))
    rested.when(judge(25, holidays=holidays)).then()
    one_later = varied(BEAT_FELL_SILENT, ran_out_on=on(25))
    rested.when(judge(26, holidays=holidays)).then(one_later)
    without_end = varied(BEAT_RESTED, until_day=None)
    BEAT.given(BEAT_ACCREDITED, without_end).when(judge(3_000)).then()
    resumed = BEAT.given(BEAT_ACCREDITED, without_end, BEAT_RESUMED)
    resumed.when(judge(23)).then(varied(BEAT_FELL_SILENT, ran_out_on=on(22)))


def test_days_are_those_of_its_zone() -> None:
    far_east = varied(BEAT_ACCREDITED, zone="Pacific/Kiritimati")
    BEAT.given(far_east).when(judge(21)).then(BEAT_FELL_SILENT)


def test_nobody_is_accredited_for_days_that_are_over() -> None:
    rules = BeatRules("UTC", 10)
    where = {"correspondent": "ada", "place": ROXBURY, "sector": STREET_LIGHTS}
    for since, expected in ((on(1), on(7)), (None, on(7)), (on(9), on(9))):
        said = CorrespondentAccredited(**where, since=since)
        command = rules.command(said, "boston", MEMBER_ID, "", MONDAY)
        assert isinstance(command, AccreditCorrespondent)
        assert (command.accredited.since, command.accredited.rhythm_days) == (expected, 10)
        assert command.beat_id == BEAT_ID


def test_rests_that_overlap_and_follow_each_other_are_passed_over() -> None:
    rests = [(on(8), on(10)), (on(9), on(12)), (on(13), on(13))]
    assert runs_out(on(7), 1, rests) == on(14)


def test_so_many_rests_are_enough() -> None:
    """Whoever looks at a day goes through all of them."""
    rests = [
        varied(BEAT_RESTED, from_day=on(10) + n * DAY, until_day=on(10) + n * DAY)
        for n in range(MOST_RESTS)
    ]
    one_more = RestBeat(BEAT_ID, date(2031, 1, 1), date(2031, 1, 1))
    BEAT.given(BEAT_ACCREDITED, *rests).when(one_more).then_fails_with(TooManyRestsError)
    again = RestBeat(BEAT_ID, on(10), on(10))
    BEAT.given(BEAT_ACCREDITED, *rests).when(again).then()
