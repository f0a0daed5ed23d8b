"""The formats of open data, each written a row at a time."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from services.publishing.site.opendata.columns import Dataset, Shown
from services.publishing.site.opendata.sink import Sink
from shared.eventsourcing.projections.read_model import Row
from shared.web.csv_cells import harmless

ENCODER = json.JSONEncoder(default=str, separators=(",", ":"))


class Writing(Protocol):
    def row(self, row: Row) -> bool:
        """Whether it stands in the file."""

    def end(self) -> None: ...


@dataclass(frozen=True)
class Format:
    """`ending` of a file's name; `has` tells whether a data set is there in it."""

    ending: str
    media_type: str
    title: str
    has: Callable[[Dataset], bool]
    begin: Callable[[Dataset, Shown, Sink], Writing]


class AsCsv:
    """With a heading, by RFC 4180. No cell is a formula; what is not there is an empty cell."""

    def __init__(self, dataset: Dataset, _: Shown, sink: Sink) -> None:
        self._sink, self._line = sink, io.StringIO()
        self._rows = csv.writer(self._line)
        self._put(dataset.names)

    def row(self, row: Row) -> bool:
        self._put([_cell(value) for value in row.values()])
        return True

    def end(self) -> None:
        pass

    def _put(self, cells: Any) -> None:
        self._rows.writerow(cells)
        self._sink.write(self._line.getvalue().encode())
        self._line.seek(0)
        self._line.truncate()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    return value if value.isalnum() else harmless(value)


class AsJsonLines:
    """An object in each line."""

    def __init__(self, _: Dataset, __: Shown, sink: Sink) -> None:
        self._sink = sink

    def row(self, row: Row) -> bool:
        self._sink.write(f"{as_json(row)}\n".encode())
        return True

    def end(self) -> None:
        pass


def as_json(value: Any) -> str:
    """Without what could end a line, or a script in which it stands."""
    text = ENCODER.encode(value)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _every(_: Dataset) -> bool:
    return True


CSV = Format("csv", "text/csv", "CSV", _every, AsCsv)
JSON_LINES = Format("jsonl", "application/jsonl", "JSON Lines", _every, AsJsonLines)
