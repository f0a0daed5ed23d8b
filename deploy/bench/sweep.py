"""The calendar with many that wait: a sweep that finds nothing, and one that finds many at once."""

import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Engine, func, insert, select

from deploy.bench.laboratory import Laboratory, laboratory, upstream_events
from services.intake.app import READ_MODELS, calendar
from services.intake.domain.due import DueRules
from services.intake.domain.terms import Further, Reminder
from services.intake.projections.checks import checks as rows_of_checks
from services.intake.reminding import DueTerms
from shared.contracts.routing import log_of
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.timers.sweep import Sweep
from shared.mapping import in_batches
from shared.runtime.clock import Clock

WAITING, DUE = 1_000_000, 10_000
IDLE_SWEEPS = 100
ROWS_AT_ONCE = 10_000
BEFORE, LATER = datetime(2000, 1, 1, tzinfo=UTC), datetime(2058, 1, 1, tzinfo=UTC)
NOT_YET = datetime(2100, 1, 1, tzinfo=UTC)
LONG_BEFORE = 30 * 365
"""Days: all of Boston's is reminded of from the beginning, and what is not due yet never."""


async def sweep(
    database_url: str = "", waiting: int = WAITING, due: int = DUE, tiers: int = 1
) -> dict[str, float]:
    """`waiting` rows more are in the calendar, which fall due later. `idle_sweep_ms` is the median
    of sweeps that find nothing, `due_raised_s` finds `due` checks in all `tiers` at once, from
    looking for them until all their events are in the log. With several tiers each is reminded of
    before, too."""
    clock = Clock(BEFORE, speed=0)
    terms = _terms(tiers)
    async with laboratory() as lab:
        await lab.send(upstream_events({"commitment.made"})[:due])
        handler = lab.handler(clock)
        await lab.take_in(handler)
        engine = open_database(database_url or f"sqlite:///{lab.folder / 'sweep.db'}")
        prepare(engine, READ_MODELS)
        sweeper = Sweep(calendar(engine, due_terms=terms), handler, clock.now)
        sweeps = _Sweeps(lab, Projector(engine, READ_MODELS, codec=lab.codec), sweeper)
        await sweeps.rows()
        checks = _count(engine)
        let_wait(engine, waiting)
        reminded = await sweeps.all_of(due if terms.reminder else 0)
        cpu = time.process_time()
        idle = [await sweeps.once() for _ in range(IDLE_SWEEPS)]
        idle_cpu = (time.process_time() - cpu) / IDLE_SWEEPS
        clock.jump(LATER)
        raised = await sweeps.all_of(due * tiers)
        in_all = _count(engine)
        engine.dispose()
    events = sweeper.raised - (due if terms.reminder else 0)
    figures = {
        "waiting": in_all - checks,
        "checks": checks,
        "raised": events,
        "idle_sweep_ms": round(statistics.median(idle) * 1000, 2),
        "idle_sweep_cpu_ms": round(idle_cpu * 1000, 2),
        "due_raised_s": round(raised.seconds, 2),
        "due_raised_cpu_s": round(raised.cpu, 2),
        "events_per_s": round(events / raised.seconds),
    }
    if terms.reminder:
        took = {"reminded_s": reminded.seconds, "reminded_cpu_s": reminded.cpu}
        figures |= {"reminded": due} | {name: round(each, 2) for name, each in took.items()}
    return figures


class Took(NamedTuple):
    """Of a clock, and of this process's CPU."""

    seconds: float
    cpu: float


@dataclass(frozen=True)
class _Sweeps:
    """As in a service: after each the rows take in what it led to, for a tier is found by the
    one before."""

    lab: Laboratory
    projector: Projector
    sweeper: Sweep

    async def all_of(self, events: int) -> Took:
        """Until so many more are in the log. Raises RuntimeError if they never come."""
        began, cpu, wanted = time.perf_counter(), time.process_time(), self.sweeper.raised + events
        while (before := self.sweeper.raised) < wanted:
            await self.sweeper()
            if self.sweeper.raised == before:
                raise RuntimeError(f"{wanted - before} of {events} were not found")
            if self.sweeper.raised < wanted:
                await self.rows()
        took = Took(time.perf_counter() - began, time.process_time() - cpu)
        await self.rows()
        return took

    async def once(self) -> float:
        began = time.perf_counter()
        await self.sweeper()
        return time.perf_counter() - began

    async def rows(self) -> None:
        end = await ends_at(self.lab.client, log_of("intake"))
        await self.projector.catch_up(self.lab.client, end)


def _terms(tiers: int) -> DueTerms:
    """Each tier comes a day after the one before."""
    further = [Further(tier, tier, "The body", "calendar") for tier in range(2, tiers + 1)]
    reminder = Reminder(LONG_BEFORE, "calendar") if further else None
    return DueTerms(DueRules(), reminder, further)


def let_wait(engine: Engine, number: int) -> None:
    """Rows without a log: a sweep looks at the rows of what waits, and never at its events."""
    for rows in in_batches(range(number), ROWS_AT_ONCE):
        with engine.begin() as connection:
            connection.execute(insert(rows_of_checks), list(_rows(rows)))


def _rows(numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
    for number in numbers:
        yield {
            "check_id": f"{number:032x}",
            "source": "boston",
            "source_id": str(number),
            "owner": "Public Works",
            "place": "us.ma.boston",
            "sector": "street-lights",
            "state": "open",
            "due_at": NOT_YET + timedelta(minutes=number),
        }


def _count(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(rows_of_checks)).scalar_one()
