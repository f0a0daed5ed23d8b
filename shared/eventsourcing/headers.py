"""The headers of a message as they came, read only when somebody asks for one."""

from collections.abc import ItemsView, Iterator, Mapping
from typing import Any

_FIRST_LINE = len(b"NATS/1.0\r\n")


def read_headers(lines: bytes) -> dict[str, str]:
    """All in one go; bytes that are no UTF-8 are replaced, and of two with one name the last
    counts. Line by line: a pattern that searches took minutes for lines without a colon."""
    found = {}
    for line in lines[_FIRST_LINE:].decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(":")
        if colon and name:
            found[name] = value.lstrip(" \t")
    return found


class HeaderLines(Mapping[str, str]):
    """`lines` are the bytes from the wire, the first line included."""

    __slots__ = ("_read", "lines")

    def __init__(self, lines: bytes) -> None:
        self.lines = lines
        self._read: dict[str, str] | None = None

    @property
    def is_read(self) -> bool:
        return self._read is not None

    @property
    def read(self) -> dict[str, str]:
        if self._read is None:
            self._read = read_headers(self.lines)
        return self._read

    def __getitem__(self, name: str) -> str:
        return self.read[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self.read.get(name, default)

    def items(self) -> ItemsView[str, str]:
        return self.read.items()

    def __iter__(self) -> Iterator[str]:
        return iter(self.read)

    def __len__(self) -> int:
        return len(self.read)


def header(headers: Mapping[str, str], name: str) -> str:
    """One of them alone, `""` if it is not there: lines that nobody has read stay unread."""
    if isinstance(headers, HeaderLines) and not headers.is_read:
        lines = headers.lines
        if lines[_FIRST_LINE - 2 : _FIRST_LINE] == b"\r\n":
            return _found(lines, name)
    return headers.get(name, "")


def _found(lines: bytes, name: str) -> str:
    """What `read_headers` finds; `name` has no colon."""
    before = f"\r\n{name}:".encode()
    at = lines.rfind(before, _FIRST_LINE - 2)
    if at < 0:
        return ""
    start = at + len(before)
    end = lines.find(b"\r\n", start)
    value = lines[start:] if end < 0 else lines[start:end]
    return value.decode("utf-8", "replace").lstrip(" \t")
