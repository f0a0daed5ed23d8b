"""Whatever the pages, the restarts and the outages in between: each thing is woken exactly once."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_intake import Intake, check_id, opened
from sqlalchemy import Engine, delete

from services.intake.app import calendar
from services.intake.domain import check, report
from services.intake.domain.check import RaiseOverdue
from services.intake.domain.claiming import ClaimDone
from services.intake.projections import checks
from shared.contracts.check import CheckOverdue
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.errors import LogUnavailableError
from shared.eventsourcing.in_memory import InMemoryEventStore
from shared.eventsourcing.projections import checkpoints
from shared.eventsourcing.projections.due_column import DuesIn
from shared.eventsourcing.projections.prepare import prepare
from shared.eventsourcing.timers.calendar import Calendar, Due, Timers
from shared.eventsourcing.timers.sweep import Sweep
from shared.testing.examples import DAY, MONDAY

DAYS = 6


class Outage(InMemoryEventStore):
    """A log that takes some appends and then no more; the last answer may get lost on its way."""

    def __init__(self) -> None:
        super().__init__()
        self.takes: int | None = None
        self.loses_the_answer = False

    async def append(self, *args: Any, **given: Any) -> Any:
        if self.takes is None:
            return await super().append(*args, **given)
        if self.takes == 0:
            if self.loses_the_answer:
                self.loses_the_answer = False
                await super().append(*args, **given)
            raise LogUnavailableError("away")
        self.takes -= 1
        return await super().append(*args, **given)


def command(due: Due, now: datetime) -> RaiseOverdue:
    return RaiseOverdue(due.thing, due.at, now)


def cleared(engine: Engine) -> None:
    prepare(engine, [checks.read_model])
    with engine.begin() as connection:
        connection.execute(delete(checks.checks))
        connection.execute(delete(checkpoints.checkpoints))


moments = st.integers(0, DAYS - 1)
steps = st.lists(
    st.fixed_dictionaries(
        {
            "day": st.integers(0, DAYS),
            "page": st.integers(1, 5),
            "takes": st.none() | st.integers(0, 4),
            "loses_the_answer": st.booleans(),
            "restarted": st.booleans(),
            "projected": st.booleans(),
            "opened": st.lists(moments, max_size=3),
            "done": st.none() | st.integers(0, 11),
        }
    ),
    max_size=7,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(dues=st.lists(moments, max_size=12), steps=steps)
def test_any_split_into_pages_and_any_restart_in_between_raises_each_exactly_once(
    database: Engine, dues: list[int], steps: list[dict[str, Any]]
) -> None:
    asyncio.run(_any_history(database, dues, steps))


async def _any_history(
    database: Engine, dues: Sequence[int], steps: Sequence[dict[str, Any]]
) -> None:
    cleared(database)
    intake, store, number = Intake(database), Outage(), count()
    intake.store, intake.handler = store, handler(store, intake)
    opened_by: dict[str, int] = {}
    done: set[str] = set()

    async def open_checks(days: Sequence[int]) -> None:
        for day in days:
            new = next(number)
            opened_by[check_id(new)] = day
            await do(intake, opened(new, MONDAY + day * DAY))

    await open_checks(dues)
    intake.project()
    for step in [*steps, {"day": DAYS}]:
        await open_checks(step.get("opened", ()))
        if step.get("done") is not None and check_id(step["done"]) in opened_by:
            claim = ClaimDone(check_id(step["done"]), "Public Works", MONDAY, MONDAY)
            await do(intake, claim)
            done.add(check_id(step["done"]))
        if step.get("projected", True):
            intake.project()
        if step.get("restarted"):
            intake.handler = handler(store, intake)
        sweep = swept_by(intake, step.get("page", 500))
        intake.clock.jump(MONDAY + step["day"] * DAY)
        store.takes = step.get("takes")
        store.loses_the_answer = step.get("loses_the_answer", False)
        try:
            await sweep()
        except LogUnavailableError:
            assert store.takes == 0
        store.takes = None
    raised = intake.overdue()
    assert len(raised) == len(set(raised)), "none twice"
    expected = set(opened_by) - done
    assert expected <= set(raised), "none is forgotten"
    for recorded in store.streams.get("INTAKE", []):
        if isinstance(recorded.event, CheckOverdue):
            assert recorded.recorded_at > recorded.event.due_at, "none too early"
    assert not sweep.failed


def handler(store: Outage, intake: Intake) -> CommandHandler:
    return CommandHandler(store, [report.category, check.category], intake.clock.now)


def swept_by(intake: Intake, page: int) -> Sweep:
    dues = DuesIn(intake.engine, checks.overdue, page)
    return Sweep(Calendar(Timers(dues, command)), intake.handler, intake.clock.now)


async def do(intake: Intake, asked: object) -> None:
    (outcome,) = await intake.handler.handle([Envelope(asked, id=repr(asked))])
    assert outcome.error is None


async def test_an_entry_of_which_no_command_can_be_made_holds_up_no_other(
    database: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    intake = Intake(database)
    await intake.do(*(opened(number, MONDAY) for number in range(5)))

    def broken(due: Due, now: datetime) -> RaiseOverdue:
        if due.thing == check_id(3):
            raise KeyError("ours")
        return command(due, now)

    intake.clock.jump(MONDAY + DAY)
    dues = DuesIn(database, checks.overdue, 2)
    sweep = Sweep(Calendar(Timers(dues, broken)), intake.handler, intake.clock.now)
    await sweep()
    assert sorted(intake.overdue()) == sorted(check_id(number) for number in (0, 1, 2, 4))
    assert list(sweep.failed) == [Due(MONDAY, check_id(3), "overdue")]
    assert "ours" not in capsys.readouterr().out, "a log line names the kind of an error only"


async def test_intakes_calendar_asks_to_raise_what_is_overdue(database: Engine) -> None:
    intake = Intake(database)
    await intake.do(opened(1, MONDAY))
    found = [
        timers.wake(due, MONDAY + 2 * DAY).command
        async for timers, page in calendar(database).due(MONDAY + DAY)
        for due in page
    ]
    assert found == [RaiseOverdue(check_id(1), MONDAY, MONDAY + 2 * DAY)]


class Entries:
    """A source of entries by hand."""

    stream = "INTAKE"
    terms = frozenset("t")

    def __init__(self) -> None:
        self.there: list[Due] = []

    async def position(self) -> int:
        return 0

    async def page(self, _now: datetime, after: Due | None) -> list[Due]:
        return [] if after else self.there

    async def next(self, _since: datetime) -> datetime | None:
        return None


async def test_what_failed_and_left_the_calendar_is_forgotten() -> None:
    """It once was kept for ever."""
    entries = Entries()

    def bad(due: Due, now: datetime) -> RaiseOverdue:
        raise ZeroDivisionError(due, now)

    asked = CommandHandler(InMemoryEventStore(), [report.category, check.category], lambda: MONDAY)
    sweep = Sweep(Calendar(Timers(entries, bad)), asked, lambda: MONDAY)
    entries.there = [Due(MONDAY, f"{number}", "t") for number in range(5)]
    await sweep()
    assert len(sweep.failed) == 5
    entries.there = entries.there[:2]
    await sweep()
    assert [due.thing for due in sweep.failed] == ["0", "1"]
