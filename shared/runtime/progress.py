"""Tells how a service is doing: `query.{service}.progress`, answered by each of its processes."""

from typing import Any

from sqlalchemy.exc import OperationalError

from shared.eventsourcing.projections.database import run_in
from shared.runtime.readiness import Readiness
from shared.runtime.runtime import Runtime
from shared.runtime.words import database_trouble


def serve_progress(runtime: Runtime, readiness: Readiness) -> None:
    @runtime.broker.subscriber(f"query.{runtime.name}.progress", title="Progress")
    async def progress(_: dict[str, Any]) -> dict[str, Any]:
        try:
            details = await run_in(runtime.engine, runtime.progress)
        except OperationalError as error:
            details = {"database": database_trouble(error)}
        return {
            "service": runtime.name,
            "instance": runtime.instance,
            "now": runtime.clock.now().isoformat(),
            "positions": runtime.loops.positions(),
            "troubles": readiness.reasons(),
            "warnings": readiness.warnings(),
            "standby": runtime.loops.standbys(),
            **details,
        }
