"""Rows of a Parquet file; pyarrow is imported only when there is one."""

from collections.abc import Collection, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Self

from deploy.feeding.tables.parquet_values import leads, text_in, values_of, ways
from deploy.feeding.tables.record import BECAUSE, FROM, Beside, Origin, Record, named, no_text
from deploy.given import WrongFileError
from shared.mapping.language import FileShape
from shared.mapping.objects import value_at

AT_ONCE = 2_000
NOT_INSTALLED = (
    "is a Parquet file, and pyarrow, which reads it, is not installed: `make parquet` in the clone"
    " does that. Or write the table as CSV or JSON Lines"
)


class ParquetTable:
    """`columns` are the ways into its values, and those of `wanted` that lead into lists and maps.

    Raises WrongFileError where pyarrow is missing, or can't read it."""

    unit = "row"

    def __init__(self, path: Path, shape: FileShape, wanted: Collection[str] = ()) -> None:
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
        deep = sorted(way for way in wanted if leads(pa.struct(self.schema), way))
        self.columns = list(dict.fromkeys([*self.schema.names, *ways(self.schema), *deep]))

    def described(self) -> str:
        return "Parquet"

    def share_read(self) -> float:
        return self._numbers / max(self._rows, 1)

    def records(self, wanted: Collection[str]) -> Iterator[Record]:
        """What nobody wants is not looked at: it may hold what can't be read here."""
        origin = Origin(self.path)
        of = {name for name in self.schema.names if _is_wanted(name, {*wanted, FROM})}
        for batch in self._file.iter_batches(AT_ONCE):
            columns = {
                name: values_of(batch.column(at))
                for at, name in enumerate(self.schema.names)
                if name in of
            }
            for at in range(len(batch)):
                self._numbers += 1
                found = {name: values[at] for name, values in columns.items()}
                cells = origin.of(self._numbers, str(found.get(FROM, "")))
                for name in wanted:
                    cell = text_in(value_at(found, name))
                    cells[name] = "" if cell in self._nothing else cell
                yield Record(self._numbers, cells, (batch, at), no_text(cells, "utf-8"))

    def rejects(self, path: Path) -> "ParquetRejects":
        return ParquetRejects(path)


def _is_wanted(name: str, ways: Collection[str]) -> bool:
    return any(way == name or way.startswith(f"{name}.") for way in ways)


class ParquetRejects:
    """The rows with two columns beside their own."""

    def __init__(self, path: Path) -> None:
        self._beside = Beside(path)
        self._writer: Any = None
        self._waiting: list[Any] = []

    def __enter__(self) -> Self:
        return self

    def add(self, record: Record, because: str) -> None:
        """A copy of the row alone, for its neighbours would stay in memory with it."""
        pa = import_module("pyarrow")
        batch, at = record.raw
        row = pa.Table.from_batches([batch.take(pa.array([at]))])
        for name, said in ((BECAUSE, because), (FROM, named(record.cells))):
            if name in row.column_names:
                row = row.drop_columns(name)
            row = row.append_column(name, pa.array([said]))
        self._waiting.append(row)
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
        table = pa.concat_tables(self._waiting)
        if self._writer is None:
            self._writer = parquet.ParquetWriter(self._beside.part(), table.schema)
        self._writer.write_table(table)
        self._waiting.clear()
