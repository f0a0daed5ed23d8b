"""Whatever is done about a post, nobody is placed who may not be, and never more than seats."""

from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.promotion.domain.post import (
    ActOfMember,
    AllowChoice,
    ChooseCandidate,
    ChooseNobody,
    EndPlacement,
    LookAtPost,
    Nominate,
    PostCommand,
    PressOfMember,
    RefuseChoice,
    WithdrawRecall,
    category,
)
from services.promotion.domain.ranking import (
    FIGURES,
    Candidate,
    candidates,
    differ_in,
    digest_of,
    lot,
    ranked,
    seed_of,
    step,
)
from shared.contracts.post import (
    CandidatesRanked,
    MemberPlaced,
    PlacementEnded,
    PostEvent,
    RecallSupported,
    RecallWithdrawn,
)
from shared.eventsourcing.errors import DomainError
from shared.testing.examples import DAY, MONDAY, POST_ID, POST_OPENED, ROXBURY, varied

DECIDER = category.decider
OPENED = varied(POST_OPENED, recall_by=3, shown=2)
MEMBERS = [f"{number:032x}" for number in range(6)]
STAFF = [f"{number:032x}" for number in range(90, 92)]
members, staff = st.sampled_from(MEMBERS), st.sampled_from(STAFF)
days = st.integers(0, 900).map(lambda number: MONDAY + number * DAY)
qualified = st.sampled_from([frozenset(("verifier",)), frozenset(("verifier",)), frozenset[str]()])
places = st.sampled_from([frozenset((ROXBURY,)), frozenset(("us.ny",))])
pools = st.lists(
    st.builds(Candidate, members, qualified, *[st.integers(0, 40)] * 5),
    max_size=6,
    unique_by=lambda each: each.member_id,
)
of_staff, of_members = (st.just(POST_ID), staff, days), (st.just(POST_ID), members, days)
reasons = st.just("A reason")
looks = st.builds(LookAtPost, st.just(POST_ID), days, pools, st.just(7))
choices = st.builds(ChooseCandidate, *of_staff, members, reasons, st.booleans())
acts = st.builds(
    ActOfMember,
    *of_members,
    st.sampled_from(["come forward", "accept", "accept", "recall", "recall"]),
    members,
    st.booleans(),
    qualified,
    places,
)
commands: st.SearchStrategy[PostCommand] = st.one_of(
    looks,
    looks,
    choices,
    choices,
    acts,
    acts,
    acts,
    st.builds(AllowChoice, *of_staff, members),
    st.builds(RefuseChoice, *of_staff, members, reasons),
    st.builds(ChooseNobody, *of_staff, reasons),
    st.builds(EndPlacement, *of_staff, members, reasons),
    st.builds(Nominate, *of_members, members),
    st.builds(PressOfMember, *of_members, st.sampled_from(["stand back", "decline", "resign"])),
    st.builds(WithdrawRecall, *of_members, members),
)


def _lived(given_commands: Sequence[PostCommand]) -> list[tuple[PostCommand, list[PostEvent]]]:
    """Time goes on from command to command."""
    state = DECIDER.fold([OPENED])
    found = []
    for command in sorted(given_commands, key=lambda each: each.at):  # type: ignore[union-attr]
        with suppress(DomainError):
            events = list(DECIDER.decide(command, state))
            for event in events:
                state = DECIDER.evolve(state, event)
            assert list(_again(command, state)) == [], "a repetition changed something"
            found.append((command, events))
    return found


def _again(command: PostCommand, state: Any) -> Sequence[PostEvent]:
    try:
        return DECIDER.decide(command, state)
    except DomainError:
        return []


