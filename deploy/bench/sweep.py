"""A sweep over checks that are all overdue at once."""

import time
from datetime import UTC, datetime

from deploy.bench.laboratory import laboratory, upstream_events
from services.intake.app import READ_MODELS
from services.intake.sweep import Sweep
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.runtime.clock import Clock

CHECKS = 20_000
LATER = datetime(2058, 1, 1, tzinfo=UTC)


async def sweep(_: str) -> dict[str, float]:
    """`events_per_s`: CheckOverdue events of one sweep, from finding them to the log."""
    events = upstream_events({"commitment.made"})[:CHECKS]
    clock = Clock(LATER, speed=0)
    async with laboratory() as lab:
        await lab.send(events)
        handler = lab.handler(clock)
        await lab.take_in(handler)
        end = (await lab.client.jetstream().stream_info("INTAKE")).state.last_seq
        engine = open_database(f"sqlite:///{lab.folder / 'sweep.db'}")
        prepare(engine, READ_MODELS)
        projector = Projector(engine, READ_MODELS)
        await projector.catch_up(lab.client, end)
        sweeper = Sweep(engine, handler, clock.now)
        began = time.perf_counter()
        await sweeper()
        seconds = time.perf_counter() - began
        engine.dispose()
    return {
        "checks": len(events),
        "raised": sweeper.raised,
        "events_per_s": round(sweeper.raised / seconds),
    }
