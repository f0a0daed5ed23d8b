"""Rows of a CSV file, whatever separates, quotes and encodes them."""

import csv
from collections.abc import Collection, Iterator
from itertools import islice
from pathlib import Path
from typing import Self

from deploy.feeding.tables.content import LONGEST_LINE, Content
from deploy.feeding.tables.csv_rejects import CsvRejects
from deploy.feeding.tables.dialect import LINES_LOOKED_AT, dialect_of, separator_told
from deploy.feeding.tables.header import as_wanted
from deploy.feeding.tables.record import BECAUSE, FROM, WHOLE_ROW, Origin, Record, no_text
from deploy.given import WrongFileError
from shared.mapping.cells import CellError
from shared.mapping.codes import bare
from shared.mapping.language import FileShape
from shared.runtime.sizes import in_words

LARGEST_CELL = 8 * 1024**2
"""A shape on a map may have some hundred thousand signs, in a column that nobody wants."""

csv.field_size_limit(LARGEST_CELL)
BEHIND_A_QUOTE = "expected after"
"""So the module says it when it reads strictly; without that it takes the next rows for a cell."""


class CsvTable:
    """Raises WrongFileError where there is no header, or a column that is wanted stands twice."""

    unit = "line"

    def __init__(
        self, content: Content, shape: FileShape, encoding: str, wanted: Collection[str]
    ) -> None:
        self.path = content.path
        self._content = content
        self.encoding = encoding
        first = list(islice(content.lines(encoding), shape.skip_lines + LINES_LOOKED_AT))
        if first and first[0].lstrip("\"'").startswith(BECAUSE):  # written by us, with a header
            shape = shape.model_copy(update={"skip_lines": 0, "columns": None})
        first = first[shape.skip_lines :]
        self._shape = shape
        self._before = shape.skip_lines + bool(separator_told(first))
        self.dialect = dialect_of(first, shape, wanted)
        self.columns = as_wanted(self._header(), wanted)
        for column in {*wanted, FROM}:
            if self.columns.count(column) > 1:
                raise WrongFileError(f'{self.path}: the column "{column}" stands there twice')

    def described(self) -> str:
        return f"CSV in {self.encoding}, {self.dialect.described()}"

    def share_read(self) -> float:
        return self._content.share_read()

    def records(self, wanted: Collection[str]) -> Iterator[Record]:
        """Raises WrongFileError where a quote is not closed: behind it no row can be told from
        another."""
        places = [(name, at) for at, name in enumerate(self.columns) if name in wanted]
        from_at = self.columns.index(FROM) if FROM in self.columns else None
        origin, width, nothing = Origin(self.path), len(self.columns), set(self._shape.empty)
        number = 0
        for line, row in self._rows():
            if not any(map(bare, row)):
                continue
            number += 1
            if isinstance(row, str):
                yield Record(line, origin.of(number), row, _odd_quote())
                continue
            bears = row[from_at] if from_at is not None and from_at < len(row) else ""
            record = Record(line, origin.of(number, bears), row)
            if len(row) < width or any(map(bare, row[width:])):
                record.wrong = _another_width(len(row), width)
            else:
                for name, at in places:
                    cell = bare(row[at])
                    record.cells[name] = "" if cell in nothing else cell
                record.wrong = no_text(record.cells, self.encoding)
            yield record

    def rejects(self, path: Path) -> "CsvRejects":
        return CsvRejects(path, self.columns, self.dialect, self.encoding)

    def _header(self) -> list[str]:
        if self._shape.columns:
            return self._shape.columns
        for line, row in self._rows(skip_header=False):
            if isinstance(row, str):
                raise self._not_closed(line, "something stands behind it")
            names = [bare(cell) for cell in row]
            while names and not names[-1]:  # a separator at the end of each line
                names.pop()
            if names:
                return names
        raise WrongFileError(f"{self.path} is empty: there is no line with columns in it")

    def _rows(self, *, skip_header: bool = True) -> Iterator[tuple[int, list[str] | str]]:
        """With the line in which each begins; what can't be told apart into cells is a text."""
        lines = _Lines(islice(self._content.lines(self.encoding), self._before, None))
        reader = csv.reader(lines, **self.dialect.options(), strict=True)
        row: list[str] | str
        header_is_to_come = skip_header and not self._shape.columns
        while True:
            line = self._before + reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if lines.ended or BEHIND_A_QUOTE not in str(error):
                    how = "the file ends" if lines.ended else str(error)
                    raise self._not_closed(line, how) from None
                row = "".join(lines.since)
            lines.begin_a_row()
            if header_is_to_come and any(map(bare, row)):
                header_is_to_come = False
            elif not header_is_to_come:
                yield line, row

    def _not_closed(self, line: int, how: str) -> WrongFileError:
        return WrongFileError(
            f"{self.path}, line {line}: a quote that is opened in this row is not closed ({how});"
            ' close it, or write quote = "" under [file] of the mapping if quotes mean nothing in'
            " this file"
        )


class _Lines:
    """`ended` once somebody asked for a line behind the last one; `since` a row was told apart.

    Raises csv.Error where that goes on for too long."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.ended = False
        self.since: list[str] = []
        self._held = 0

    def begin_a_row(self) -> None:
        self.since.clear()
        self._held = 0

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        try:
            self.since.append(line := next(self._lines))
        except StopIteration:
            self.ended = True
            raise
        self._held += len(line)
        if self._held > LONGEST_LINE:
            raise csv.Error(f"it goes on for more than {in_words(LONGEST_LINE)}")
        return line


def _odd_quote() -> CellError:
    words = "has a quote that ends, and then something else than a separator"
    hint = lambda: (  # noqa: E731
        "a quote within a cell is written twice; or one is not closed, and the next row hangs on it"
    )
    return CellError(WHOLE_ROW, "", words, hint)


def _another_width(cells: int, width: int) -> CellError:
    words = f"has {cells:,} cells, and there are {width:,} columns"
    hint = lambda: (  # noqa: E731
        "a cell with a separator in it stands in quotes" if cells > width else "some are missing"
    )
    return CellError(WHOLE_ROW, "", words, hint)
