"""Whom the lot draws: everybody as often, nobody who may not, and whoever counts again the same."""

import hashlib
import json
from collections import Counter
from dataclasses import replace
from functools import cache
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.draw import Candidate, Lot, Wanted, draw, seed_of
from services.intake.drawing import close_to
from shared.contracts.checking import CheckersDrawn
from shared.contracts.party import Parties, Party
from shared.contracts.place import is_within
from shared.testing.examples import CHECKERS_DRAWN, ROXBURY, varied

BOSTON, MASS = "us.ma.boston", "us.ma"
PLACES = [
    ROXBURY,
    "us.ma.boston.dorchester",
    BOSTON,
    "us.ma.cambridge",
    MASS,
    "fr.75",
    "everywhere",
]
WANTED = Wanted(ROXBURY, 2, before=1_000, often=3, enough=5)
POOL = [Candidate(f"{number:032x}", ROXBURY, number) for number in range(20)]
SEED = seed_of("0" * 32)

few_names = st.frozensets(st.sampled_from(["parks", "public works", "lamps"]), max_size=2)
members = st.builds(
    Candidate,
    member_id=st.uuids().map(lambda found: found.hex),
    place=st.sampled_from(PLACES),
    ready=st.integers(1, 2_000),
    ties=few_names,
    societies=few_names,
    drawn=st.integers(0, 5),
)
pools = st.lists(members, max_size=40, unique_by=lambda each: each.member_id)
wanted = st.builds(
    Wanted,
    place=st.sampled_from(PLACES),
    number=st.integers(1, 5),
    before=st.just(1_000),
    often=st.just(3),
    enough=st.integers(1, 8),
    owners=few_names,
    societies=few_names,
    elsewhere=st.booleans(),
)

DRAWS, DRAWN_OF, CRITICAL = 10_000, 20, 43.82
"""Of chi-square with 19 degrees of freedom, at 0.1 %."""


def chi_square(counts: "Counter[str]", of: int, total: int) -> float:
    """Nobody is left out of the sum who was never drawn."""
    expected = total / of
    seen = sum((count - expected) ** 2 / expected for count in counts.values())
    return seen + (of - len(counts)) * expected


@cache
def drawn_over(pool: tuple[Candidate, ...]) -> "Counter[str]":
    one = replace(WANTED, number=1)
    found: Counter[str] = Counter()
    for claim in range(DRAWS):
        found.update(draw(pool, one, seed_of(f"{claim:032x}")).drawn)
    return found


def test_everybody_is_drawn_as_often_over_ten_thousand_draws() -> None:
    assert chi_square(drawn_over(tuple(POOL)), DRAWN_OF, DRAWS) < CRITICAL


def test_the_measure_sees_a_lot_that_favours_somebody_by_a_tenth() -> None:
    fair = drawn_over(tuple(POOL)).copy()
    (first, count), *_ = fair.most_common(1)
    fair[first] = count + DRAWS // DRAWN_OF // 3
    assert chi_square(fair, DRAWN_OF, sum(fair.values())) > CRITICAL


@given(pools, wanted, st.data())
def test_nobody_who_may_not_is_ever_drawn(
    pool: list[Candidate], wanted: Wanted, data: st.DataObject
) -> None:
    ids = [each.member_id for each in pool]
    out = data.draw(st.sets(st.sampled_from(ids))) if ids else set[str]()
    wanted = replace(wanted, out=out)
    lot = draw(pool, wanted, SEED)
    by_id = {each.member_id: each for each in pool}
    taken: list[str] = []
    assert len(lot.drawn) <= wanted.number
    assert len(set(lot.drawn)) == len(lot.drawn)
    for who in lot.drawn:
        each = by_id[who]
        assert who not in out
        assert not each.ties & wanted.owners
        assert each.drawn < 3
        assert each.ready <= 1_000
        assert is_within(each.place, lot.place)
        assert not each.societies & wanted.societies
        assert not each.societies & set(taken)
        assert not (wanted.elsewhere and is_within(each.place, wanted.place))
        taken += each.societies


