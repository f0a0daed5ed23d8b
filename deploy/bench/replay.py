"""A log of 100,000 events into intake's read models."""

import resource
import sys
import time
from asyncio.subprocess import PIPE, create_subprocess_exec
from collections.abc import Sequence
from statistics import mean

from deploy.bench.laboratory import Laboratory, laboratory, upstream_events
from deploy.embedded import Suite
from services.intake.app import READ_MODELS
from services.intake.projections import checks, reports
from shared.contracts.routing import log_of
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.projections.read_model import ReadModel

EVENTS = 100_000
EARLY = 20_000
FIRST = (reports.read_model, checks.read_model)
"""What intake kept before there were the vault, the network and the control of execution: an event
costs the same as then, or not."""


async def replay(database_url: str = "") -> dict[str, float]:
    """`events_per_s` into SQLite, or into a named database (the tables are dropped after).

    `bare_read_per_s` is what nats-py as it comes reads of the same log, before and after.
    `memory_growth_mb`: how much more the last 80,000 events took at most than the first 20,000.
    `of_the_first_two_per_s`: with two of the read models alone.
    """
    events = upstream_events(rows=30_000)[:EVENTS]
    async with laboratory() as lab:
        await lab.send(events)
        await lab.take_in(lab.handler())
        end = (await lab.client.jetstream().stream_info(log_of("intake"))).state.last_seq
        bare = [await _bare_read(lab.suite, log_of("intake"), end)]
        seconds, growth = await _replayed(lab, end, READ_MODELS, database_url)
        two_s, _ = await _replayed(lab, end, FIRST, database_url)
        bare.append(await _bare_read(lab.suite, log_of("intake"), end))
    return {
        "events": end,
        "events_per_s": round(end / seconds),
        "of_the_first_two_per_s": round(end / two_s),
        "bare_read_per_s": round(mean(bare)),
        "ratio_to_bare_read": round(end / seconds / mean(bare), 2),
        "memory_growth_mb": round(growth, 1),
    }


async def _replayed(
    lab: Laboratory, end: int, models: Sequence[ReadModel], database_url: str
) -> tuple[float, float]:
    """Seconds that it took, and MB that memory grew by."""
    engine = open_database(database_url or f"sqlite:///{lab.folder / f'{len(models)}.db'}")
    prepare(engine, models)
    projector = Projector(engine, models, codec=lab.codec)
    early: list[float] = []

    def watch(position: int) -> None:
        if position >= EARLY and not early:
            early.append(_peak_mb())

    began = time.perf_counter()
    await projector.catch_up(lab.client, end, watch)
    seconds = time.perf_counter() - began
    for table in [table for model in models for table in model.tables]:
        table.drop(engine)
    engine.dispose()
    return seconds, _peak_mb() - early[0]


async def _bare_read(suite: Suite, stream: str, end: int) -> float:
    """Messages a second."""
    whom = [suite.nats_url, str(suite.credentials("operator"))]
    arguments = ["-m", "deploy.bench.bare_read", *whom, stream, str(end)]
    reading = await create_subprocess_exec(sys.executable, *arguments, stdout=PIPE)
    said, _ = await reading.communicate()
    return float(said)


def _peak_mb() -> float:
    """The most memory this process has had; macOS counts in bytes, Linux in KiB."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e6 if sys.platform == "darwin" else 1024)
