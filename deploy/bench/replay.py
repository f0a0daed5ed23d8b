"""A log of 100,000 events into intake's read models."""

import resource
import sys
import time
from asyncio.subprocess import PIPE, create_subprocess_exec
from statistics import mean

from deploy.bench.laboratory import laboratory, upstream_events
from deploy.embedded import Suite
from services.intake.app import READ_MODELS
from shared.contracts.routing import log_of
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.projector import Projector, prepare

EVENTS = 100_000
EARLY = 20_000


async def replay(database_url: str = "") -> dict[str, float]:
    """`events_per_s` into SQLite, or into a named database (the tables are dropped after).

    `bare_read_per_s` is what nats-py as it comes reads of the same log, before and after.
    `memory_growth_mb`: how much more the last 80,000 events took at most than the first 20,000.
    """
    events = upstream_events(rows=30_000)[:EVENTS]
    async with laboratory() as lab:
        await lab.send(events)
        await lab.take_in(lab.handler())
        end = (await lab.client.jetstream().stream_info(log_of("intake"))).state.last_seq
        engine = open_database(database_url or f"sqlite:///{lab.folder / 'replay.db'}")
        prepare(engine, READ_MODELS)
        projector = Projector(engine, READ_MODELS, codec=lab.codec)
        early: list[float] = []

        def watch(position: int) -> None:
            if position >= EARLY and not early:
                early.append(_peak_mb())

        bare = [await _bare_read(lab.suite, log_of("intake"), end)]
        began = time.perf_counter()
        await projector.catch_up(lab.client, end, watch)
        seconds = time.perf_counter() - began
        growth = _peak_mb() - early[0]
        bare.append(await _bare_read(lab.suite, log_of("intake"), end))
        for table in [table for model in READ_MODELS for table in model.tables]:
            table.drop(engine)
        engine.dispose()
    return {
        "events": end,
        "events_per_s": round(end / seconds),
        "bare_read_per_s": round(mean(bare)),
        "ratio_to_bare_read": round(end / seconds / mean(bare), 2),
        "memory_growth_mb": round(growth, 1),
    }


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
