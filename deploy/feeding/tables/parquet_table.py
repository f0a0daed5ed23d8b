"""Rows of a Parquet file; pyarrow is imported only when there is one."""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Self

from deploy.feeding.tables.record import BECAUSE, FROM, Beside, Origin, Record, named
from deploy.given import WrongFileError
from shared.mapping.language import FileShape
from shared.mapping.objects import text_of, value_at

AT_ONCE, TAKEN_APART = 2_000, 20
"""Few are taken apart at once: a text that stands there once may be that of many rows."""

NOT_INSTALLED = (
    "is a Parquet file, and pyarrow, which reads it, is not installed: `make parquet` in the clone"
    " does that. Or write the table as CSV or JSON Lines"
)


class ParquetTable:
    """Raises WrongFileError where pyarrow is missing, or can't read it."""

    unit = "row"

    def __init__(self, path: Path, shape: FileShape) -> None:
        try:
            pa, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
        except ImportError:
            raise WrongFileError(f"{path} {NOT_INSTALLED}") from None
        self.path = path
        self._nothing = set(shape.empty)
        self._numbers = 0
        try:
            self._file = parquet.ParquetFile(path, memory_map=True)
        except pa.ArrowException as error:
            raise WrongFileError(f"{path} is no sound Parquet file: {error}") from None
        self.schema = self._file.schema_arrow
        self._rows: int = self._file.metadata.num_rows
        leaves = [self._file.schema.column(at).path for at in range(len(self._file.schema))]
        self.columns = list(dict.fromkeys([*self.schema.names, *leaves]))

    def described(self) -> str:
        return "Parquet"

    def share_read(self) -> float:
        return self._numbers / max(self._rows, 1)

    def records(self, wanted: Collection[str]) -> Iterator[Record]:
        origin = Origin(self.path)
        for batch in self._file.iter_batches(AT_ONCE):
            for found in self._apart(batch):
                self._numbers += 1
                cells = origin.of(self._numbers, str(found.get(FROM, "")))
                for name in wanted:
                    cell = _text(value_at(found, name))
                    cells[name] = "" if cell in self._nothing else cell
                yield Record(self._numbers, cells, found)

    def _apart(self, batch: Any) -> Iterator[dict[str, Any]]:
        """Raises WrongFileError where a value is none that Python knows, as a day after 9999."""
        for start in range(0, batch.num_rows, TAKEN_APART):
            try:
                yield from batch.slice(start, TAKEN_APART).to_pylist()
            except (ValueError, OverflowError) as error:
                first = self._numbers + 1
                raise WrongFileError(
                    f"{self.path}, row {first:,} or one of the {TAKEN_APART} behind it holds a"
                    f" value that can't be read: {error}"
                ) from None

    def rejects(self, path: Path) -> "ParquetRejects":
        return ParquetRejects(path, self.schema)


class ParquetRejects:
    """The rows with two columns beside their own."""

    def __init__(self, path: Path, schema: Any) -> None:
        self._beside = Beside(path)
        self._schema = schema
        self._writer: Any = None
        self._waiting: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        return self

    def add(self, record: Record, because: str) -> None:
        self._waiting.append(record.raw | {BECAUSE: because, FROM: named(record.cells)})
        if len(self._waiting) >= AT_ONCE:
            with self._beside.writing():
                self._write()

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._beside.done(kind, self._close)

    def _close(self) -> None:
        if self._waiting:
            self._write()
        if self._writer:
            self._writer.close()

    def _write(self) -> None:
        pa, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
        if self._writer is None:
            for name in (BECAUSE, FROM):
                if name not in self._schema.names:
                    self._schema = self._schema.append(pa.field(name, pa.string()))
            self._writer = parquet.ParquetWriter(self._beside.part(), self._schema)
        self._writer.write_table(pa.Table.from_pylist(self._waiting, schema=self._schema))
        self._waiting.clear()


def _text(value: Any) -> str:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return text_of(value)
