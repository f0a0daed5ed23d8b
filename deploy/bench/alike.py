"""How long it takes to find what a report may repeat, among a million made-up ones."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter, sleep, thread_time
from typing import Any

from services.intake.projections.alike import Sought, alike
from services.intake.projections.reports import read_model
from shared.eventsourcing.projections.bulk import bulk
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.projector import prepare

ROWS, PLACES, SECTORS, DAYS, WORDS = 1_000_000, 60, 30, 1_000, 2_000
ASKED, EACH_S = 3_000, 100
BEGUN = datetime(2030, 1, 1, tzinfo=UTC)
CHANCE = Random(63)  # noqa: S311  made-up reports


def main() -> None:
    with TemporaryDirectory(dir=Path.cwd()) as folder:
        engine = open_database(f"sqlite:///{folder}/rows.db")
        prepare(engine, [read_model])
        with engine.begin() as connection:
            table = bulk(read_model.table, connection.dialect)
            for some in _pages():
                table.add(connection, some)
        took, worked = [], []
        begun = perf_counter()
        for turn in range(ASKED):
            due = begun + turn / EACH_S
            sleep(max(0.0, due - perf_counter()))
            sought, before = _sought(), thread_time()
            with engine.connect().execution_options(reads_only=True) as connection:
                alike(connection, sought)
            worked.append(thread_time() - before)
            took.append(perf_counter() - due)
        engine.dispose()
    told = {"ms": _shares(took), "of_a_core_ms": _shares(worked)}
    sys.stdout.write(json.dumps({"rows": ROWS, "each_s": EACH_S} | told) + "\n")


def _shares(took: list[float]) -> dict[str, float]:
    took.sort()
    return {f"p{at}": round(took[ASKED * at // 100 - 1] * 1000, 2) for at in (50, 95, 99, 100)}


def _pages() -> Iterator[list[dict[str, Any]]]:
    for start in range(0, ROWS, 10_000):
        some = (_row() for _ in range(start, start + 10_000))
        yield sorted(some, key=lambda row: row["report_id"])


def _row() -> dict[str, Any]:
    """A tenth of the places have half of the reports."""
    return {
        "report_id": f"{CHANCE.getrandbits(128):032x}",
        "source": "made-up",
        "source_id": "0",
        "place": _place(),
        "sector": f"sector-{CHANCE.randrange(SECTORS)}",
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
    few = CHANCE.random() < 0.5  # noqa: PLR2004
    return f"us.town-{CHANCE.randrange(PLACES // 10 if few else PLACES)}"


def _words() -> str:
    return " ".join(f"word{CHANCE.randrange(WORDS)}" for _ in range(CHANCE.randrange(4, 35)))[:300]


def _sought() -> Sought:
    row = _row()
    within = timedelta(days=90)
    return Sought(row["place"], row["sector"], row["filed_at"], within, row["words"])


if __name__ == "__main__":
    main()
