"""Rows of a CSV file that are left out, written as it is, each with the reason."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Self

from deploy.feeding.tables.dialect import Dialect
from deploy.feeding.tables.record import BECAUSE, FROM, Beside, Record, named
from deploy.given import WrongFileError
from shared.runtime.toml_words import shown


class CsvRejects:
    """Reason and origin stand first, so that a row of another width stays as it is."""

    def __init__(self, path: Path, columns: Sequence[str], dialect: Dialect, encoding: str) -> None:
        self._beside = Beside(path)
        self._columns, self._dialect, self._encoding = columns, dialect, encoding
        self._file: IO[str] | None = None
        self._writer: Any = None
        self._dropped = {at for at, name in enumerate(columns) if name in (BECAUSE, FROM)}

    def __enter__(self) -> Self:
        return self

    def add(self, record: Record, because: str) -> None:
        with self._beside.writing():
            file = self._file or self._open()
            if isinstance(record.raw, str):
                file.write(self._with_text(record, because))
                return
            cells = [cell for at, cell in enumerate(record.raw) if at not in self._dropped]
            self._write(self._writer, [self._harmless(because), named(record.cells), *cells])

    def _with_text(self, record: Record, because: str) -> str:
        """What could not be told apart into cells stays as it is, to be mended."""
        start = io.StringIO()
        beside = [self._harmless(because), named(record.cells)]
        self._write(csv.writer(start, **self._dialect.options()), beside)
        text = record.raw.rstrip("\r\n")
        return f"{start.getvalue().rstrip()}{self._dialect.separator}{text}\r\n"

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._beside.done(kind, self._file.close if self._file else lambda: None)

    def _open(self) -> IO[str]:
        self._file = self._beside.open(self._encoding, "surrogateescape")
        self._writer = csv.writer(self._file, **self._dialect.options())
        columns = [name for name in self._columns if name not in (BECAUSE, FROM)]
        self._write(self._writer, [BECAUSE, FROM, *columns])
        return self._file

    def _write(self, writer: Any, cells: list[str]) -> None:
        """What holds a separator can't be written where nothing quotes, as a file's name."""
        try:
            writer.writerow(cells)
        except csv.Error:
            raise WrongFileError(
                "no file of rejects can be written: quotes mean nothing in this file, and its"
                f" separator stands in {self._odd(cells)}. Give the file a name without it, or"
                ' leave out quote = "" in the mapping'
            ) from None

    def _odd(self, cells: list[str]) -> str:
        odd = (cell for cell in cells if {self._dialect.separator, *"\r\n"} & {*cell})
        return shown(next(odd, ""))

    def _harmless(self, because: str) -> str:
        """In signs of the file's encoding; without quotes, where they mean nothing."""
        text = because.encode(self._encoding, errors="replace").decode(self._encoding)
        if self._dialect.quote:
            return text
        instead = "_" if self._dialect.separator == " " else " "
        return " ".join(text.splitlines()).replace(self._dialect.separator, instead)
