"""`tribune up` and `tribune demo`: the whole suite on this machine."""

import asyncio
import signal
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from deploy.demo import Summary, replay
from deploy.embedded import Suite, running
from shared.eventsourcing.jetstream.connection import connect
from shared.runtime.charter import read_charter
from shared.runtime.settings import Settings

console = Console(stderr=True)


def _suite(data_dir: Path, port: int, clock: str) -> Suite:
    return Suite(data_dir.resolve(), Settings().charter_dir.resolve(), port, clock)


async def up(data_dir: Path, port: int) -> int:
    read_charter(Settings().charter_dir)  # says what is wrong with it before anything starts
    async with running(_suite(data_dir, port, "wall")) as suite:
        console.print(f"Tribune runs. The page: http://127.0.0.1:{port}/  NATS: {suite.nats_url}")
        console.print(f"Logs are in {data_dir}. Ctrl-C stops it.")
        await _until_stopped()
    return 0


async def demo(data_dir: Path, port: int, *, leave: bool, as_json: bool) -> int:
    suite = _suite(data_dir, port, "stream")
    charter = read_charter(suite.charter_dir)
    console.print("Half a year of real requests to Boston's 311, replayed through the whole suite.")
    console.print(f"[dim]{charter.notice}[/dim]")
    console.print("starts NATS and the three services …")
    async with running(suite):
        console.print(f"The page, live: http://127.0.0.1:{port}/")
        client = await connect(suite.nats_url, "demo")
        try:
            summary = await _with_progress_bar(client)
        finally:
            await client.close()
        if as_json:
            print(summary.as_json(), flush=True)  # noqa: T201
        else:
            Console().print(_table(summary))
        if not leave:
            console.print(f"The page stays up: http://127.0.0.1:{port}/  Ctrl-C ends it.")
            await _until_stopped()
    return 0


async def _with_progress_bar(client: object) -> Summary:
    columns = (
        TextColumn("{task.description:>18}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as bars:
        tasks = {}

        def progress(step: str, done: int, of: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=of)
                for earlier, task in tasks.items():
                    if earlier != step:
                        total = bars.tasks[task].total
                        bars.update(task, completed=total)
            bars.update(tasks[step], completed=done)

        summary = await replay(client, progress)  # type: ignore[arg-type]
        for task in tasks.values():
            bars.update(task, completed=bars.tasks[task].total)
    return summary


def _table(summary: Summary) -> Table:
    table = Table(title="What the suite made of it", show_header=False, title_justify="left")
    rows = {
        "upstream events": summary.upstream_events,
        "  accepted": summary.accepted,
        "  duplicate": summary.duplicate,
        "  refused": summary.refused,
        "reports filed": summary.reports_filed,
        "  confirmed": summary.reports_confirmed,
        "  refuted": summary.reports_refuted,
        "checks opened": summary.checks_opened,
        "  done in time": summary.checks_done_in_time,
        "  overdue": summary.checks_overdue,
        "members with credits": summary.members,
        "members qualified": summary.members_qualified,
        "events appended by this run": summary.events_appended,
    }
    for name, value in rows.items():
        table.add_row(name, f"{value:,}")
    table.add_row("seconds", f"{summary.seconds:,}")
    return table


async def _until_stopped() -> None:
    stop = asyncio.Event()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, stop.set)
    await stop.wait()
