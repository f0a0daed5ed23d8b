"""What any process does: takes events, asks by what it recorded, and is woken by a calendar."""

from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from reminders import (
    ABOUT,
    WEEK,
    Note,
    SilenceBegan,
    SilenceEnded,
    SilenceNoted,
    process,
)

from services.intake.domain import report
from services.intake.domain.report import AnswerReport, FileReport
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.in_memory import InMemoryEventStore
from shared.eventsourcing.process import Wake
from shared.eventsourcing.timers.calendar import Calendar, Due
from shared.eventsourcing.timers.sweep import Sweep
from shared.runtime.parts import NeverWokenError, add_process
from shared.testing.examples import (
    DAY,
    MONDAY,
    REPORT_CONFIRMED,
    REPORT_FILED,
    REPORT_ID,
    ROXBURY,
    recorded,
)
from shared.testing.process_spec import ProcessSpec

reminders = ProcessSpec(process)
BEGAN = SilenceBegan(report_id=REPORT_ID, place=ROXBURY, until=MONDAY + WEEK)
NOTED = SilenceNoted(report_id=REPORT_ID, place=ROXBURY, until=MONDAY + 2 * WEEK)
ENDED = SilenceEnded(report_id=REPORT_ID, place=ROXBURY)
DUE = Note(REPORT_ID, MONDAY + WEEK, MONDAY + WEEK)


def test_an_event_leads_to_what_the_process_records_and_to_the_wish_to_be_woken() -> None:
    reminders.given().when(REPORT_FILED).then(BEGAN, wakes=[Wake(MONDAY + WEEK, ABOUT)])


def test_what_it_records_asks_for_commands() -> None:
    answer = AnswerReport(REPORT_ID, "Nobody had looked by 14 January.", MONDAY + WEEK)
    reminders.given(BEGAN).when(DUE).then(
        NOTED, asks=[answer], wakes=[Wake(MONDAY + 2 * WEEK, ABOUT)]
    )


def test_what_was_overtaken_meanwhile_wakes_nobody() -> None:
    reminders.given(BEGAN).when(REPORT_CONFIRMED).then(ENDED)
    reminders.given(BEGAN, ENDED).when(DUE).then_nothing_happens()


def test_one_reaction_for_each_stream_that_it_reads() -> None:
    own, other = process.reactions()
    assert (own.name, own.stream) == ("reminders", "INTAKE")
    assert (other.name, other.stream) == ("reminders-promotion", "PROMOTION")
    assert {each.__name__ for each in own.handles} == {
        *("ReportFiled", "ReportConfirmed"),
        *("SilenceBegan", "SilenceNoted", "SilenceEnded"),
    }
    assert [each.__name__ for each in other.handles] == ["MemberQualified"]
    assert {own.service, other.service} == {"intake"}


def test_an_input_wishes_nothing_and_a_process_that_never_sleeps_can_not_be_woken() -> None:
    assert process.wakes(recorded(REPORT_FILED, 1)) == []
    with pytest.raises(TypeError, match="reminders never asks to be woken"):
        replace(process, woken=None).timers(Wishes(InMemoryEventStore()))


def test_a_wish_to_be_woken_is_never_silent() -> None:
    sleeps = replace(process, woken=None)
    for asked in (sleeps.asks, sleeps.wakes):
        with pytest.raises(TypeError, match="reminders asks to be woken, but `woken` names no"):
            asked(recorded(BEGAN, 1))


def test_a_service_whose_calendar_would_not_wake_its_process_does_not_start() -> None:
    store = InMemoryEventStore()
    handler = CommandHandler(store, (process.category,), lambda: MONDAY)
    runtime: Any = SimpleNamespace(name="intake")
    with pytest.raises(NeverWokenError, match="reminders asks to be woken, but intake's calendar"):
        add_process(runtime, process, handler, Calendar())
    assert Calendar(process.timers(Wishes(store))).gives(process.woken)


class Wishes:
    """Of each aggregate the last wish about each thing, from the log alone; and `more`."""

    stream = "INTAKE"
    terms = frozenset((ABOUT,))

    def __init__(self, store: InMemoryEventStore, *more: Due) -> None:
        self._store = store
        self._more = more

    async def position(self) -> int:
        return len(self._store.streams.get("INTAKE", []))

    async def page(self, now: datetime, after: Due | None) -> list[Due]:
        return [due for due in self._dues() if due.at < now and (after is None or due > after)]

    async def next(self, since: datetime) -> datetime | None:
        return min((due.at for due in self._dues() if due.at >= since), default=None)

    def _dues(self) -> list[Due]:
        wishes: dict[tuple[str, str], Due] = {}
        for each in self._store.streams.get("INTAKE", []):
            for wake in process.wakes(each):
                thing = each.event.aggregate_id
                wishes[thing, wake.about] = Due(wake.at, thing, wake.about)
        return sorted([*wishes.values(), *self._more])


async def test_a_calendar_wakes_it_once_for_each_moment_however_often_it_sweeps() -> None:
    store = InMemoryEventStore()
    (own, _) = process.reactions()

    def handler() -> CommandHandler:
        return CommandHandler(store, (report.category, process.category), lambda: MONDAY)

    def told() -> list[str]:
        return [type(each.event).__name__ for each in store.streams["INTAKE"]]

    async def react() -> None:
        """To everything that there is, from the beginning on, as after a loss of the position."""
        for each in [*store.streams["INTAKE"]]:
            if isinstance(each.event, own.handles):
                outcomes = await handler().handle(own.ask(each))
                assert [outcome.error for outcome in outcomes if outcome.error] == []

    async def sweep(now: datetime, *more: Due) -> None:
        calendar = Calendar(process.timers(Wishes(store, *more)))
        sweep = Sweep(calendar, handler(), lambda: now)
        await sweep()
        assert not sweep.failed

    filing = Envelope(FileReport(REPORT_FILED), id="filed")
    await handler().handle([filing])
    await react()
    await sweep(MONDAY + 6 * DAY)
    assert told() == ["ReportFiled", "SilenceBegan"]
    late = MONDAY + 3 * WEEK + DAY
    overtaken = Due(MONDAY + WEEK, REPORT_ID, ABOUT)
    for _outage_and_then_more_often_than_needed in range(5):
        await sweep(late, overtaken)
        await react()
    kinds = told()
    assert kinds.count("SilenceNoted") == kinds.count("ReportAnswered") == 3
    assert kinds.count("SilenceBegan") == 1
