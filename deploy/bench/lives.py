"""A member with 100,500 events: loaded from its snapshot and from the log, and decided on."""

import time
from datetime import date

from deploy.bench.laboratory import laboratory
from services.promotion.domain.member import CreditReport, category
from shared.contracts.event import EventRef
from shared.contracts.identity import aggregate_id
from shared.contracts.member import ReportCredited
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.kept_states import KeptStates
from shared.eventsourcing.projections.prepare import prepare
from shared.eventsourcing.snapshots import Snapshots
from shared.runtime.clock import Clock

EVENTS = 100_500
"""Of which 500 come after the newest snapshot, as on average."""
BATCH = 500
MEMBER = aggregate_id("member", "bench", "long")


async def lives() -> dict[str, float]:
    """`load_ms` with a snapshot, `whole_load_s` without one; `decide_ms` a command of a
    batch in which a snapshot is written."""
    async with laboratory() as lab:
        store, now = lab.store(), Clock().now
        engine = open_database(f"sqlite:///{lab.folder / 'lives.db'}")
        prepare(engine, [])
        kept = KeptStates(engine)

        def handler(snapshots: Snapshots | None = kept) -> CommandHandler:
            return CommandHandler(store, [category(())], now, snapshots)

        first = handler()
        for start in range(0, EVENTS, BATCH):
            await first.handle([_credit(start + number) for number in range(BATCH)])
        other = handler()
        began = time.perf_counter()
        await other.handle([_credit(0)])
        load = time.perf_counter() - began
        began = time.perf_counter()
        await other.handle([_credit(EVENTS + number) for number in range(BATCH)])
        decide = (time.perf_counter() - began) / BATCH
        began = time.perf_counter()  # last: who comes after it pays for putting its events away
        await handler(None).handle([_credit(0)])
        whole = time.perf_counter() - began
        engine.dispose()
    return {
        "events": EVENTS,
        "load_ms": round(load * 1000, 1),
        "decide_ms": round(decide * 1000, 3),
        "whole_load_s": round(whole, 2),
    }


def _credit(number: int) -> Envelope:
    proof = EventRef(id=f"{number:032x}", stream="INTAKE", sequence=number + 1)
    day = date(2030, 1, 1 + number % 28)
    credited = ReportCredited(
        member_id=MEMBER,
        place="us.ma.boston",
        report_id=proof.id,
        sector="street-lights",
        on=day,
        confidential=False,
        earned_by=proof,
    )
    return Envelope(CreditReport(credited), id=f"credit {number}", cause=f"INTAKE/{number + 1}")
