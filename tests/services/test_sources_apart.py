"""A source knows its own reports: what is left when it subtracts them from what is released is what
would have been released without it, and so many or nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from protected import KEY, confirmed, filed, qualified, refuted

from services.publishing.release.book import PEOPLE, Book
from shared.contracts.event import Event
from shared.contracts.release import ReleaseMade
from shared.testing.examples import DORCHESTER, GRAFFITI, ROXBURY, STREET_LIGHTS, recorded, varied

FEW = 2
PLACES, SECTORS = (ROXBURY, DORCHESTER, "us.ma.salem", "us.ma"), (STREET_LIGHTS, GRAFFITI)
BOSS, HOTLINE = "boss", "hotline"

Seen = Counter[tuple[str, str, str | None]]


def release(day: int, rule: int = PEOPLE) -> ReleaseMade:
    on = date(2030, 1, 7) + timedelta(days=day)
    return ReleaseMade(release_id="e" * 32, on=on, intake=0, promotion=0, smallest=FEW, rule=rule)


def seen(days: Sequence[Sequence[tuple[int, Event]]], rule: int = PEOPLE) -> list[Seen]:
    """What stands in PUBLIC of each day, as who counts it sees it."""
    book, found = Book(KEY), []
    for day, events in enumerate(days):
        for number, event in events:
            book.take(recorded(event, number))
        out = [event for _, event in book.release(release(day, rule))]
        found.append(
            Counter(
                (type(each).__name__, each.place, getattr(each, "sector", None)) for each in out
            )
        )
    return found


def test_one_report_of_another_does_not_show_beside_many_of_ones_own() -> None:
    own = [filed(n, source=BOSS) for n in range(FEW + 1)]
    others = [filed(99, source=HOTLINE)]
    day = [list(enumerate([*own, *others], 1))]
    assert seen(day) == [Counter({("ReportFiled", ROXBURY, STREET_LIGHTS): FEW + 1})]
    assert seen(day, rule=1) == [Counter({("ReportFiled", ROXBURY, STREET_LIGHTS): FEW + 2})]


def test_nor_does_an_outcome_of_it() -> None:
    own = [filed(n, source=BOSS) for n in range(4)]
    both = [*own, *(filed(n, source=HOTLINE) for n in (8, 9, 10))]
    settled = [confirmed(each) for each in (*own, both[-1])]
    _, after = seen([list(enumerate(both, 1)), list(enumerate(settled, 20))])
    assert after == Counter({("ReportConfirmed", ROXBURY, STREET_LIGHTS): 4})


def test_nor_a_member() -> None:
    reports = [filed(n, source=BOSS) for n in range(3)] + [filed(9, source=HOTLINE)]
    members = [qualified(n) for n in (0, 1, 2, 9)]
    (day,) = seen([list(enumerate([*reports, *members], 1))])
    assert day["MemberQualified", ROXBURY, None] == 3


def test_nor_a_member_who_qualified_by_another_version_of_the_rule() -> None:
    """The version is told of each, so who is the only one of it would be seen."""
    members = [*(qualified(n) for n in range(3)), varied(qualified(9), rule_version=7)]
    (day,) = seen([list(enumerate(members, 1))])
    assert day.total() == 3


def town_of(choices: Sequence[Sequence[tuple[bool, int, int, int]]]) -> Iterator[list[Event]]:
    number = 0
    for of_day in choices:
        day: list[Event] = []
        for is_own, place, sector, outcome in of_day:
            number += 1
            source = BOSS if is_own else HOTLINE
            report = filed(number, PLACES[place], SECTORS[sector], source)
            day += [report, *([confirmed(report), refuted(report)][outcome - 1 : outcome])]
            if outcome == 1:
                day.append(qualified(number, PLACES[place]))
        yield day


choices = st.lists(
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 3), st.integers(0, 1), st.integers(0, 2)),
        max_size=15,
    ),
    min_size=1,
    max_size=4,
)


@given(choices)
def test_what_is_seen_is_what_either_would_show_alone(
    drawn: list[list[tuple[bool, int, int, int]]],
) -> None:
    days = list(town_of(drawn))
    numbered, at = [], 0
    for day in days:
        numbered.append(list(enumerate(day, at + 1)))
        at += len(day)
    own = {f"{n:032x}" for n, is_own in enumerate((c[0] for d in drawn for c in d), 1) if is_own}

    def alone(*, wanted: bool) -> list[Seen]:
        return seen(
            [[each for each in day if (each[1].aggregate_id in own) is wanted] for day in numbered]
        )

    each_alone = zip(alone(wanted=True), alone(wanted=False), strict=True)
    assert seen(numbered) == [own_day + others for own_day, others in each_alone]
