"""Objects of a file of JSON Lines, one in each line; a column is the way to a value in it."""

import json
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Self

from deploy.feeding.tables.content import Content
from deploy.feeding.tables.record import (
    BECAUSE,
    FROM,
    WHOLE_ROW,
    Beside,
    Origin,
    Record,
    named,
    no_text,
)
from deploy.given import WrongFileError
from shared.mapping.cells import CellError
from shared.mapping.language import FileShape
from shared.mapping.objects import text_of, value_at
from shared.mapping.template import Row

RAW = "rejected_line"


class JsonTable:
    """Raises WrongFileError where it is one JSON document instead of many lines."""

    unit = "line"
    columns = None

    def __init__(
        self, content: Content, shape: FileShape, encoding: str, wanted: Collection[str] = ()
    ) -> None:
        self.path = content.path
        self._content = content
        self._encoding = encoding
        self._nothing = set(shape.empty)
        lines = (line.strip() for line in content.lines(encoding) if line.strip())
        first, another = next(lines, ""), next(lines, "")
        list_in = "" if another else _list_in(first, wanted)
        if first.startswith("[") or first == "{" or list_in:
            raise WrongFileError(
                f"{self.path} is one JSON document; JSON Lines have one object in each line. For a"
                f" list of objects `jq -c '.{list_in}[]' {self.path.name}` prints them so"
            )

    def described(self) -> str:
        return f"JSON Lines in {self._encoding}"

    def share_read(self) -> float:
        return self._content.share_read()

    def records(self, wanted: Collection[str]) -> Iterator[Record]:
        origin, number = Origin(self.path), 0
        for line, said in enumerate(self._content.lines(self._encoding), 1):
            if not said.strip():
                continue
            number += 1
            record = Record(line, origin.of(number), said)
            try:
                found = json.loads(said, parse_int=str, parse_float=str)
                if isinstance(found, dict):
                    cells = origin.of(number, str(found.get(FROM, "")))
                    record.cells = self._cells(found, wanted, cells)
                    record.wrong = no_text(record.cells, self._encoding)
                else:
                    record.wrong = _wrong(said, "is no JSON object")
            except ValueError as error:
                record.wrong = _wrong(said, f"is no JSON: {_without_place(error)}")
            except RecursionError:
                record.wrong = _wrong(said, "is nested too deeply")
            yield record

    def _cells(self, found: dict[str, Any], wanted: Collection[str], cells: Row) -> Row:
        """Raises RecursionError."""
        for name in wanted:
            cell = text_of(value_at(found, name))
            cells[name] = "" if cell in self._nothing else cell
        return cells

    def rejects(self, path: Path) -> "JsonRejects":
        return JsonRejects(path, self._encoding)


def _list_in(line: str, wanted: Collection[str]) -> str:
    """The way to the only list of objects in an object, as services answer, where nothing that is
    wanted is in the object itself; else empty."""
    with suppress(ValueError, RecursionError):
        found = json.loads(line)
        if isinstance(found, dict) and wanted and not any(value_at(found, way) for way in wanted):
            lists = [name for name, value in found.items() if _is_of_objects(value)]
            return f"[{json.dumps(lists[0])}]" if len(lists) == 1 else ""
    return ""


def _is_of_objects(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) for one in value)


def _without_place(error: ValueError) -> str:
    """It counts lines within this one, which is alone."""
    if not isinstance(error, json.JSONDecodeError):
        return str(error)
    at_end = error.pos >= len(error.doc.rstrip())
    return f"{error.msg} {'where the line ends' if at_end else f'at its sign {error.pos + 1:,}'}"


def _wrong(said: str, words: str) -> CellError:
    return CellError(WHOLE_ROW, said.strip()[:80], words)


class JsonRejects:
    """The object as it is written, with reason and origin behind its own keys, where the last of
    those that stand twice counts; a line that is none as a text. In the file's own encoding."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._beside = Beside(path)
        self._encoding = encoding
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        return self

    def add(self, record: Record, because: str) -> None:
        line = self._line(record.raw.rstrip("\r\n"), {BECAUSE: because, FROM: named(record.cells)})
        with self._beside.writing():
            if self._file is None:
                self._file = self._beside.open(self._encoding, "surrogateescape")
            self._file.write(f"{line}\n")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._beside.done(kind, self._file.close if self._file else lambda: None)

    def _line(self, said: str, beside: dict[str, str]) -> str:
        """Numbers stay as they are written: they may be keys."""
        found: Any = None
        with suppress(ValueError, RecursionError):
            found = json.loads(said, parse_int=str)
        if not isinstance(found, dict):
            return self._written({RAW: said} | beside)
        start = said.rstrip()[:-1].rstrip()
        return f"{start}{', ' if found else ''}{self._written(beside)[1:]}"

    def _written(self, found: dict[str, str]) -> str:
        text = json.dumps(found, ensure_ascii=False)
        try:
            text.encode(self._encoding, "surrogateescape")
        except UnicodeError:  # a file's name may have signs that its texts can't have
            return json.dumps(found)
        return text
