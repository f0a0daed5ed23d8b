"""The calendar with many that wait: a sweep that finds nothing, and one that finds many at once."""

import statistics
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, insert, select

from deploy.bench.laboratory import laboratory, upstream_events
from services.intake.app import READ_MODELS, calendar
from services.intake.projections.checks import checks
from shared.contracts.routing import log_of
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


async def sweep(database_url: str = "", waiting: int = WAITING, due: int = DUE) -> dict[str, float]:
    """`waiting` rows more are in the calendar, which fall due later. `idle_sweep_ms` is the median
    of sweeps that find nothing, `due_raised_s` one that finds `due` checks, from looking for them
    until their events are in the log."""
    clock = Clock(BEFORE, speed=0)
    async with laboratory() as lab:
        await lab.send(upstream_events({"commitment.made"})[:due])
        handler = lab.handler(clock)
        await lab.take_in(handler)
        end = (await lab.client.jetstream().stream_info(log_of("intake"))).state.last_seq
        engine = open_database(database_url or f"sqlite:///{lab.folder / 'sweep.db'}")
        prepare(engine, READ_MODELS)
        projector = Projector(engine, READ_MODELS, codec=lab.codec)
        await projector.catch_up(lab.client, end)
        _let_wait(engine, waiting)
        sweeper = Sweep(calendar(engine), handler, clock.now)
        idle = [await _seconds(sweeper) for _ in range(IDLE_SWEEPS)]
        clock.jump(LATER)
        seconds = await _seconds(sweeper)
        in_all = _count(engine)
        engine.dispose()
    return {
        "waiting": in_all - sweeper.raised,
        "checks": end,
        "raised": sweeper.raised,
        "idle_sweep_ms": round(statistics.median(idle) * 1000, 2),
        "due_raised_s": round(seconds, 2),
        "events_per_s": round(sweeper.raised / seconds),
    }


async def _seconds(sweeper: Sweep) -> float:
    began = time.perf_counter()
    await sweeper()
    return time.perf_counter() - began


def _let_wait(engine: Engine, number: int) -> None:
    """Rows without a log: a sweep looks at the rows of what waits, and never at its events."""
    for rows in in_batches(range(number), ROWS_AT_ONCE):
        with engine.begin() as connection:
            connection.execute(insert(checks), list(_rows(rows)))


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
        return connection.execute(select(func.count()).select_from(checks)).scalar_one()
