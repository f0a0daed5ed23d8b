"""Reads TOML so that every key has its line, and every key that stands there twice is told."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

Key = tuple[str | int, ...]
"""The way to a value: names, and numbers in an array of tables."""

_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_LONG = re.compile(r"\d[\d_]{4000,}")
LONGEST_SHOWN = 20
_MORE_MAY_COME = "(at end of document)"


LONGEST_STATEMENT = 200
DEEPEST = 100
"""What takes such a file apart calls itself at each level."""


@dataclass
class Document:
    """`problems` are lines with words; `data` is what could be read beside them."""

    text: str
    data: dict[str, Any] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)

    def line(self, key: Key) -> int | None:
        """That of the key, or of the nearest table around it."""
        while key and key not in self._index.lines:
            key = key[:-1]
        return self._index.lines.get(key)

    @cached_property
    def _index(self) -> "_Index":
        """Made only when somebody asks: it takes far longer than reading."""
        return _Index(self.text.split("\n"))

    def read_what_can_be(self) -> None:
        self.problems += self._index.problems
        without = "\n".join(self._index.sound)
        try:
            self.data = _loads(without)
        except tomllib.TOMLDecodeError as error:
            where = _WHERE.search(str(error))
            line = int(where[1]) if where and where[1] else without.count("\n") + 1
            self.problems.append((line, _told(error)))


def read_toml(text: str) -> Document:
    """What is no TOML is left out, and what stands twice counts as it stood first: tomllib alone
    would stop at either."""
    document = Document(text.replace("\r\n", "\n"))
    try:
        document.data = _loads(document.text)
    except tomllib.TOMLDecodeError:
        document.read_what_can_be()
    return document


@dataclass(frozen=True)
class _Statement:
    """One key with its value, or the head of a table; most are one line, some are several.

    `wrong` says why it is none.
    """

    first: int
    last: int
    found: dict[str, Any]
    head: str = ""
    wrong: str = ""


class _Index:
    """The line of every key; what is wrong, and the lines without it, each in its place."""

    def __init__(self, lines: list[str]) -> None:
        self.lines: dict[Key, int] = {}
        self.problems: list[tuple[int, str]] = []
        self.sound = list(lines)
        self._table: Key = ()
        self._tables: Counter[Key] = Counter()
        self._arrays: set[Key] = set()
        self._skipping = False
        for statement in _statements(lines):
            wrong = statement.wrong or self._take(statement)
            if wrong:
                self.problems.append((statement.first, wrong))
            if wrong or self._skipping:
                count = statement.last - statement.first + 1
                self.sound[statement.first - 1 : statement.last] = [""] * count

    def _take(self, statement: _Statement) -> str:
        """What is wrong with it, if anything is."""
        keys = list(_keys(statement.found))
        if statement.head:
            name = self._in_the_last(keys[-1])
            self._skipping = statement.head == "[" and self._tables[name] > 0
            self._table = name if statement.head == "[" else (*name, self._tables[name])
            self._tables[name] += 1
            if statement.head == "[[":
                self._arrays.add(name)
                self.lines.setdefault(name, statement.first)
            keys = [()]
        full = [(*self._table, *key) for key in keys]
        again = self._skipping if statement.head else full and full[-1] in self.lines
        if again and (statement.head or not self._skipping):
            key = full[-1]
            return f'"{key[-1]}" stands here again; it stood in line {self.lines[key]} already'
        for key in full:
            self.lines.setdefault(key, statement.first)
        return ""

    def _in_the_last(self, name: Key) -> Key:
        """`[event.data]` is about the last `[[event]]` before it."""
        full: Key = ()
        for part in name:
            if full in self._arrays:
                full = (*full, self._tables[full] - 1)
            full = (*full, part)
        return full


def _statements(lines: list[str]) -> Iterator[_Statement]:
    """A statement ends where tomllib can read it by itself."""
    first = 0
    while first < len(lines):
        start = lines[first].lstrip()
        head = "[[" if start.startswith("[[") else "[" if start.startswith("[") else ""
        statement = _Statement(first + 1, first + 1, {})
        for last in range(first, min(first + LONGEST_STATEMENT, len(lines))):
            try:
                found = _loads("\n".join([*lines[first : last + 1], ""]))
            except tomllib.TOMLDecodeError as error:
                statement = _Statement(first + 1, last + 1, {}, wrong=_told(error))
                if not str(error).endswith(_MORE_MAY_COME):
                    break
            else:
                statement = _Statement(first + 1, last + 1, found, head if found else "")
                break
        else:  # it never ends, and so takes in all that follows
            statement = replace(statement, last=len(lines))
        yield statement
        first = statement.last


def _loads(text: str) -> dict[str, Any]:
    try:
        found = tomllib.loads(text)
    except RecursionError:
        raise tomllib.TOMLDecodeError("Nested too deeply") from None
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:  # Python reads no number that is longer
        long = _LONG.search(text)
        shown = f"{long[0][:LONGEST_SHOWN]}… " if long else ""
        raise tomllib.TOMLDecodeError(f"{shown}has too many digits") from None
    if _is_deep(found):
        raise tomllib.TOMLDecodeError("Nested too deeply")
    return found


def _is_deep(found: dict[str, Any]) -> bool:
    level: list[Any] = [found]
    for _ in range(DEEPEST):
        each = [one.values() if isinstance(one, dict) else one for one in level]
        level = [inner for one in each for inner in one if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def _told(error: tomllib.TOMLDecodeError) -> str:
    said = _WHERE.sub("", str(error))
    hint = '; a text stands in "quotes"' if said == "Invalid value" else ""
    return f"this is no TOML: {said}{hint}"


def _keys(found: Any, above: Key = ()) -> Iterator[Key]:
    """Every key with all that is above it, the innermost last."""
    inner = found[0] if above and isinstance(found, list) and found else found
    if isinstance(inner, dict):
        for name, value in inner.items():
            yield (*above, name)
            yield from _keys(value, (*above, name))
