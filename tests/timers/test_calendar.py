"""The calendar: what is due, in pages of any size, in one order, found by an index."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from real_suite import ON_POSTGRES
from sqlalchemy import Column, Engine, MetaData, String, Table, event

from services.intake.projections import checks
from shared.contracts.check import CheckOpened
from shared.contracts.identity import aggregate_id, command_id
from shared.eventsourcing.projections.due_column import DueColumn
from shared.eventsourcing.projections.prepare import prepare
from shared.eventsourcing.projections.read_model import Instant, ReadModel
from shared.eventsourcing.timers.calendar import Calendar, Due, TermTakenError, Timers
from shared.testing.calendar_spec import CalendarSpec
from shared.testing.examples import (
    CHECK_OPENED,
    CHECK_OVERDUE,
    DAY,
    DONE_IN_TIME,
    MONDAY,
    varied,
)

MOMENT = timedelta(microseconds=1)
DUE_AT = CHECK_OPENED.due_at
DUE = Due(DUE_AT, CHECK_OPENED.check_id, "overdue")


@pytest.fixture
def calendar(database: Engine) -> CalendarSpec:
    return CalendarSpec(checks.overdue, database)


def opened(number: int, due_at: datetime) -> CheckOpened:
    changes: dict[str, Any] = {"check_id": thing(number), "due_at": due_at}
    found: CheckOpened = varied(CHECK_OPENED, source_id=str(number), **changes)
    return found


def thing(number: int) -> str:
    return aggregate_id("check", "boston", str(number))


def test_at_its_moment_nothing_is_due_and_right_after_it_is(calendar: CalendarSpec) -> None:
    calendar.given(CHECK_OPENED).when(DUE_AT).then(next_at=DUE_AT)
    calendar.given(CHECK_OPENED).when(DUE_AT + MOMENT).then(DUE)


@pytest.mark.parametrize("settled", [CHECK_OVERDUE, DONE_IN_TIME])
def test_what_is_settled_waits_for_nothing(calendar: CalendarSpec, settled: Any) -> None:
    calendar.given(CHECK_OPENED, settled).when(DUE_AT + DAY).then()
    calendar.given(CHECK_OPENED, settled).when(MONDAY).then(next_at=None)


def test_an_empty_calendar_has_nothing_due_and_nothing_next(calendar: CalendarSpec) -> None:
    calendar.given().when(DUE_AT + DAY).then()


def test_the_earliest_comes_first_and_things_of_one_moment_in_their_order(
    calendar: CalendarSpec,
) -> None:
    days = [2, 1, 1, 3, 1, 2]
    events = [opened(number, MONDAY + day * DAY) for number, day in enumerate(days)]
    dues = sorted(Due(event.due_at, event.check_id, "overdue") for event in events)
    three = MONDAY + 3 * DAY
    calendar.given(*events).when(three).then(*dues[:5], next_at=three)


def test_a_page_is_found_by_the_index_however_many_wait(database: Engine) -> None:
    if database.dialect.name != "sqlite":
        pytest.skip("plans of PostgreSQL go by how full a table is")
    prepare(database, [checks.read_model])
    for after in (None, DUE):
        with database.connect() as connection:
            said: list[str] = []
            driver: Any = connection.connection.driver_connection
            driver.set_trace_callback(said.append)
            checks.overdue.page(connection, DUE_AT + DAY, after)
            driver.set_trace_callback(None)
            (query,) = [statement for statement in said if "due_at" in statement]
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}").all()
        (step,) = [row[-1] for row in plan]
        bounds = "due_at>? AND due_at<?" if after else "due_at<?"
        assert step.endswith(f"INDEX checks_v4_calendar (state=? AND {bounds})"), step


def test_a_due_column_without_an_index_is_refused() -> None:
    columns = Column("id", String(9), primary_key=True), Column("at", Instant)
    table = Table("slow_v1", MetaData(), *columns)
    model = ReadModel("slow_v1", "INTAKE", table, lambda _: (), lambda *_: None)
    with pytest.raises(ValueError, match="slow_v1 has no index that ends with at, id"):
        DueColumn(model, "at", lambda rows: rows.id != "", "slow")


class Listed:
    """Dues in a list, of a stream up to a position."""

    def __init__(self, stream: str, position: int, *dues: Due) -> None:
        self.stream = stream
        self.terms = frozenset(due.term for due in dues)
        self._position = position
        self._dues = sorted(dues)

    async def position(self) -> int:
        return self._position

    async def page(self, now: datetime, after: Due | None) -> list[Due]:
        return [due for due in self._dues if due.at < now and (after is None or due > after)][:2]

    async def next(self, since: datetime) -> datetime | None:
        return min((due.at for due in self._dues if due.at >= since), default=None)


def due(day: int, term: str = "overdue", thing: str = "a") -> Due:
    return Due(MONDAY + day * DAY, thing, term)


def timers(dues: Listed) -> Timers:
    return Timers(dues, lambda due, now: ("wake", *due, now))


def test_what_is_woken_once_is_the_thing_at_its_moment_about_its_term() -> None:
    found = timers(Listed("INTAKE", 0))
    different = [due(1), due(2), due(1, "reminder"), due(1, thing="b")]
    ids = [found.wake(each, MONDAY).id for each in different]
    assert len(set(ids)) == len(ids)
    again = [found.wake(each, MONDAY + 9 * DAY).id for each in different]
    assert again == ids, "whenever it is found"
    assert ids[0] == command_id("overdue", "a", (MONDAY + DAY).isoformat()), "as ever"


async def test_a_calendar_of_several_streams_holds_what_the_least_of_its_parts_holds() -> None:
    parts = [
        Listed("INTAKE", 7),
        Listed("INTAKE", 5, due(3)),
        Listed("PROMOTION", 2, due(2, "term"), due(9, "term")),
    ]
    calendar = Calendar(*map(timers, parts))
    assert calendar.streams == {"INTAKE", "PROMOTION"}
    assert await calendar.positions() == {"INTAKE": 5, "PROMOTION": 2}
    assert await calendar.holds({"INTAKE": 5, "PROMOTION": 2})
    assert not await calendar.holds({"INTAKE": 6, "PROMOTION": 2})
    assert not await calendar.holds({"INTAKE": 5, "PROMOTION": 3})
    assert await calendar.next(MONDAY) == MONDAY + 2 * DAY
    assert await calendar.next(MONDAY + 3 * DAY) == MONDAY + 3 * DAY
    assert await calendar.next(MONDAY + 10 * DAY) is None


async def test_all_parts_of_a_calendar_are_gone_through_to_their_ends() -> None:
    first = [due(day, "overdue") for day in range(5)]
    second = [due(day, "reminder") for day in range(3)]
    calendar = Calendar(timers(Listed("INTAKE", 0, *first)), timers(Listed("INTAKE", 0, *second)))
    found = [each async for _, page in calendar.due(MONDAY + 9 * DAY) for each in page]
    assert found == first + second


def test_two_timers_about_one_term_are_refused() -> None:
    """Of two commands about one thing the second would be taken for done."""
    first, second = Listed("INTAKE", 0, due(1)), Listed("PROMOTION", 0, due(1), due(2, "other"))
    Calendar(timers(first))
    with pytest.raises(TermTakenError, match="several timers about overdue; give each a term"):
        Calendar(timers(first), timers(second))


@pytest.mark.skipif(ON_POSTGRES, reason="few rows are read without an index there")
def test_a_page_begins_in_the_index_where_the_one_before_ended(database: Engine) -> None:
    """Else each reads all that came before it, and many pages take the square of their number."""
    prepare(database, [checks.read_model])
    asked: list[tuple[str, Any]] = []

    def hear(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        asked.append((statement, parameters))

    event.listen(database, "before_cursor_execute", hear)
    with database.connect() as connection:
        checks.overdue.page(connection, DUE_AT + DAY, DUE)
        statement, parameters = asked[-1]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    (search,) = [row[-1] for row in plan if "checks" in row[-1]]
    assert "due_at>? AND due_at<?" in search
