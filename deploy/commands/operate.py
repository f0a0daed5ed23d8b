"""What operators ask of a suite: setup, status, rebuild, why, late, verify."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from deploy.asking import ask
from deploy.connecting import connected
from deploy.problems import FOUND_WRONG, WRONG_USE
from deploy.status import status
from deploy.suite import SERVICES, database, read_models
from deploy.verify import verify as prove
from deploy.why import explain as chain
from shared.eventsourcing.jetstream.streams import declare, suite_streams
from shared.eventsourcing.projections.rebuild import rebuild as build_anew
from shared.runtime.charter import read_charter

console, steps = Console(), Console(stderr=True)


async def setup(data_dir: Path | None) -> int:
    async with connected(data_dir) as suite:
        sources = list(read_charter(suite.settings.charter_dir).sources)
        created = await declare(suite.client.jetstream(), suite_streams(sources))
    console.print(
        f"declared {', '.join(created)}" if created else "all streams are there as declared"
    )
    return 0


async def show_status(data_dir: Path | None, *, as_json: bool) -> int:
    """Exit 1 if a service does not answer, something is dead, or a stream is missing."""
    async with connected(data_dir) as suite:
        found = await status(suite.client, list(read_charter(suite.settings.charter_dir).sources))
    missing = [s for s in found["streams"] if not s["declared"]]
    troubled = [name for name, said in found["services"].items() if not said or said["troubles"]]
    if as_json:
        print(json.dumps(found))  # noqa: T201
    else:
        _print_status(found)
    return FOUND_WRONG if missing or troubled or found["dead"] else 0


def _print_status(found: dict[str, Any]) -> None:
    streams = Table("stream", "messages", "MB", title="Streams", title_justify="left")
    for row in found["streams"]:
        messages = (
            f"{row['messages']:,}" if row["declared"] else "not declared; run `tribune setup`"
        )
        streams.add_row(row["stream"], messages, f"{row.get('bytes', 0) / 1e6:,.1f}")
    readers = Table("reader", "of", "at", "behind", title="Readers", title_justify="left")
    for row in found["readers"]:
        where = (row["reader"], row["stream"], f"{row['position']:,}", f"{row['lag']:,}")
        readers.add_row(*where)
    services = Table("service", "state", "knows", title="Services", title_justify="left")
    for name, said in found["services"].items():
        if said is None:
            services.add_row(name, "does not answer", "")
            continue
        figures = {k: v for k, v in said.items() if isinstance(v, dict | int) and k != "positions"}
        state = "; ".join(said["troubles"]) or "runs"
        services.add_row(name, state, json.dumps(figures, indent=None))
    for table in (streams, readers, services):
        console.print(table)
    console.print(f"dead letters: {found['dead']:,}")


async def rebuild(data_dir: Path | None, names: list[str]) -> int:
    known = {model.name: service for service in SERVICES for model in read_models(service)}
    if unknown := [name for name in names if name not in known]:
        steps.print(f"no read model {', '.join(unknown)}; there are {', '.join(known)}")
        return WRONG_USE
    async with connected(data_dir) as suite:
        for service in SERVICES:
            engine = database(suite.settings, service)
            for model in read_models(service):
                if not names or model.name in names:
                    rows = await build_anew(suite.client, engine, model)
                    console.print(f"{model.name} of {service}: {rows:,} rows, switched over")
            engine.dispose()
    return 0


async def explain(data_dir: Path | None, given: str, *, as_json: bool) -> int:
    async with connected(data_dir) as suite:
        lines = await chain(suite.client, given)
    if as_json:
        print(json.dumps([asdict(line) for line in lines]))  # noqa: T201
        return 0
    for line in lines:
        mark = "  " * line.depth + ("because " if line.depth else "")
        where = f"  {line.stream}/{line.sequence}" if line.stream else ""
        print(f"{mark}{line.what}{where}  {line.text}".rstrip())  # noqa: T201
    return 0


async def late(data_dir: Path | None, on: datetime, *, as_json: bool) -> int:
    async with connected(data_dir) as suite:
        rows = await ask(suite.client, "intake", "late", on.isoformat())
    if as_json:
        print(json.dumps(rows))  # noqa: T201
        return 0
    for row in rows:
        print(f"{row['due_at'][:10]}  {row['owner']:<12}  {row['check']}")  # noqa: T201
    steps.print(f"{len(rows):,} checks were known to be overdue on {on:%Y-%m-%d %H:%M} UTC")
    return 0


async def verify(data_dir: Path | None, *, as_json: bool) -> int:
    async with connected(data_dir) as suite:
        verdict = await prove(
            suite.client, suite.settings, lambda step: steps.print(f"[dim]{step} …[/dim]")
        )
    if as_json:
        print(json.dumps(asdict(verdict)))  # noqa: T201
    else:
        for line in verdict.looked_at:
            console.print(f"  {line}", highlight=False)
        for line in verdict.wrong:
            console.print(f"[red]  {line}[/red]")
        console.print("[red]differences found[/red]" if verdict.wrong else "no difference")
    return FOUND_WRONG if verdict.wrong else 0