@given(st.lists(commands, min_size=10, max_size=40))
def test_nobody_unqualified_and_never_more_than_seats(some: list[PostCommand]) -> None:
    placed: dict[str, int] = {}
    for command, events in _lived(some):
        for event in events:
            match event:
                case MemberPlaced(member_id=who, seat=seat):
                    assert isinstance(command, ActOfMember)
                    assert command.by == who
                    assert command.qualified >= set(OPENED.tracks)
                    assert who not in placed
                    assert seat not in placed.values()
                    placed[who] = seat
                    assert len(placed) <= OPENED.seats
                case PlacementEnded(member_id=who):
                    del placed[who]


@given(st.lists(commands, min_size=10, max_size=40))
def test_who_had_a_seat_does_not_follow_themselves_where_it_rotates(
    some: list[PostCommand],
) -> None:
    events = [event for _, found in _lived(some) for event in found]
    for seat in range(1, OPENED.seats + 1):
        holders = [
            each.member_id
            for each in events
            if isinstance(each, MemberPlaced) and each.seat == seat
        ]
        assert all(before != after for before, after in pairwise(holders))


@given(st.lists(st.tuples(st.booleans(), members, places), max_size=40))
def test_a_recall_needs_so_many_distinct_members_at_one_time(
    turns: list[tuple[bool, str, frozenset[str]]],
) -> None:
    who = "f" * 32
    seat = {"post_id": POST_ID, "place": OPENED.place, "at": MONDAY, "member_id": who, "seat": 1}
    until = {"probation_until": MONDAY + DAY, "ends_at": MONDAY + DAY}
    on = MONDAY.date()
    state = DECIDER.fold([OPENED, MemberPlaced(**seat, rank=1, on=on, told=False, **until)])
    support = set[str]()
    for supports, by, where in turns:
        command: PostCommand = WithdrawRecall(POST_ID, by, MONDAY, who)
        if supports:
            command = ActOfMember(POST_ID, by, MONDAY, "recall", who, places=where)
        with suppress(DomainError):
            for event in DECIDER.decide(command, state):
                state = DECIDER.evolve(state, event)
                match event:
                    case RecallSupported():
                        assert by not in support
                        assert where == {ROXBURY}
                        support.add(by)
                    case RecallWithdrawn():
                        support.remove(by)
                    case PlacementEnded():
                        assert len(support) == OPENED.recall_by
                        return
        assert len(support) < OPENED.recall_by


@given(pools, st.randoms())
def test_a_ranking_is_the_same_however_the_rows_come(pool: list[Candidate], chance: Any) -> None:
    """Byte for byte; and drawn again by what the event says alone."""
    state = DECIDER.fold([OPENED])
    at = MONDAY + 15 * DAY
    (event,) = DECIDER.decide(LookAtPost(POST_ID, at, pool, 7), state)
    other = list(pool)
    chance.shuffle(other)
    (again,) = DECIDER.decide(LookAtPost(POST_ID, at, other, 7), state)
    assert event.model_dump_json() == again.model_dump_json()
    assert isinstance(event, CandidatesRanked)
    qualified_ones = [each.member_id for each in pool if each.tracks]
    assert event.digest == digest_of(qualified_ones)
    for one, other_one in pairwise(event.ranking):
        key, other_key = ([getattr(each, name) for name in FIGURES] for each in (one, other_one))
        assert key >= other_key
        if differ_in(one, other_one) == "lot":
            lots = (lot(event.seed, each.member_id) for each in (one, other_one))
            assert next(lots) < next(lots)


@given(pools, members)
def test_who_is_taken_out_moves_nobody_before_another_one(pool: list[Candidate], out: str) -> None:
    seed = seed_of(POST_ID)
    all_of_them = ranked(candidates(pool, ("verifier",), ()), {}, seed)
    fewer = ranked(candidates(pool, ("verifier",), (out,)), {}, seed)
    assert fewer == [each for each in all_of_them if each.member_id != out]


@given(st.integers(1, 10_000))
def test_a_little_more_is_no_step(figure: int) -> None:
    assert step(figure) <= figure < 2 * step(figure)
    assert step(0) == 0
