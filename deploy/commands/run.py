"""`tribune up` and `tribune demo`: the whole suite on this machine."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rich.table import Table

from deploy.commands.showing import started, until_asked, with_progress_bar
from deploy.commands.telling import console
from deploy.embedded import Suite
from deploy.embedded.remembered import charter_to_start_with
from deploy.embedded.suite import NOTE
from deploy.feeding.demo import SOURCE, Summary
from deploy.feeding.replay import hands_of
from deploy.terminal import Terminal
from shared.runtime.charter import read_charter
from shared.runtime.door_settings import PORTS


@dataclass(frozen=True)
class Given:
    """What both commands are told."""

    data_dir: Path
    port: int
    nats_port: int
    replicas: int
    max_file: int
    max_memory: int
    charter: Path | None = None
    websocket_port: int = 0
    nats_tls: bool = False


def _suite(given: Given, clock: str) -> Suite:
    folder, charter = given.data_dir.resolve(), _charter_dir(given).resolve()
    suite = Suite(folder, charter, given.port, clock, given.replicas, given.max_file)
    suite.max_memory = given.max_memory
    suite.nats_port = given.nats_port
    suite.websocket_port = given.websocket_port
    suite.tls = given.nats_tls
    return suite


def _charter_dir(given: Given) -> Path:
    return charter_to_start_with(given.data_dir, given.charter)


async def up(given: Given) -> int:
    # both say what is wrong before anything starts
    charter = read_charter(_charter_dir(given))
    _ = charter.geography
    return await until_asked(_up(given))


async def _up(given: Given) -> int:
    async with started(_suite(given, "wall")) as suite:
        console.print(f"Tribune runs. The page: {_page(given)}  NATS: {suite.nats_url}")
        console.print(f"Keys and credentials for NATS are in {suite.keys.folder}.")
        if suite.authority:
            console.print(f"NATS speaks TLS only; clients trust {suite.authority}")
        others = (
            f"{name}: http://127.0.0.1:{suite.service_port(name)}/"
            for name in PORTS
            if name != "publishing"
        )
        console.print(f"Its services have pages, too: {', '.join(others)}")
        if given.replicas > 1:
            console.print(f"{given.replicas} processes of each program; {NOTE} has their ports.")
        charter = f"It goes by the charter in {suite.charter_dir}."
        console.print(charter, highlight=False, soft_wrap=True)
        console.print(f"Logs are in {given.data_dir}. Ctrl-C stops it.")
        await _until_asked_to_stop()
    return 0


async def demo(given: Given, until: date | None, *, leave: bool, as_json: bool) -> int:
    return await until_asked(_demo(given, until, leave=leave, as_json=as_json))


async def _demo(given: Given, until: date | None, *, leave: bool, as_json: bool) -> int:
    suite = _suite(given, "stream")
    charter = read_charter(suite.charter_dir)
    what = f"The requests before {until}" if until else "Half a year of real requests"
    console.print(f"{what} to Boston's 311, replayed through the whole suite.")
    console.print(charter.notice, style="dim")
    async with started(suite):
        console.print(f"The page, live: {_page(given)}  NATS: {suite.nats_url}")
        async with hands_of(suite.nats_url, suite.credentials, SOURCE, suite.authority) as hands:
            summary = await with_progress_bar(hands, until)
        if as_json:
            print(summary.as_json(), flush=True)  # noqa: T201
        else:
            Terminal().print(_table(summary))
        if not leave:
            console.print(f"The page stays up: {_page(given)}  Ctrl-C ends it.")
            await _until_asked_to_stop()
    return 0


async def _until_asked_to_stop() -> None:
    with suppress(asyncio.CancelledError):
        await asyncio.Event().wait()


def _page(given: Given) -> str:
    return f"http://127.0.0.1:{given.port}/"


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
        "qualifications": summary.members_qualified,
        "events appended by this run": summary.events_appended,
    }
    for name, value in rows.items():
        table.add_row(name, f"{value:,}")
    table.add_row("seconds", f"{summary.seconds:,}")
    return table
