"""A row as it was read, and where it came from."""

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

from deploy.feeding.mapping.template import FILE_NAME, ROW_NUMBER, Row
from deploy.feeding.mapping.values import CellError
from deploy.given import WrongFileError

BECAUSE, FROM = "rejected_because", "rejected_from"
"""What a file of rejects has beside its rows: the reason, and file and number of the row."""

WHOLE_ROW = ""


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


def named(cells: Row) -> str:
    return f"{cells[FILE_NAME]}#{cells[ROW_NUMBER]}"


class Beside:
    """A file that gets its name only when all is in it; raises WrongFileError where one of that
    name is there already."""

    def __init__(self, path: Path) -> None:
        if path.exists():
            raise WrongFileError(f"{path} is there already; name another file for the rejects")
        if not path.parent.is_dir():
            raise WrongFileError(f"there is no folder {path.parent} for {path.name}")
        self._path = path
        self.part = path.with_name(f"{path.name}.part")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None and self.part.exists():
            os.replace(self.part, self._path)  # noqa: PTH105
        self.part.unlink(missing_ok=True)
