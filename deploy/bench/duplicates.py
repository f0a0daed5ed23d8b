"""How long it takes to find what a report may repeat, among a million made-up ones of a city."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter, sleep, thread_time
from typing import Any

from sqlalchemy import Engine

from deploy.bench.times import in_ms
from services.intake.projections import points
from services.intake.projections.alike import Sought, alike
from services.intake.projections.reports import read_model
from shared.contracts.point import Point
from shared.eventsourcing.projections.bulk import bulk
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.projector import prepare
from shared.eventsourcing.projections.read_model import Row

ROWS, PIECE, PLACES, SECTORS, DAYS, WORDS = 1_000_000, 10_000, 60, 30, 1_000, 2_000
WARM_UP, ASKED, EACH_S = 100, 1_000, 20
WITHIN = timedelta(days=90)
BEGUN = datetime(2030, 1, 1, tzinfo=UTC)
SOUTH, WEST, WIDE = 42.25, -71.15, 0.18
"""Where the city begins, and over how many degrees it reaches: some 20 km by 15."""

CHANCE = Random(63)  # noqa: S311  made-up reports


async def duplicates(database_url: str = "", rows: int = ROWS) -> dict[str, Any]:
    """`p50_ms` and `p99_ms` at 20 a second, from when each was to be asked to its answer, as the
    desk asks: with a place, a point and words, of any sector as often as it is reported;
    `of_a_core_p99_ms` is our own share. Tables are dropped after."""
    return await asyncio.to_thread(_measured, database_url, rows)


def _measured(database_url: str, rows: int) -> dict[str, Any]:
    with TemporaryDirectory(prefix="tribune-bench-", dir=Path.cwd()) as folder:
        engine = open_database(database_url or f"sqlite:///{folder}/rows.db")
        try:
            _fill(engine, rows)
            _ask(engine, WARM_UP)
            took, worked, found = _ask(engine, ASKED)
        finally:
            for table in (*read_model.tables, *points.read_model.tables):
                table.drop(engine)
            engine.dispose()
    return {
        "rows": rows,
        "asked": len(took),
        **in_ms(took),
        "of_a_core_p99_ms": round(quantiles(worked, n=100)[98] * 1000, 2),
        "found_none": found[0],
    }


def _ask(engine: Engine, count: int) -> tuple[list[float], list[float], Counter[int]]:
    took, worked, found = [], [], Counter[int]()
    begun = perf_counter()
    for turn in range(count):
        due = begun + turn / EACH_S
        sleep(max(0.0, due - perf_counter()))
        sought, before = _sought(), thread_time()
        with engine.connect().execution_options(reads_only=True) as connection:
            found[len(alike(connection, sought))] += 1
        worked.append(thread_time() - before)
        took.append(perf_counter() - due)
    return took, worked, found


def _fill(engine: Engine, rows: int) -> None:
    prepare(engine, [read_model, points.read_model])
    with engine.begin() as connection:
        reports = bulk(read_model.table, connection.dialect)
        where = bulk(points.read_model.table, connection.dialect)
        for start in range(0, rows, PIECE):
            some = [_row() for _ in range(min(PIECE, rows - start))]
            some.sort(key=lambda row: row["report_id"])
            reports.add(connection, some)
            where.add(connection, list(_points(some)))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _points(reports: list[Row]) -> Iterator[Row]:
    for row in reports:
        spot = _point()
        named = {name: row[name] for name in ("report_id", "sector", "filed_at")}
        yield named | {"latitude": spot.latitude, "longitude": spot.longitude}


def _row() -> Row:
    return {
        "report_id": f"{CHANCE.getrandbits(128):032x}",
        "source": "made-up",
        "source_id": "0",
        "place": _place(),
        "sector": _sector(),
        "confidential": False,
        "state": "filed",
        "filed_at": BEGUN + timedelta(seconds=CHANCE.randrange(DAYS * 86_400)),
        "settled_at": None,
        "is_public": True,
        "corroborated": 0,
        "head": None,
        "words": _words(),
    }


def _place() -> str:
    """A tenth of the places have half of the reports."""
    few = CHANCE.random() < 0.5  # noqa: PLR2004
    return f"us.town-{CHANCE.randrange(PLACES // 10 if few else PLACES)}"


def _sector() -> str:
    """The first has nearly a fifth of the reports, the last a hundredth."""
    return f"sector-{int(SECTORS * CHANCE.random() ** 2)}"


def _point() -> Point:
    return Point(SOUTH + WIDE * CHANCE.random(), WEST + WIDE * CHANCE.random())


def _words() -> str:
    return " ".join(f"word{CHANCE.randrange(WORDS)}" for _ in range(CHANCE.randrange(4, 35)))[:300]


def _sought() -> Sought:
    row = _row()
    at = row["place"], row["sector"], row["filed_at"]
    return Sought(*at, WITHIN, row["words"], point=_point())
