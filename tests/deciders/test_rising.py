"""Who rises: by days that others confirmed, beside the own past and others; and no trick helps."""

from collections.abc import Sequence
from datetime import date, timedelta

from crediting import FIRST_DAY, MEMBER, credit
from hypothesis import given
from hypothesis import strategies as st

from services.promotion.domain.rising import LEAST, MOST_OF_A_CONFIRMER, RISES, Rising, rising
from services.promotion.workdays import RECENT_DAYS, SPANS_BEFORE, Workday, span, told_by
from shared.testing.examples import FINDING_CREDITED, OUTCOME_TAKEN_BACK, REFUTATION_NOTED, varied

LAST = FIRST_DAY + timedelta(RECENT_DAYS * (SPANS_BEFORE + 1) - 1)
OF = span(LAST)
OTHERS = [f"{number:032x}" for number in range(20, 30)]


def days(
    numbers: Sequence[int], member: str = MEMBER, by: str = "abc", **more: str
) -> list[Workday]:
    """So many days before the last one, confirmed in turn by each of `by`."""
    return [
        Workday(
            member,
            LAST - timedelta(number),
            "report",
            by[at % len(by)] * 32,
            more.get("sector", "lights"),
            more.get("place", "us.ma"),
        )
        for at, number in enumerate(numbers)
    ]


def of(member: str, found: list[Rising]) -> Rising | None:
    return next((each for each in found if each.member_id == member), None)


def rise(member: str, work: Sequence[Workday]) -> int:
    """0 for who is not listed."""
    one = of(member, rising(work, OF))
    return one.rise if one else 0


recent = st.sets(st.integers(0, RECENT_DAYS - 1), max_size=20).map(sorted)
past = st.sets(st.integers(RECENT_DAYS, RECENT_DAYS * 4 - 1), max_size=30).map(sorted)


def test_who_does_much_more_than_before_and_than_others_rises_with_reasons() -> None:
    work = days(range(0, 60, 3)) + days(range(100, 130, 3)) + days(range(0, 12, 4), OTHERS[0])
    (one,) = rising(work, OF)
    assert one == Rising(
        member_id=MEMBER,
        sector="lights",
        rise=2631,
        own=3000,  # (20 + 5) to (10 / 3 + 5)
        others=2631,  # (20 + 5) to ((3 + 15) / 4 + 5)
        days=20,
        before=10,
        peers=1,
        peers_days=3,
        confirmers=3,
        findings=0,
        refuted=0,
        places=(("us.ma", 20),),
    )


def test_who_does_as_much_as_ever_or_as_everybody_does_not_rise() -> None:
    steady = days(range(0, RECENT_DAYS * 4, 5))
    assert rising(steady, OF) == []
    everybody = [each for who in OTHERS for each in days(range(0, 60, 5), who)]
    assert rising(everybody, OF) == []


@given(st.integers(1, 2))
def test_few_days_do_not_shout(number: int) -> None:
    assert rise(MEMBER, days(range(number))) == 0
    assert rise(MEMBER, days(range(LEAST))) < RISES


def test_a_day_with_a_refutation_takes_one_away() -> None:
    refuted = [each._replace(kind="refuted", confirmer="") for each in days(range(1, 40, 2))]
    work = days(range(0, 40, 2))
    assert rise(MEMBER, work) > 0
    assert rise(MEMBER, work + refuted) == 0


def test_findings_count_by_days_and_never_twice_beside_reports() -> None:
    found = [each._replace(kind="finding", confirmer="") for each in days(range(10))]
    alone, both = rising(found, OF), rising(found + days(range(10)), OF)
    assert [each.days for each in alone] == [each.days for each in both] == [10]


# --- Gaming ----------------------------------------------------------------


@given(recent, st.integers(0, RECENT_DAYS - 1))
def test_a_burst_of_one_day_rises_no_more_than_the_same_over_time(
    honest: list[int], day: int
) -> None:
    burst = days([day] * len(honest))
    assert rise(MEMBER, burst) == 0 <= rise(MEMBER, days(honest))


@given(recent, past, st.integers(2, 10))
def test_a_report_split_in_ten_is_one_day(honest: list[int], before: list[int], parts: int) -> None:
    work = days(honest, by="a") + days(before)
    split = days([each for each in honest for _ in range(parts)], by="a") + days(before)
    assert rising(split, OF) == rising(work, OF)


@given(recent, st.lists(st.sampled_from(range(10)), min_size=20, max_size=20))
def test_of_ten_accounts_that_share_work_none_rises_more_than_who_did_all_of_it(
    honest: list[int], whose: list[int]
) -> None:
    """One accomplice confirms theirs; honest work is confirmed by several."""
    ring = [
        each
        for account, who in enumerate(OTHERS)
        for each in days([day for at, day in enumerate(honest) if whose[at] == account], who, "a")
    ]
    whole = rise(MEMBER, days(honest))
    assert max((rise(who, ring) for who in OTHERS), default=0) <= whole


@given(st.integers(1, RECENT_DAYS), st.integers(0, 9))
def test_what_one_accomplice_confirms_is_bounded_however_many_accounts(
    number: int, idle: int
) -> None:
    ring = [each for who in OTHERS[:idle] for each in days(range(LEAST - 1), who, "a")]
    alone, among = days(range(number), by="a"), days(range(number), by="a") + ring
    assert rise(MEMBER, among) == rise(MEMBER, alone), "idle accounts lift nobody"
    assert rise(MEMBER, alone) <= rise(MEMBER, days(range(MOST_OF_A_CONFIRMER)))


@given(recent, past)
def test_more_confirmed_work_never_lowers_who_did_it(honest: list[int], before: list[int]) -> None:
    work = days(before) + days(honest)
    (more,) = days([RECENT_DAYS // 2], by="d")
    assert rise(MEMBER, [*work, more]) >= rise(MEMBER, work)


@given(recent, past, st.randoms(use_true_random=False))
def test_however_rows_come_the_list_is_the_same(
    honest: list[int], before: list[int], shuffled: object
) -> None:
    work = days(honest) + days(before) + days(honest[::2], OTHERS[0]) + days(honest[1:], OTHERS[1])
    other = list(work)
    shuffled.shuffle(other)  # type: ignore[attr-defined]
    assert repr(rising(work, OF)).encode() == repr(rising(other, OF)).encode()


# --- What counts -----------------------------------------------------------


def test_events_of_reports_findings_and_refutations_count_unless_they_are_confidential() -> None:
    given = {"confidential": False}
    credited = varied(credit(3), **given)
    assert told_by(credited) == (
        Workday(MEMBER, date(2030, 1, 4), "report", "a" * 32, "lights", "us.ma"),
        1,
    )
    for event, kind, by in (
        (varied(REFUTATION_NOTED, **given), "refuted", 1),
        (varied(FINDING_CREDITED, **given), "finding", 1),
        (varied(OUTCOME_TAKEN_BACK, **given, outcome="refuted"), "refuted", -1),
        (varied(OUTCOME_TAKEN_BACK, **given, outcome="confirmed"), "report", -1),
    ):
        told = told_by(event)
        assert told
        assert (told[0].kind, told[1]) == (kind, by)
        assert told_by(varied(event, confidential=True)) is None
