"""Parquet, where pyarrow is there; it is imported when something is written."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from services.publishing.site.opendata.columns import SCHEMA_VERSION, Dataset, Shown
from services.publishing.site.opendata.formats import Format
from services.publishing.site.opendata.sink import Sink
from shared.eventsourcing.projections.read_model import Row

AT_ONCE = 5_000
"""Rows of a group, which are in memory together."""
TYPES = {
    "string": "string",
    "date": "date32",
    "integer": "int64",
    "number": "float64",
    "boolean": "bool_",
}


def is_there() -> bool:
    return find_spec("pyarrow") is not None


class AsParquet:
    """Each column has what it means beside it, and the file which version of columns it has."""

    def __init__(self, dataset: Dataset, _: Shown, sink: Sink) -> None:
        self._arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
        self._schema = _schema(self._arrow, dataset)
        self._writer = parquet.ParquetWriter(sink, self._schema, compression="zstd")
        self._rows = list[Row]()

    def row(self, row: Row) -> bool:
        self._rows.append(row)
        if len(self._rows) >= AT_ONCE:
            self._put()
        return True

    def end(self) -> None:
        self._put()
        self._writer.close()

    def _put(self) -> None:
        self._writer.write_table(self._arrow.Table.from_pylist(self._rows, self._schema))
        self._rows.clear()


def _schema(arrow: Any, dataset: Dataset) -> Any:
    fields = [
        arrow.field(
            each.name,
            getattr(arrow, TYPES[each.type])(),
            metadata={"meaning": each.meaning, "unit": each.unit, "suppressed": each.hidden},
        )
        for each in dataset.columns
    ]
    return arrow.schema(fields, {"schema_version": str(SCHEMA_VERSION), "dataset": dataset.name})


def _every(_: Dataset) -> bool:
    return True


PARQUET = Format("parquet", "application/vnd.apache.parquet", "Parquet", _every, AsParquet)
