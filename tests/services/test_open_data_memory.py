"""However long a file is, no more than a part of it is in memory, when written and when sent."""

import tracemalloc
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from public_site import CHARTER

from services.publishing.site.opendata import parquet
from services.publishing.site.opendata.all_formats import FORMATS
from services.publishing.site.opendata.columns import Column, Dataset, Shown
from services.publishing.site.opendata.sink import AT_ONCE, Sink
from shared.eventsourcing.projections.read_model import Row
from shared.web.language import marked

COLUMNS = (
    Column("id", "string", marked("Id.")),
    Column("on", "date", marked("Day.")),
    Column("many", "integer", marked("Number.")),
    Column("latitude", "number", marked("North.")),
    Column("longitude", "number", marked("East.")),
)
MANY, MOST = 4_000, 1_000_000


def made_up(number: int) -> Dataset:
    def rows(_: Shown) -> Iterator[Row]:
        for each in range(number):
            text = f"{each * 7919 % 1_000_003:0500}"
            where = {"latitude": each % 90 / 1, "longitude": each % 180 / 1}
            yield {"id": text, "on": date(2030, 1, 7), "many": each, **where}

    point = ("latitude", "longitude")
    return Dataset("made-up", marked("Made up"), marked("Made up."), COLUMNS, rows, point)


def test_a_long_file_takes_no_more_memory_than_a_short_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parquet, "AT_ONCE", 200)
    nothing: Any = None
    shown = Shown(nothing, date(2030, 1, 7), "http://tribune.test/", CHARTER)
    dataset = made_up(MANY)
    for kind in (each for each in FORMATS if each.has(dataset)):
        kind.begin(dataset, shown, Sink(None)).end()  # what it imports is no part of it
        sink = Sink(None)
        tracemalloc.start()
        writing = kind.begin(dataset, shown, sink)
        for row in dataset.rows(shown):
            writing.row(row)
        writing.end()
        made = sink.made("made-up", kind.media_type, MANY)
        parts = [len(part) for part in made.kept.unpacked()]
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert sum(parts) == made.size
        assert max(parts) <= AT_ONCE
        assert peak < MOST, kind.ending
        if kind.ending != "parquet":
            assert made.size > 2 * MOST, "as long as that"
