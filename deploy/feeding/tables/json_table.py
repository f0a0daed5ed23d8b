"""Objects of a file of JSON Lines, one in each line; a column is the way to a value in it."""

import json
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Self

from deploy.feeding.tables.content import Content
from deploy.feeding.tables.record import BECAUSE, FROM, WHOLE_ROW, Beside, Origin, Record, named
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
                    record.cells = self._cells(found, wanted, origin.of(number, _from(found)))
                else:
                    record.wrong = _wrong(said, "is no JSON object")
            except ValueError as error:
                record.wrong = _wrong(said, f"is no JSON: {error}")
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
        return JsonRejects(path)


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


def _from(found: dict[str, Any]) -> str:
    told = found.get(FROM)
    return told if isinstance(told, str) else ""


def _wrong(said: str, words: str) -> CellError:
    return CellError(WHOLE_ROW, said.strip()[:80], words)


class JsonRejects:
    """The object with reason and origin beside its own keys; a line that is none as a text."""

    def __init__(self, path: Path) -> None:
        self._beside = Beside(path)
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        return self

    def add(self, record: Record, because: str) -> None:
        told = {BECAUSE: because, FROM: named(record.cells)}
        with self._beside.writing():
            if self._file is None:
                self._file = self._beside.open("utf-8", "replace")
            line = _with(told, record.raw.rstrip("\r\n"))
            self._file.write(f"{line}\n")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._beside.done(kind, self._file.close if self._file else lambda: None)


def _with(told: dict[str, str], line: str) -> str:
    """Numbers stay as they are written: they may be keys. It may have been rejected before."""
    found: Any = None
    with suppress(ValueError, RecursionError):
        found = json.loads(line, parse_int=str, parse_float=str)
    if not isinstance(found, dict):
        return _object({RAW: line} | told)
    before = {name: found[name] for name in told if name in found}
    start, end = line.rstrip(), _object(before)[1:]
    start = start.removesuffix(end) if before and start.endswith(end) else start[:-1]
    start = start.rstrip().removesuffix(",")
    return f"{start}{'' if start.strip() == '{' else ', '}{_object(told)[1:]}"


def _object(found: dict[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False)
