"""What a release lets out: only what many share, every event once, the same for whoever asks."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from attacker import told
from hypothesis import given
from hypothesis import strategies as st
from protected import KEY, confirmed, filed, qualified, refuted, reopened

from services.publishing.release.book import PEOPLE, Book, Out
from services.publishing.release.cells import Cell, above, of_a_report, settled
from shared.contracts import public
from shared.contracts.event import Event
from shared.contracts.member import MemberQualified, QualificationLapsed
from shared.contracts.release import ReleaseMade
from shared.testing.examples import (
    DORCHESTER,
    GRAFFITI,
    QUALIFICATION_LAPSED,
    ROXBURY,
    STREET_LIGHTS,
    recorded,
    varied,
)

FEW = 2
SALEM = "us.ma.salem"
PLACES, SECTORS = (ROXBURY, DORCHESTER, SALEM, "us.ma"), (STREET_LIGHTS, GRAFFITI)
FIRST = date(2030, 1, 7)


def made(day: int = 0, rule: int = PEOPLE) -> ReleaseMade:
    on = FIRST + timedelta(days=day)
    return ReleaseMade(release_id="e" * 32, on=on, intake=0, promotion=0, smallest=FEW, rule=rule)


def let_out(book: Book, events: Sequence[Event], day: int = 0, first: int = 1) -> Out:
    for number, event in enumerate(events, first):
        book.take(recorded(event, number))
    return book.release(made(day))


def cells(out: Out) -> Counter[tuple[str, str, str | None]]:
    return Counter(
        (type(event).__name__, event.place, event.sector)
        for _, event in out
        if isinstance(event, public.PublicReportEvent)
    )


def test_what_more_than_a_few_share_keeps_place_and_sector() -> None:
    assert cells(let_out(Book(KEY), [filed(n) for n in range(3)])) == {
        ("ReportFiled", ROXBURY, STREET_LIGHTS): 3
    }


def test_what_a_few_share_is_told_without_the_sector() -> None:
    reports = [filed(1), filed(2), filed(3, sector=GRAFFITI)]
    assert cells(let_out(Book(KEY), reports)) == {("ReportFiled", ROXBURY, None): 3}


def test_and_where_that_is_not_enough_of_a_larger_place() -> None:
    reports = [filed(1), filed(2, DORCHESTER), filed(3, SALEM, GRAFFITI)]
    assert cells(let_out(Book(KEY), reports)) == {("ReportFiled", "us.ma", None): 3}


def test_too_few_for_the_root_are_held_until_there_are_more() -> None:
    book = Book(KEY)
    assert let_out(book, [filed(1), filed(2, SALEM)]) == []
    assert book.held == 2
    out = let_out(book, [filed(3, "fr.lyon")], 1, 3)
    assert cells(out) == {("ReportFiled", "everywhere", None): 3}
    assert {event.on for _, event in out} == {date(2030, 1, 8)}  # type: ignore[attr-defined]


def test_an_outcome_stands_where_its_report_does_and_waits_for_others() -> None:
    book = Book(KEY)
    reports = [filed(1), filed(2), filed(3, sector=GRAFFITI)]
    let_out(book, reports)
    assert let_out(book, [confirmed(each) for each in reports[:2]], 1, 4) == []
    out = let_out(book, [confirmed(reports[2])], 2, 6)
    assert cells(out) == {("ReportConfirmed", ROXBURY, None): 3}


def test_it_waits_also_where_the_rest_would_be_a_small_figure() -> None:
    book = Book(KEY)
    reports = [filed(n) for n in range(4)]
    let_out(book, reports)
    assert let_out(book, [confirmed(each) for each in reports[:3]], 1, 5) == []
    assert len(let_out(book, [confirmed(reports[3])], 2, 8)) == 4


def test_an_outcome_that_waits_goes_when_its_report_is_reopened_and_another_may_come() -> None:
    book = Book(KEY)
    reports = [filed(n) for n in range(3)]
    let_out(book, reports)
    first = [confirmed(reports[0]), confirmed(reports[1]), reopened(reports[1])]
    assert let_out(book, [*first, confirmed(reports[2])], 1, 4) == []
    out = let_out(book, [confirmed(reports[1])], 2, 8)
    assert cells(out) == {("ReportConfirmed", ROXBURY, STREET_LIGHTS): 3}


def test_what_was_reopened_before_it_was_out_comes_out_without_an_outcome() -> None:
    reports = [filed(n) for n in range(3)]
    said = [each(one) for one in reports for each in (confirmed, reopened)]
    out = let_out(Book(KEY), [*reports, *said])
    assert cells(out) == {("ReportFiled", ROXBURY, STREET_LIGHTS): 3}


def test_an_outcome_that_was_told_is_told_once_whatever_follows() -> None:
    book = Book(KEY)
    reports = [filed(n) for n in range(3)]
    early = [*reports, confirmed(reports[0]), reopened(reports[0])]
    told = let_out(book, [*early, *(confirmed(each) for each in reports)])
    assert len(told) == 6
    again = [each(one) for one in reports for each in (reopened, refuted)]
    assert let_out(book, again, 1, 9) == []
    assert book.held == 0


def test_an_outcome_does_not_say_whose_it_is() -> None:
    reports = [filed(n) for n in range(3)]
    out = let_out(Book(KEY), [*reports, *(refuted(each) for each in reports)])
    assert len({event.aggregate_id for _, event in out}) == 6


def test_one_member_has_another_id_on_each_track() -> None:
    events = [qualified(n, track=track) for n in range(3) for track in ("one", "other")]
    assert len({event.aggregate_id for _, event in let_out(Book(KEY), events)}) == 6


def test_members_are_told_of_a_place_that_many_share() -> None:
    events = [qualified(1), qualified(2, DORCHESTER), qualified(3, SALEM)]
    places = [event.place for _, event in let_out(Book(KEY), events)]
    assert places == ["us.ma"] * 3


def lapsed(of: MemberQualified, **changes: Any) -> QualificationLapsed:
    same = {"member_id": of.member_id, "place": of.place, "track": of.track, "protected": True}
    return varied(QUALIFICATION_LAPSED, **same, **changes)  # type: ignore[no-any-return]


def test_an_end_is_told_with_many_others_under_the_cell_of_its_qualification() -> None:
    book = Book(KEY)
    those = [qualified(1), qualified(2, DORCHESTER), qualified(3, SALEM)]
    began = {event.aggregate_id for _, event in let_out(book, those)}
    ends = [lapsed(each) for each in those]
    assert let_out(book, ends[:2], 1, 4) == []
    assert book.held == 2
    out = let_out(book, ends[2:], 2, 6)
    assert {event.aggregate_id for _, event in out} == began
    assert [event.place for _, event in out] == ["us.ma"] * 3
    assert {type(event) for _, event in out} == {public.QualificationLapsed}
    assert book.held == 0


def test_an_end_is_not_told_where_few_would_be_left() -> None:
    book = Book(KEY)
    those = [qualified(n) for n in range(4)]
    let_out(book, those)
    assert let_out(book, [lapsed(each) for each in those[:3]], 1, 5) == []
    assert len(let_out(book, [lapsed(those[3])], 2, 8)) == 4


def test_who_is_qualified_no_more_before_a_release_is_never_told() -> None:
    those = [qualified(n) for n in range(3)]
    book = Book(KEY)
    assert let_out(book, [*those, lapsed(those[0])]) == []
    assert book.held == 2


def test_who_qualifies_again_before_the_end_was_told_stands_as_they_were() -> None:
    book = Book(KEY)
    those = [qualified(n) for n in range(3)]
    let_out(book, those)
    assert let_out(book, [lapsed(those[0]), those[0]], 1, 4) == []
    assert book.held == 0


def test_of_who_became_confidential_no_end_is_told() -> None:
    book = Book(KEY)
    those = [qualified(n) for n in range(3)]
    let_out(book, those)
    assert let_out(book, [lapsed(each, confidential=True) for each in those], 1, 4) == []
    assert book.held == 0


def test_what_is_confidential_never_comes_out() -> None:
    events = [varied(filed(n), confidential=True) for n in range(5)]
    members = [varied(qualified(n), confidential=True) for n in range(5)]
    book = Book(KEY)
    assert let_out(book, [*events, *members]) == []
    assert book.held == 0


def test_what_is_public_already_is_not_held() -> None:
    assert let_out(Book(KEY), [varied(filed(n), protected=False) for n in range(5)]) == []


def test_the_way_of_a_report_leads_from_its_sector_to_the_root() -> None:
    assert of_a_report("us.ma", GRAFFITI) == [
        Cell("us.ma", GRAFFITI),
        Cell("us.ma", None),
        Cell("us", None),
        Cell("everywhere", None),
    ]
    assert above("everywhere") == []
    assert settled({}, FEW) == {}


def test_as_many_outcomes_as_can_be_go_out() -> None:
    assert told(9, {"a": 3, "b": 3}, 2) == ("a", "b")
    assert told(7, {"a": 3, "b": 3}, 2) == ("a",), "of both one report would be left"
    assert told(6, {"a": 3, "b": 3}, 2) == ("a", "b"), "none is left"
    assert told(4, {"a": 3}, 2) == ()
    assert told(9, {"a": 2}, 2) == ()


def events_of(choices: Sequence[tuple[int, int, int]]) -> Iterator[Event]:
    for number, (place, sector, outcome) in enumerate(choices):
        report = filed(number, PLACES[place], SECTORS[sector])
        yield report
        if outcome:
            yield confirmed(report) if outcome == 1 else refuted(report)


days = st.lists(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(0, 2)), max_size=15),
    min_size=1,
    max_size=4,
)


@given(days)
def test_each_release_tells_many_of_each_and_each_event_once(
    town: list[list[tuple[int, int, int]]],
) -> None:
    one, again = Book(KEY), Book(KEY)
    seen: list[str] = []
    events = list(events_of([choice for day in town for choice in day]))
    step = max(1, len(events) // len(town) + 1)
    left: Counter[tuple[str, str | None]] = Counter()
    for day in range(len(town)):
        part, first = events[day * step : (day + 1) * step], day * step + 1
        out = let_out(one, part, day, first)
        assert out == let_out(again, part, day, first)
        counts = cells(out)
        assert all(count > FEW for count in counts.values())
        for (kind, *cell), count in counts.items():
            left[cell[0], cell[1]] += count if kind == "ReportFiled" else -count
        assert all(count == 0 or count >= FEW for count in left.values())
        seen += [id_ for id_, _ in out]
    assert len(seen) == len(set(seen))
    assert len(seen) + one.held == len(events)
