"""Puts intake together: inboxes, commands, read models and the sweep for what is overdue."""

import asyncio
from typing import Any

from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from services.intake.domain import check, report
from services.intake.projections import checks, reports
from services.intake.reactions import translator
from services.intake.sweep import Sweep
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.inbox.serve import Inbox
from shared.eventsourcing.jetstream.ticks import EVERY_SECOND, declare_schedule, serve_ticks
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.runtime.broker import problem
from shared.runtime.commands import serve_commands
from shared.runtime.databases import away
from shared.runtime.loops import Loop
from shared.runtime.redrive import serve_redrive
from shared.runtime.service import Runtime

NAME = "intake"
CATEGORIES = (report.category, check.category)
READ_MODELS = (reports.read_model, checks.read_model)


def compose(runtime: Runtime) -> None:
    client, engine, clock = runtime.client, runtime.engine, runtime.clock
    prepare(engine, READ_MODELS)
    handler = CommandHandler(runtime.store, CATEGORIES, clock.now)
    translate = translator(runtime.charter.places, runtime.charter.sectors)
    inboxes = {
        f"INBOX_{source.upper()}": Inbox(client, NAME, source, handler, translate)
        for source in runtime.charter.sources
    }
    for inbox in inboxes.values():
        runtime.loops.add(_loop_of(inbox))
    projector = Projector(engine, READ_MODELS)
    runtime.loops.add(
        Loop(
            "projections",
            lambda: projector.run(client, "intake-projections"),
            "INTAKE",
            lambda: projector.position,
        )
    )
    sweep = Sweep(engine, handler, clock.now, lambda: projector.position)

    async def sweep_every_second() -> None:
        await declare_schedule(client, NAME, "sweep", EVERY_SECOND)
        await serve_ticks(client, NAME, "sweep", sweep)

    runtime.loops.add(Loop("sweep", sweep_every_second))
    for category in CATEGORIES:
        serve_commands(runtime.broker, NAME, handler, category.commands, clock.now)
    serve_redrive(runtime.broker, NAME, {name: inbox.redrive for name, inbox in inboxes.items()})

    def progress() -> dict[str, Any]:
        with engine.connect().execution_options(reads_only=True) as connection:
            return {
                "reports": reports.count_by_state(connection),
                "checks": checks.count_by_state(connection),
                "swept_until": sweep.swept_until and sweep.swept_until.isoformat(),
                "swept_position": sweep.swept_position,
            }

    runtime.progress = progress
    _serve_late(runtime)


def _loop_of(inbox: Inbox) -> Loop:
    return Loop(
        f"inbox {inbox.source}",
        inbox.run,
        inbox.stream,
        lambda: inbox.position,
        tally=lambda: vars(inbox.tally),
    )


class WhoWasLate(BaseModel):
    """`after` is what the page before said; so many at once that an answer fits into a message."""

    on: AwareDatetime
    after: tuple[AwareDatetime, str] | None = None
    limit: int = Field(1_000, ge=1, le=1_000)


def _serve_late(runtime: Runtime) -> None:
    @runtime.broker.subscriber("query.intake.late", queue=NAME, title="WhoWasLate")
    async def late(asked: WhoWasLate) -> Any:
        """Who was late as known at a moment, a page of them."""
        try:
            return await asyncio.to_thread(_late, runtime.engine, asked)
        except OperationalError as error:
            words = away(NAME, runtime.engine.url, error)
            if words is None:
                raise
            return problem(503, "Intake's database is away", words)


def _late(engine: Engine, asked: WhoWasLate) -> dict[str, Any]:
    with engine.connect().execution_options(reads_only=True) as connection:
        found = checks.late_as_known_on(connection, asked.on, asked.after, asked.limit + 1)
    rows = [
        {"check": check_id, "owner": owner, "due_at": due_at.isoformat()}
        for check_id, owner, due_at in found[: asked.limit]
    ]
    more = len(found) > asked.limit
    return {"rows": rows, "after": [rows[-1]["due_at"], rows[-1]["check"]] if more else None}
