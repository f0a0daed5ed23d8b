"""Figures stand on many people: who files much counts once, and what nobody files counts little."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from protected import KEY, confirmed, filed, refuted

from services.publishing.release.book import APART, PEOPLE, Book, Out
from services.publishing.release.cells import of_a_report, settled
from services.publishing.release.people import by_people, counted
from shared.contracts.event import Event
from shared.contracts.identity import keyed
from shared.contracts.release import ReleaseMade
from shared.contracts.report import ReportFiled
from shared.testing.examples import DORCHESTER, GRAFFITI, ROXBURY, STREET_LIGHTS, recorded

FEW, AS_ONE = 2, 3
PLACES, SECTORS = (ROXBURY, DORCHESTER, "us.ma.salem", "us.ma"), (STREET_LIGHTS, GRAFFITI)
ME, YOU, ANN, BEN = 1, 2, 3, 4


def made(day: int = 0, rule: int = PEOPLE) -> ReleaseMade:
    return ReleaseMade(
        release_id="e" * 32,
        on=date(2030, 1, 7) + timedelta(days=day),
        intake=0,
        promotion=0,
        smallest=FEW,
        rule=rule,
        anonymous_as_one=AS_ONE,
    )


def let_out(book: Book, events: Sequence[Event], day: int = 0, rule: int = PEOPLE) -> Out:
    for number, event in enumerate(events, 1 + 100 * day):
        book.take(recorded(event, number))
    return book.release(made(day, rule))


def by(*people: int | None, first: int = 0) -> list[ReportFiled]:
    """One report of each, all in one cell."""
    return [filed(number, by=who) for number, who in enumerate(people, first)]


def test_one_person_who_files_many_makes_no_figure() -> None:
    assert let_out(Book(KEY), by(*[ME] * 9)) == []
    assert len(let_out(Book(KEY), by(*[ME] * 9), rule=APART)) == 9, "as it was by the rule before"


def test_nor_one_of_a_neighbours() -> None:
    book = Book(KEY)
    assert let_out(book, by(*[ME] * 9, YOU)) == []
    assert len(let_out(book, by(ANN, first=20), 1)) == 11, "three people are more than a few"


def test_nor_does_somebody_who_does_not_say_who_they_are() -> None:
    """They would have to send as many for each person that they pretend to be."""
    assert let_out(Book(KEY), by(*[None] * (FEW * AS_ONE + AS_ONE - 1))) == []
    assert let_out(Book(KEY), by(*[None] * (AS_ONE * FEW - 1), YOU)) == []


def test_but_what_nobody_files_comes_out_where_there_is_much_of_it() -> None:
    many = by(*[None] * (FEW + 1) * AS_ONE)
    assert len(let_out(Book(KEY), many)) == len(many)


def test_and_with_what_others_file() -> None:
    assert len(let_out(Book(KEY), by(None, ME, YOU, ANN))) == 4


def test_outcomes_are_those_of_many_and_leave_many_or_none() -> None:
    reports = by(ME, ME, ME, YOU, ANN, BEN)
    book = Book(KEY)
    assert len(let_out(book, reports)) == 6
    assert let_out(book, [confirmed(each) for each in reports[:3]], 1) == [], "all are of one"
    assert let_out(book, [confirmed(reports[3])], 2) == [], "they are of two"
    assert let_out(book, [refuted(reports[4])], 3) == []
    assert let_out(book, [confirmed(reports[5])], 4) == [], "one would be left"
    more = by(ANN, BEN, first=20)
    assert let_out(book, more, 5) == [], "two more wait"
    assert len(let_out(book, by(YOU, first=30), 6)) == 3 + 5, "they come out, and many are left"


reports = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(0, 1), st.none() | st.integers(1, 5), st.integers(0, 2)
    ),
    max_size=25,
)


@given(st.lists(reports, min_size=1, max_size=4))
def test_each_figure_of_a_day_stands_on_many_people(
    town: list[list[tuple[int, int, int | None, int]]],
) -> None:
    book, who, told = Book(KEY), dict[str, str | None](), 0
    number = 0
    for day, drawn in enumerate(town):
        events: list[Event] = []
        for place, sector, person, outcome in drawn:
            number += 1
            one = filed(number, PLACES[place], SECTORS[sector], by=person)
            events += [one, *([confirmed(one), refuted(one)][outcome - 1 : outcome])]
            for kind in ("report", "outcome"):
                who[keyed(KEY, kind, one.report_id)] = one.correspondent
        cells: dict[tuple[str, str, str | None], list[str]] = defaultdict(list)
        for _, event in let_out(book, events, day):
            told += 1
            where = type(event).__name__, event.place, event.sector  # type: ignore[attr-defined]
            cells[where].append(event.aggregate_id)
        for those in cells.values():
            assert counted((who[each] for each in those), AS_ONE) > FEW
    assert told + book.held == sum(1 + bool(each[3]) for day in town for each in day)


@given(st.lists(st.none() | st.integers(1, 4)), st.none() | st.integers(1, 4), st.integers(1, 9))
def test_one_more_counts_as_one_more_at_most(
    people: list[int | None], one: int | None, as_one: int
) -> None:
    """The argument of ADR 0051 rests on it, whatever is counted."""
    names = [who and str(who) for who in people]
    before = counted(names, as_one)
    assert before <= len(names)
    assert before <= counted([*names, one and str(one)], as_one) <= before + 1


# --- Who has all of a day's PUBLIC, the rule, and every town that there could be


LEAVES = [("us.a", "x"), ("us.a", "y"), ("us.b", "x")]
Town = tuple[tuple[int, ...], ...]
"""For each leaf how many reports each person filed there; the last of them is nobody."""


def towns(people: int, each: int, nobodies: int) -> Iterator[Town]:
    of_a_leaf = list(product(*[range(each + 1)] * people, range(nobodies + 1)))
    return product(of_a_leaf, repeat=len(LEAVES))


def seen(town: Town, people: int, *, is_weighed: bool = True) -> frozenset[tuple[object, int]]:
    ways, who = {}, dict[object, str | None]()
    for n, of_leaf in enumerate(town):
        for person, count in enumerate(of_leaf):
            for i in range(count):
                ways[n, person, i] = of_a_report(*LEAVES[n])
                who[n, person, i] = str(person) if person < people else None
    weigh = by_people(who, AS_ONE) if is_weighed else len
    return frozenset(Counter(settled(ways, FEW, weigh).values()).items())


def as_many(town: Town, of: Sequence[int]) -> int:
    """People behind the reports of some leaves."""
    *known, nobodies = [sum(town[leaf][n] for leaf in of) for n in range(len(town[0]))]
    return sum(map(bool, known)) + nobodies // AS_ONE


def known(people: int, nobodies: int, *, is_weighed: bool) -> list[tuple[Town, Sequence[int]]]:
    """Figures that one value alone is possible of, and that fewer than a few people stand behind.
    What is true has one person less, and fewer nobodies: others may have come to town."""
    sums = [of for size in (1, 2, 3) for of in combinations(range(len(LEAVES)), size)]
    values: dict[object, dict[Sequence[int], set[int]]] = defaultdict(lambda: defaultdict(set))
    true: list[tuple[Town, object]] = []
    for town in towns(people, 1, nobodies):
        day = seen(town, people, is_weighed=is_weighed)
        for of in sums:
            values[day][of].add(sum(sum(town[leaf]) for leaf in of))
        is_full = nobodies > 1 and any(of_leaf[-1] == nobodies for of_leaf in town)
        if not is_full and not any(of_leaf[people - 1] for of_leaf in town):
            true.append((town, day))
    return [
        (town, of)
        for town, day in true
        for of in sums
        if as_many(town, of) < FEW and sum(sum(town[leaf]) for leaf in of)
        if len(values[day][of]) == 1
    ]


@pytest.mark.parametrize(("people", "nobodies"), [(4, 1), (2, 5)])
def test_no_figure_of_fewer_people_can_be_computed(people: int, nobodies: int) -> None:
    assert known(people, nobodies, is_weighed=True) == []


def test_were_each_report_counted_some_could() -> None:
    assert known(4, 0, is_weighed=False)