@given(pools, wanted)
def test_who_may_be_drawn_is_where_too_few_are(pool: list[Candidate], wanted: Wanted) -> None:
    """Everybody who may is drawn in the end, but for those who share a society with one before."""
    lot = draw(pool, replace(wanted, number=100), SEED)
    assert set(lot.drawn) | set(lot.passed_over) == set(lot.candidates)
    if lot.place != "everywhere":
        assert len(lot.candidates) >= wanted.enough


@given(pools, wanted, st.randoms())
def test_the_order_in_which_the_rows_come_changes_nothing(
    pool: list[Candidate], wanted: Wanted, shuffled: Random
) -> None:
    before = draw(pool, wanted, SEED)
    shuffled.shuffle(pool)
    assert draw(pool, wanted, SEED) == before


@given(st.sets(st.integers(0, 19), max_size=15))
def test_taking_people_out_moves_nobody_before_another_one(gone: set[int]) -> None:
    """Who runs the server can't try sets of candidates until a friend is drawn."""
    everybody = replace(WANTED, number=20)
    full = draw(POOL, everybody, SEED).drawn
    left = [each for number, each in enumerate(POOL) if number not in gone]
    assert list(draw(left, everybody, SEED).drawn) == [
        who for who in full if who in {each.member_id for each in left}
    ]


def test_whoever_was_not_ready_before_the_claim_is_not_drawn_for_it() -> None:
    late = [replace(each, ready=1_001) for each in POOL]
    assert draw(late, WANTED, SEED).drawn == ()


@pytest.mark.parametrize(
    ("near", "place", "widened"), [(5, ROXBURY, 0), (4, BOSTON, 1), (0, MASS, 2)]
)
def test_too_few_widen_the_place_step_by_step_and_say_so(
    near: int, place: str, widened: int
) -> None:
    others = [replace(each, place=BOSTON) for each in POOL[near : near + 1]]
    far = [replace(each, place="us.ma.cambridge") for each in POOL[6:12]]
    lot = draw([*POOL[:near], *others, *far], WANTED, SEED)
    assert (lot.place, lot.widened) == (place, widened)


def counted_again(event: dict[str, object]) -> list[str]:
    """Another hand's: from the body of the event alone, with nothing of ours."""
    over = set(event["passed_over"])  # type: ignore[call-overload]
    keyed = {
        hashlib.sha256(f"{event['seed']}\n{event['stage']}\n{one}".encode()).hexdigest(): one
        for one in event["candidates"]  # type: ignore[attr-defined]
    }
    order = [keyed[key] for key in sorted(keyed) if keyed[key] not in over]
    return order[: len(event["drawn"])]  # type: ignore[arg-type]


def told(lot: Lot, *, elsewhere: bool) -> CheckersDrawn:
    said = {name: getattr(lot, name) for name in ("candidates", "digest", "drawn", "passed_over")}
    stage = "appeal" if elsewhere else "first"
    return varied(CHECKERS_DRAWN, **said, stage=stage, seed=SEED)  # type: ignore[no-any-return]


@given(pools, wanted)
def test_another_hand_draws_the_same_from_the_event_alone(
    pool: list[Candidate], wanted: Wanted
) -> None:
    event = told(lot := draw(pool, wanted, SEED), elsewhere=wanted.elsewhere)
    body = json.loads(event.model_dump_json())
    assert counted_again(body) == list(lot.drawn)
    digest = hashlib.sha256("\n".join(sorted(body["candidates"])).encode()).hexdigest()
    assert digest == body["digest"]


def test_who_is_close_to_an_owner_by_any_of_its_names_or_to_a_unit_above_or_below_it() -> None:
    parties = Parties(
        [
            Party("works", "Public Works", ("Streets Division",), above="town"),
            Party("town", "The Town"),
            Party("lamps", "Lamps", above="works"),
            Party("parks", "Parks", above="town"),
        ]
    )
    ties = ["streets  division", "the town", "lamps", "parks", "public works", "nobody"]
    pool = [Candidate(tie, ROXBURY, 1, frozenset((tie,))) for tie in ties]
    assert close_to("Public Works", pool, parties) == {*ties} - {"parks", "nobody"}
    assert close_to("\N{FULLWIDTH LATIN CAPITAL LETTER N}obody", pool, parties) == {"nobody"}
