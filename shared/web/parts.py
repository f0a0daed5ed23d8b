"""Reads a form in parts with python-multipart: its texts, and its files where somebody wants them.

Of a file neither its name nor what its sender says of its type is read: both say what they like.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

LONGEST_NAME = 200
LONGEST_HEADER = 4096
MOST_TEXT = 64 * 1024

_SILENT = logging.getLogger(f"{__name__}.silent")
_SILENT.disabled = True
"""The library's own tells what was sent."""

Parts = list[tuple[str, str]]


class WrongPartsError(Exception):
    """Says why, without repeating any of it."""


@dataclass(frozen=True)
class FileLimits:
    """`count` files of `each` bytes, of `whole` bytes together."""

    count: int
    each: int
    whole: int


NO_FILES = FileLimits(0, 0, 0)


@dataclass
class InParts:
    """`files` as they came, but None for what is larger than it may be; `left_out` says that there
    were more files, or more bytes of them, than are taken at once."""

    texts: Parts = field(default_factory=list)
    files: list[bytes | None] = field(default_factory=list)
    left_out: bool = False


class _Reading:
    def __init__(self, most: int, limits: FileLimits) -> None:
        self._most, self._limits = most, limits
        self.found = InParts()
        self.is_whole, self.has_file = False, False
        self._count = self._held = self._said = 0
        self._begin()

    def _begin(self) -> None:
        self._header, self._value = bytearray(), bytearray()
        self._disposition, self._text = b"", bytearray()
        self._is_file, self._size = False, 0
        self._count += 1
        if self._count - 1 > self._most:
            raise WrongPartsError(f"A form has at most {self._most} fields.")

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header.extend(data[start:end])
        self._require_short(self._header)

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value.extend(data[start:end])
        self._require_short(self._value)

    def _require_short(self, header: bytearray) -> None:
        if len(header) > LONGEST_HEADER:
            raise WrongPartsError("A part of the form has too long a header.")

    def _header_ends(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
            self._is_file = b"filename" in self._disposition.lower()
        self._header, self._value = bytearray(), bytearray()

    def _data(self, data: bytes, start: int, end: int) -> None:
        size = end - start
        self._size += size
        if not self._is_file:
            self._said += size
            if self._said > MOST_TEXT:
                raise WrongPartsError("The texts of the form are too long.")
        elif not self._takes(size):
            return
        self._text.extend(data[start:end])

    def _takes(self, size: int) -> bool:
        """Nothing more is kept of what is too large."""
        limits = self._limits
        if not limits.count:
            return False
        self.has_file = True
        if self._size > limits.each:
            self._held -= len(self._text)
            self._text = bytearray()
            return False
        if len(self.found.files) >= limits.count or self._held + size > limits.whole:
            self.found.left_out = True
            return False
        self._held += size
        return True

    def _part_ends(self) -> None:
        _, said = parse_options_header(self._disposition.decode("latin-1"))
        name = said.get(b"name")
        if name is None or len(name) > LONGEST_NAME:
            raise WrongPartsError("A part of the form has no name.")
        if self._is_file:
            self._file_ends()
            return
        try:
            self.found.texts.append((name.decode(), self._text.decode()))
        except UnicodeDecodeError:
            raise WrongPartsError("A part of the form is no text in UTF-8.") from None

    def _file_ends(self) -> None:
        """Where nothing was chosen browsers send an empty one."""
        if not self._size or len(self.found.files) >= self._limits.count:
            return
        if self._size > self._limits.each:
            self.found.files.append(None)
        elif len(self._text) == self._size:
            self.found.files.append(bytes(self._text))
        self._text = bytearray()

    def _end(self) -> None:
        self.is_whole = True

    def parser(self, boundary: bytes) -> MultipartParser:
        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_ends,
                "on_part_data": self._data,
                "on_part_end": self._part_ends,
                "on_end": self._end,
            },
        )


class PartsReader:
    """What came so far is in `found`. Raises WrongPartsError."""

    def __init__(self, content_type: str, most: int, limits: FileLimits = NO_FILES) -> None:
        _, options = parse_options_header(content_type)
        boundary = options.get(b"boundary")
        if not boundary:
            raise WrongPartsError("The Content-Type names no boundary between the parts.")
        self._reading = _Reading(most, limits)
        try:
            self._parser = self._reading.parser(boundary)
        except FormParserError:
            raise WrongPartsError(_NO_FORM) from None
        self._parser.logger = _SILENT

    @property
    def found(self) -> InParts:
        return self._reading.found

    @property
    def has_file(self) -> bool:
        """Whether a file has begun to come."""
        return self._reading.has_file

    def write(self, data: bytes) -> None:
        try:
            self._parser.write(data)
        except FormParserError:
            raise WrongPartsError(_NO_FORM) from None

    def end(self) -> InParts:
        if not self._reading.is_whole:
            raise WrongPartsError("The parts of the form have no end.")
        return self.found


_NO_FORM = "The body is no form in parts, as its Content-Type says."


def in_parts(content_type: str, body: bytes, most: int) -> Parts:
    """Files are not taken, and nothing is kept of them. Raises WrongPartsError."""
    reader = PartsReader(content_type, most)
    reader.write(body)
    return reader.end().texts


async def read_parts(
    request: Request,
    most: int,
    limits: FileLimits,
    first_file: Callable[[Parts], Awaitable[None]],
) -> InParts:
    """As it comes. `first_file` is asked before any more is read once a file begins, with the texts
    that came before it; what it raises goes through. Raises WrongPartsError."""
    reader = PartsReader(request.headers.get("Content-Type", ""), most, limits)
    is_asked = False
    async for data in request.stream():
        reader.write(data)
        if reader.has_file and not is_asked:
            is_asked = True
            await first_file(reader.found.texts)
    return reader.end()
