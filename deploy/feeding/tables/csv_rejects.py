"""Rows of a CSV file that are left out, written as it is, each with the reason."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Self

from deploy.feeding.tables.dialect import Dialect
from deploy.feeding.tables.record import BECAUSE, FROM, Beside, Record, named


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
        file = self._file or self._open()
        if isinstance(record.raw, str):
            file.write(self._with_text(record, because))
            return
        cells = [cell for at, cell in enumerate(record.raw) if at not in self._dropped]
        self._writer.writerow([self._harmless(because), named(record.cells), *cells])

    def _with_text(self, record: Record, because: str) -> str:
        """What could not be told apart into cells stays as it is, to be mended."""
        start = io.StringIO()
        beside = [self._harmless(because), named(record.cells)]
        csv.writer(start, **self._dialect.options()).writerow(beside)
        text = record.raw.rstrip("\r\n")
        return f"{start.getvalue().rstrip()}{self._dialect.separator}{text}\r\n"

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if self._file:
            self._file.close()
        self._beside.done(kind)

    def _open(self) -> IO[str]:
        self._file = self._beside.open(self._encoding, "surrogateescape")
        self._writer = csv.writer(self._file, **self._dialect.options())
        columns = [name for name in self._columns if name not in (BECAUSE, FROM)]
        self._writer.writerow([BECAUSE, FROM, *columns])
        return self._file

    def _harmless(self, because: str) -> str:
        """In signs of the file's encoding; without quotes, where they mean nothing."""
        text = because.encode(self._encoding, errors="replace").decode(self._encoding)
        return text if self._dialect.quote else text.replace(self._dialect.separator, " ")
