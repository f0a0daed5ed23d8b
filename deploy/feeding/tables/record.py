"""A row as it was read, and where it came from."""

import filecmp
import gzip
import io
import os
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkstemp
from typing import IO, Any, Protocol

from deploy.given import WrongFileError
from shared.mapping.cells import CellError
from shared.mapping.template import FILE_NAME, ROW_NUMBER, Row

BECAUSE, FROM = "rejected_because", "rejected_from"
"""What a file of rejects has beside its rows: the reason, and file and number of the row."""

WHOLE_ROW = ""
_NO_TEXT = re.compile("[\ud800-\udfff]")


@dataclass(slots=True)
class Record:
    """`cells` holds the wanted columns and what a template may name beside them; `raw` is what a
    file of rejects wants; `wrong` says why it is no row."""

    line: int
    cells: Row
    raw: Any
    wrong: CellError | None = None


class Rejects(Protocol):
    """Takes the rows that are left out. Used as a context; where no row is, there is no file."""

    def add(self, record: Record, because: str) -> None: ...


class Table(Protocol):
    """`columns` are those of every row, None where each row has its own; `unit` is what its rows
    are counted by in messages: line or row."""

    @property
    def path(self) -> Path: ...

    @property
    def columns(self) -> Sequence[str] | None: ...

    @property
    def unit(self) -> str: ...

    def described(self) -> str: ...

    def records(self, wanted: Collection[str]) -> Iterator[Record]:
        """Raises WrongFileError where the file can't be read on."""
        ...

    def share_read(self) -> float:
        """From 0 to 1."""
        ...

    def rejects(self, path: Path) -> AbstractContextManager[Rejects]: ...


class Origin:
    """What a row is called: file and number, or those that a file of rejects bears."""

    def __init__(self, path: Path) -> None:
        self._file = path.name

    def of(self, number: int, rejected_from: str = "") -> Row:
        file, _, of = rejected_from.rpartition("#")
        if file and of.isdecimal():
            return {ROW_NUMBER: of, FILE_NAME: file}
        return {ROW_NUMBER: str(number), FILE_NAME: self._file}


def no_text(cells: Row, encoding: str) -> CellError | None:
    """Halves of signs: bytes that could not be read, or a sign that is escaped by one half only."""
    if "".join(cells.values()).isascii():
        return None
    for column, cell in cells.items():
        if _NO_TEXT.search(cell):
            shown = _NO_TEXT.sub("�", cell)
            return CellError(column, shown, f"holds bytes that are no text in {encoding}")
    return None


def named(cells: Row) -> str:
    return f"{cells[FILE_NAME]}#{cells[ROW_NUMBER]}"


class Beside:
    """A file that gets its name only when all is in it, and that others can't read: it holds what
    people wrote. The same one may be there from before.

    Raises WrongFileError where another one is."""

    def __init__(self, path: Path) -> None:
        if not path.parent.is_dir():
            raise WrongFileError(f"there is no folder {path.parent} for {path.name}")
        self._path = path
        self._part: Path | None = None
        self._raw: IO[bytes] | None = None

    def part(self) -> Path:
        """Where it is written until then; a new one, for a name that follows from the file's may
        be that of the file which is read."""
        if self._part is None:
            descriptor, name = mkstemp(".part", "tribune-rejects-", self._path.parent)
            os.close(descriptor)
            self._part = Path(name)
        return self._part

    def open(self, encoding: str, errors: str) -> IO[str]:
        """To write texts, packed if its name says so; the same texts make the same bytes."""
        if self._path.suffix != ".gz":
            return self.part().open("w", encoding=encoding, errors=errors, newline="")
        self._raw = self.part().open("wb")
        packed = gzip.GzipFile("", "wb", mtime=0, fileobj=self._raw)
        return io.TextIOWrapper(packed, encoding=encoding, errors=errors, newline="")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Raises WrongFileError where it can't be, as on a full disk."""
        try:
            yield
        except OSError as error:
            said = error.strerror or error
            raise WrongFileError(f"{self._path} can't be written: {said}") from error

    def done(self, kind: type[BaseException] | None, close: Callable[[], object]) -> None:
        """`close` writes the last of it."""
        try:
            if kind is not None:
                with suppress(OSError):  # a full disk takes the last no more than the first
                    self._close(close)
                return
            with self.writing():
                self._close(close)
            if self._part is None:
                return
            if not self._path.exists():
                self._part.replace(self._path)
            elif not filecmp.cmp(self._part, self._path, shallow=False):
                raise WrongFileError(
                    f"{self._path} is there already and holds something else; name another file"
                )
        finally:
            if self._part:
                self._part.unlink(missing_ok=True)

    def _close(self, close: Callable[[], object]) -> None:
        try:
            close()
        finally:
            if self._raw:
                self._raw.close()
