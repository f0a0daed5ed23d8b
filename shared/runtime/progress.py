"""What each process of a service is asked by itself: how it does, and to begin a loop again."""

from typing import Any, Protocol

from shared.runtime.broker import answers
from shared.runtime.databases import Figures
from shared.runtime.runtime import Runtime


class Tells(Protocol):
    def troubles(self) -> list[str]: ...
    def reasons(self) -> list[str]: ...
    def warnings(self) -> list[str]: ...


def serve_progress(runtime: Runtime, readiness: Tells) -> None:
    rows = runtime.rows
    figures = Figures(runtime.name, rows, runtime.progress) if rows is not None else None

    @answers(runtime.broker, f"query.{runtime.name}.progress", "Progress")
    async def progress(_: dict[str, Any]) -> dict[str, Any]:
        details = await figures.ask() if figures is not None else {}
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
            "making": [each.said_of(model) for model, each in runtime.making().items()],
            **details,
        }


def serve_begin_again(runtime: Runtime) -> None:
    """Whoever moves a position by hand says so: its loop would learn of it only when it writes."""

    @answers(runtime.broker, f"cmd.{runtime.name}.begin_again", "BeginAgain")
    async def begin_again(body: dict[str, Any]) -> None:
        runtime.loops.begin_again(str(body.get("loop")))
