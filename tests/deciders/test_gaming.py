"""Gaming does not pay: no trick gains more than honest work of the same size."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from crediting import credit, credits_within, tracks
from hypothesis import given
from hypothesis import strategies as st

from services.promotion.domain.member import CreditReport, category
from services.promotion.domain.track import Track, record_for
from services.promotion.domain.work import Work
from services.promotion.reactions import REACTIONS
from shared.contracts.member import MemberQualified, ReportCredited
from shared.testing.examples import REPORT_CORROBORATED, recorded, varied

WITHIN = 30
TEN = 10


def qualified_at(track: Track, credited: Sequence[ReportCredited]) -> int:
    """After how many of these credits, one after the other; one more than there are if never."""
    decider = category([track]).decider
    member = decider.initial_state
    for number, each in enumerate(credited, start=1):
        events = decider.decide(CreditReport(each), member)
        if any(isinstance(event, MemberQualified) for event in events):
            return number
        member = reduce(decider.evolve, events, member)
    return len(credited) + 1


def work(credited: Sequence[ReportCredited]) -> Work:
    return reduce(Work.credited, credited, Work())


@given(credits_within(WITHIN), tracks)
def test_what_one_confirmer_says_of_one_place_and_sector_qualifies_no_earlier(
    honest: list[ReportCredited], track: Track
) -> None:
    """As one report that is split, or ten accounts with one accomplice."""
    same = [varied(each, sector="lights", place="us.ma", confirmer="a" * 32) for each in honest]
    assert qualified_at(track, same) >= qualified_at(track, honest)


@given(st.integers(1, TEN), tracks)
def test_one_report_that_is_split_counts_as_what_one_day_may_count(
    parts: int, track: Track
) -> None:
    bounded = replace(track, most_per_day=1)
    split = [credit(0, number) for number in range(parts)]
    assert record_for(bounded, work(split)).counted == 1
    assert qualified_at(replace(track, days=2), split) > len(split)


@given(credits_within(WITHIN), tracks)
def test_a_burst_of_one_day_gains_no_more_than_the_same_over_a_month(
    honest: list[ReportCredited], track: Track
) -> None:
    """Where credits fade, what is younger counts more; then `days` keeps a burst away."""
    lasting = replace(track, half_life_days=0)
    burst = [varied(each, on=credit(WITHIN).on) for each in honest]
    gained, earned = qualified_at(lasting, burst), qualified_at(lasting, honest)
    assert gained > len(burst) or earned <= len(honest)
    assert qualified_at(replace(track, days=2), burst) > len(burst)


@given(credits_within(WITHIN), tracks, st.data())
def test_who_registers_again_begins_anew(
    honest: list[ReportCredited], track: Track, data: st.DataObject
) -> None:
    """Of two accounts that share the same work none qualifies before one that has all of it."""
    first = data.draw(st.lists(st.booleans(), min_size=len(honest), max_size=len(honest)))
    for account in (True, False):
        own = [at for at, which in enumerate(first) if which is account]
        after = qualified_at(track, [honest[at] for at in own])
        if after <= len(own):
            assert qualified_at(track, honest) <= own[after - 1] + 1


def test_accounts_that_confirm_each_other_s_reports_earn_nothing_by_it() -> None:
    seen = recorded(REPORT_CORROBORATED, 7)
    assert [ask for each in REACTIONS for ask in each.ask(seen)] == []


@given(st.integers(1, TEN), st.integers(1, 5), st.integers(2, 5))
def test_ten_accounts_with_one_accomplice_gain_no_more_than_one_confirmer_gives(
    each_has: int, most: int, wanted: int
) -> None:
    track = Track("ring", 1, "Ring", 1, 1, 1, 1.0, most_per_confirmer=most)
    for account in range(TEN):
        ring = [credit(day, member=f"{account:032x}") for day in range(each_has)]
        assert record_for(track, work(ring)).counted == min(each_has, most)
        assert qualified_at(replace(track, confirmers=wanted), ring) > len(ring)
