"""Pages of 50 requests out of a million, as clients of Open311 ask the public site for them."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import uvicorn
from sqlalchemy import Engine

from deploy.bench.laboratory import cpu_s
from deploy.bench.times import in_ms
from services.publishing.projections import pictures
from services.publishing.projections.requests import REPORT, read_model
from services.publishing.site.open311_desk import HERE, Open311Desk
from services.publishing.site.source import Source
from shared.eventsourcing.projections.bulk import bulk
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.projector import prepare
from shared.runtime.charter import Charter, read_charter
from shared.runtime.http import public_app
from shared.runtime.ports import free_port
from shared.runtime.settings import Settings
from shared.web.frame import Frame, House

ROWS, DAYS, PIECE = 1_000_000, 1_000, 10_000
WARM_UP, ASKED, PER_S = 200, 2_000, 100
TODAY = date(2030, 1, 1)
CHANCE = Random(311)  # noqa: S311  made-up requests


async def requests(database_url: str = "", rows: int = ROWS) -> dict[str, Any]:
    """`p50_ms` and `p99_ms` at 100 a second, from when each was to be asked to its last byte; by
    turns all, those of a sector, of a state and of other pages. `site_cpu_us` is the CPU of each in
    the process that answers. Tables are dropped after."""
    charter = read_charter(Settings().charter_dir.resolve())
    with TemporaryDirectory(prefix="tribune-bench-", dir=Path.cwd()) as folder:
        engine = open_database(database_url or f"sqlite:///{folder}/requests.db")
        try:
            await asyncio.to_thread(_fill, engine, charter, rows)
            async with _served(engine) as (client, site):
                await _ask(client, charter, WARM_UP)
                before = cpu_s(site)
                took, statuses = await _ask(client, charter, ASKED)
                used = cpu_s(site) - before
        finally:
            for table in read_model.tables:
                table.drop(engine)
            engine.dispose()
    return {
        "rows": rows,
        "asked": len(took),
        **in_ms(took),
        "not_answered": sum(statuses.values()) - statuses[200],
        "site_cpu_us": round(used / len(took) * 1e6),
    }


async def _ask(
    client: httpx.AsyncClient, charter: Charter, count: int
) -> tuple[list[float], Counter[int]]:
    took: list[float] = []
    statuses: Counter[int] = Counter()
    begun = time.perf_counter()

    async def ask(due: float, given: dict[str, str]) -> None:
        answer = await client.get(f"{HERE}/requests.json", params=given)
        statuses[answer.status_code] += 1
        took.append(time.perf_counter() - due)

    async with asyncio.TaskGroup() as group:
        for number in range(count):
            due = begun + number / PER_S
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            group.create_task(ask(due, _given(number, charter)))
    return took, statuses


def _given(number: int, charter: Charter) -> dict[str, str]:
    end = TODAY - timedelta(days=CHANCE.randrange(DAYS - 90))
    dates = {"start_date": f"{end - timedelta(days=90)}T00:00:00Z", "end_date": f"{end}T00:00:00Z"}
    page = {"page_size": "50", "page": "1"}
    match number % 4:
        case 0:
            return page
        case 1:
            return page | dates | {"service_code": CHANCE.choice(sorted(charter.sectors))}
        case 2:
            return page | dates | {"status": CHANCE.choice(("open", "closed"))}
        case _:
            return page | dates | {"page": str(CHANCE.randint(2, 20))}


@asynccontextmanager
async def _served(engine: Engine) -> AsyncIterator[tuple[httpx.AsyncClient, int]]:
    """By a process of its own, as a site is: one that asks as well would wait for itself. With its
    number."""
    address = engine.url.render_as_string(hide_password=False)
    server = get_context("spawn").Process(target=_serve, args=(address, port := free_port()))
    server.start()
    try:
        async with httpx.AsyncClient(
            trust_env=False, timeout=60, base_url=f"http://127.0.0.1:{port}"
        ) as client:
            await _is_there(client)
            yield client, server.pid or 0
    finally:
        server.terminate()
        await asyncio.to_thread(server.join)


async def _is_there(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(60):
        while True:
            with suppress(httpx.ConnectError):
                await client.get("/")
                return
            await asyncio.sleep(0.05)


def _serve(database_url: str, port: int) -> None:
    """The site's own answers behind its own frame and a real socket, until it is ended."""
    charter, engine = read_charter(Settings().charter_dir.resolve()), open_database(database_url)

    def now() -> datetime:
        return datetime.combine(TODAY, datetime.min.time(), UTC)

    frame = Frame(House(charter.name, ""), "publishing")
    desk = Open311Desk(Source(engine), charter, now, frame.sites.base)
    app = public_app(frame, desk.routes(), [])
    uvicorn.run(app, host="127.0.0.1", port=port, log_config=None)


def _fill(engine: Engine, charter: Charter, rows: int) -> None:
    prepare(engine, [read_model, pictures.read_model])
    places, sectors = sorted(charter.places), sorted(charter.sectors)
    with engine.begin() as connection:
        table = bulk(read_model.table, connection.dialect)
        for some in _pages(rows, places, sectors):
            table.add(connection, some)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _pages(rows: int, places: list[str], sectors: list[str]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, rows, PIECE):
        some = (_row(places, sectors) for _ in range(min(PIECE, rows - start)))
        yield sorted(some, key=lambda row: row["id"])


def _row(places: list[str], sectors: list[str]) -> dict[str, Any]:
    on = TODAY - timedelta(days=CHANCE.randrange(DAYS))
    is_closed = CHANCE.random() < 0.7  # noqa: PLR2004
    nothing = dict.fromkeys(column.name for column in read_model.table.c)
    return nothing | {
        "id": f"{CHANCE.getrandbits(128):032x}",
        "about": REPORT,
        "place": CHANCE.choice(places),
        "sector": CHANCE.choice(sectors),
        "on": on,
        "updated_on": on,
        "closed_on": on + timedelta(days=CHANCE.randrange(60)) if is_closed else None,
        "outcome": "confirmed" if is_closed else None,
        "withdrawn": False,
        "corroborated": 0,
    }
