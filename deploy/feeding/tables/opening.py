"""Opens a file of rows: what it is follows from the mapping, its content, and last its name."""

from collections.abc import Collection
from pathlib import Path

from deploy.feeding.tables.content import Content
from deploy.feeding.tables.csv_table import CsvTable
from deploy.feeding.tables.encoding import encoding_of, look_for_utf_8
from deploy.feeding.tables.json_table import JsonTable
from deploy.feeding.tables.parquet_table import ParquetTable
from deploy.feeding.tables.record import Table
from deploy.given import WrongFileError, in_words, read_given
from shared.mapping.language import FileShape
from shared.mapping.template import Row

OF_JSON = {".jsonl", ".ndjson", ".json", ".geojson"}
ANY = FileShape()


def open_table(
    path: Path, shape: FileShape = ANY, zone: str = "UTC", wanted: Collection[str] = ()
) -> Table:
    """`zone` and the columns that are `wanted` tell what was not told. Raises WrongFileError."""
    return read_given(path, lambda given: _opened(given, shape, zone, wanted))


def read_rows(path: Path) -> list[Row]:
    """All columns of all rows, unchecked. Raises WrongFileError."""
    table = open_table(path)
    with in_words(path):
        return [record.cells for record in table.records(table.columns or ())]


def _opened(path: Path, shape: FileShape, zone: str, wanted: Collection[str]) -> Table:
    content = Content(path)
    if shape.format == "parquet" or (shape.format is None and content.is_parquet):
        if not content.is_parquet or content.is_gzip:
            raise WrongFileError(f"{path} is no Parquet file")
        return ParquetTable(path, shape, wanted)
    content.refuse_one_line()
    encoding = shape.encoding or encoding_of(content, zone)
    if shape.encoding in ("utf-8", "utf-8-sig"):
        look_for_utf_8(content, zone)
    if encoding == "utf-8":
        encoding = "utf-8-sig" if _has_a_mark(content) else encoding
    if shape.format == "jsonl" or (shape.format is None and _is_json(content, encoding)):
        return JsonTable(content, shape, encoding, wanted)
    return CsvTable(content, shape, encoding, wanted)


def _has_a_mark(content: Content) -> bool:
    with content.open() as file:
        return file.read(3) == "\ufeff".encode()


def _is_json(content: Content, encoding: str) -> bool:
    suffixes = [suffix.lower() for suffix in content.path.suffixes if suffix.lower() != ".gz"]
    if suffixes and suffixes[-1] in OF_JSON:
        return True
    with content.text(encoding) as text:
        return text.read(1) == "{"
