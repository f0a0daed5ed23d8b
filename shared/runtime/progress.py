"""Tells how a service is doing: `query.{service}.progress`, answered by each of its processes."""

from typing import Any

from shared.runtime.databases import Figures
from shared.runtime.readiness import Readiness
from shared.runtime.runtime import Runtime


def serve_progress(runtime: Runtime, readiness: Readiness) -> None:
    figures = Figures(runtime.name, runtime.engine, runtime.progress)

    @runtime.broker.subscriber(f"query.{runtime.name}.progress", title="Progress")
    async def progress(_: dict[str, Any]) -> dict[str, Any]:
        details = await figures.ask()
        return {
            "service": runtime.name,
            "instance": runtime.label,
            "now": runtime.clock.now().isoformat(),
            "positions": runtime.loops.positions(),
            "troubles": readiness.reasons(),
            "warnings": readiness.warnings(),
            "standby": runtime.loops.standbys(),
            **details,
        }
