"""What a track may ask for: windows, half-lives, bounds, places, confirmers, other tracks."""

from dataclasses import asdict, replace
from datetime import date, timedelta
from functools import reduce
from random import Random

import pytest
from crediting import FIRST_DAY, credit, credits_within, tracks
from hypothesis import given
from hypothesis import strategies as st

from services.promotion.domain.counting import Counting
from services.promotion.domain.member import CreditReport, category
from services.promotion.domain.tally import LONGEST_DAYS
from services.promotion.domain.track import Track, earns, figures, record_for
from services.promotion.domain.work import Work, from_told, told
from shared.contracts.member import MemberEvent, MemberQualified, ReportCredited

ANY = Track("any", 1, "Any", confirmed=1, sectors=1, days=1, refuted_share=1.0)


def work(*credited: ReportCredited, refuted: tuple[int, ...] = ()) -> Work:
    done = reduce(Work.credited, credited, Work())
    return reduce(Work.refuted, (FIRST_DAY + timedelta(day) for day in refuted), done)


def meets(track: Track, done: Work) -> bool:
    return earns(track, done, ())


def test_places_and_confirmers_are_counted_apart() -> None:
    track = replace(ANY, places=2, confirmers=2)
    assert meets(track, work(credit(), credit(number=1, place="us.ny", confirmer="b")))
    assert not meets(track, work(credit(), credit(number=1, place="us.ny")))
    assert not meets(track, work(credit(), credit(number=1, confirmer="b")))


def test_a_window_looks_back_from_the_newest_credit() -> None:
    track = replace(ANY, confirmed=2, days=2, window_days=10)
    assert meets(track, work(credit(0), credit(9)))
    assert not meets(track, work(credit(0), credit(10)))
    assert meets(track, work(credit(0), credit(10), credit(4)))


@pytest.mark.parametrize(
    ("asked", "other"),
    [
        ("sectors", {"sector": "water"}),
        ("places", {"place": "x"}),
        ("confirmers", {"confirmer": "b"}),
    ],
)
def test_what_is_outside_of_the_window_is_no_sector_place_or_confirmer(
    asked: str, other: dict[str, str]
) -> None:
    track = Track(**asdict(ANY) | {"window_days": 10, asked: 2})
    assert meets(track, work(credit(1, **other), credit(10)))  # type: ignore[arg-type]
    assert not meets(track, work(credit(0, **other), credit(10)))  # type: ignore[arg-type]


def test_refutations_before_the_window_are_forgotten() -> None:
    track = replace(ANY, refuted_share=0.0, window_days=10)
    assert not meets(track, work(credit(10), refuted=(1,)))
    assert meets(track, work(credit(10), refuted=(0,)))


def test_a_credit_counts_by_half_after_its_half_life() -> None:
    track = replace(ANY, half_life_days=10)
    assert record_for(track, work(credit(0), credit(10))).weighed == 1_500_000
    assert record_for(track, work(credit(0), credit(20))).weighed == 1_250_000
    assert not meets(replace(track, confirmed=2), work(credit(0), credit(1), credit(30)))
    assert meets(replace(track, confirmed=2), work(credit(28), credit(29), credit(30)))


def test_no_more_than_so_many_of_a_day_count() -> None:
    track = replace(ANY, most_per_day=2)
    burst = [credit(0, number) for number in range(10)]
    assert record_for(track, work(*burst, credit(1))).counted == 3


def test_no_more_than_so_many_of_one_confirmer_count() -> None:
    track = replace(ANY, most_per_confirmer=3)
    many = [credit(number) for number in range(10)]
    assert record_for(track, work(*many, credit(1, 1, "b"))).counted == 4
    both = replace(track, most_per_day=1, window_days=5)
    assert record_for(both, work(*many, credit(9, 1, "b"))).counted == 4


def test_who_is_not_qualified_on_what_comes_before_does_not_qualify() -> None:
    """The charter may name the later one first: who meets both qualifies on both."""
    later = replace(ANY, name="later", after=("first",))
    first = replace(ANY, name="first", confirmed=2)
    decider = category([later, first]).decider
    one = list[MemberEvent](decider.decide(CreditReport(credit(0)), decider.initial_state))
    assert one == [credit(0)]
    two = decider.decide(CreditReport(credit(1)), decider.fold(one))
    assert [each.track for each in two if isinstance(each, MemberQualified)] == ["first", "later"]


def test_every_part_of_a_rule_says_what_it_wants_and_what_there_is() -> None:
    track = replace(ANY, confirmed=3, places=2, refuted_share=0.1)
    of = record_for(track, work(credit(), refuted=(0,)))
    parts = {each.what: each for each in figures(track, of)}
    assert {name for name, each in parts.items() if not each.met} == {
        "confirmed",
        "places",
        "refuted_share",
    }
    assert (parts["confirmed"].wanted, parts["confirmed"].has) == (3, 1)
    assert parts["refuted_share"].has == 0.5


@given(credits_within(1_500), tracks)
def test_told_again_from_the_list_of_credits_it_is_the_same(
    credited: list[ReportCredited], track: Track
) -> None:
    """Without what is kept of them: from the credits themselves, one by one."""
    found = record_for(track, work(*credited))
    newest = max((each.on for each in credited), default=FIRST_DAY)
    window = track.window_days or (LONGEST_DAYS if track.half_life_days else 100_000)
    counted = [each for each in credited if (newest - each.on).days < window]
    assert found.confirmed == len(counted)
    assert found.days == len({each.on for each in counted})
    assert found.sectors == len({each.sector for each in counted})
    assert found.places == len({each.place for each in counted})
    assert found.confirmers == len({each.confirmer for each in counted})
    by_day, by_confirmer = dict[date, list[float]](), dict[str, list[float]]()
    for each in counted:
        age, half_life = (newest - each.on).days, track.half_life_days
        counts = 0.5 ** (age / half_life) if half_life else 1.0
        by_day.setdefault(each.on, []).append(counts)
        by_confirmer.setdefault(each.confirmer, []).append(counts)
    of_days = sum(sum(each[: track.most_per_day or None]) for each in by_day.values())
    most = track.most_per_confirmer or 100_000
    of_confirmers = sum(min(sum(each), most) for each in by_confirmer.values())
    assert found.counted == pytest.approx(min(of_days, of_confirmers), abs=1e-4)


@given(credits_within(1_500), st.randoms())
def test_neither_order_nor_rest_beside_the_log_changes_the_figures(
    credited: list[ReportCredited], random: Random
) -> None:
    shuffled = random.sample(credited, len(credited))
    assert told(work(*credited)) == told(work(*shuffled))
    assert told(from_told(told(work(*credited)))) == told(work(*credited))


@given(credits_within(1_500), tracks)
def test_as_many_are_told_to_count_as_do(credited: list[ReportCredited], track: Track) -> None:
    """One bound at a time: of both the figure is the less of two, which no single credit has."""
    for without in ({"most_per_day": 0}, {"most_per_confirmer": 0}):
        lasting = Track(**asdict(track) | {"half_life_days": 0} | without)
        done = work(*credited)
        counting = Counting(lasting, done)
        counts = sum(counting.of(each) == "counts" for each in credited)
        assert counts == record_for(lasting, done).counted
