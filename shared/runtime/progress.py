"""Tells how a service is doing: `query.{service}.progress`, answered by each of its processes."""

from typing import Any, Protocol

from shared.runtime.databases import Figures
from shared.runtime.runtime import Runtime


class Tells(Protocol):
    def troubles(self) -> list[str]: ...
    def reasons(self) -> list[str]: ...
    def warnings(self) -> list[str]: ...


def serve_progress(runtime: Runtime, readiness: Tells) -> None:
    figures = Figures(runtime.name, runtime.engine, runtime.progress)

    @runtime.broker.subscriber(f"query.{runtime.name}.progress", title="Progress")
    async def progress(_: dict[str, Any]) -> dict[str, Any]:
        details = await figures.ask()
        return {
            "service": runtime.name,
            "instance": runtime.label,
            "now": runtime.clock.now().isoformat(),
            "positions": runtime.loops.positions(),
            "troubles": readiness.troubles(),
            "reasons": readiness.reasons(),
            "warnings": readiness.warnings(),
            "standby": runtime.loops.standbys(),
            "set_aside": dict(runtime.set_aside()),
            **details,
        }
