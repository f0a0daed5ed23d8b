"""Reads a form in parts with python-multipart: its texts, and nothing of its files."""

import logging
from collections.abc import Callable

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

LONGEST_NAME = 200

_SILENT = logging.getLogger(f"{__name__}.silent")
_SILENT.disabled = True
"""The library's own tells what was sent."""

Parts = list[tuple[str, str]]


class WrongPartsError(Exception):
    """Says why, without repeating any of it."""


class _Reading:
    def __init__(self, most: int) -> None:
        self._most = most
        self.parts: Parts = []
        self.is_whole = False
        self._count = 0
        self._begin()

    def _begin(self) -> None:
        self._header, self._value = bytearray(), bytearray()
        self._disposition, self._text = b"", bytearray()
        self._count += 1
        if self._count - 1 > self._most:
            raise WrongPartsError(f"A form has at most {self._most} fields.")

    def _header_ends(self) -> None:
        if self._header.lower() == b"content-disposition":
            self._disposition = bytes(self._value)
        self._header, self._value = bytearray(), bytearray()

    def _part_ends(self) -> None:
        _, said = parse_options_header(self._disposition.decode("latin-1"))
        name = said.get(b"name")
        if name is None or len(name) > LONGEST_NAME:
            raise WrongPartsError("A part of the form has no name.")
        if b"filename" in self._disposition.lower():
            return
        try:
            self.parts.append((name.decode(), self._text.decode()))
        except UnicodeDecodeError:
            raise WrongPartsError("A part of the form is no text in UTF-8.") from None

    def _end(self) -> None:
        self.is_whole = True

    def parser(self, boundary: bytes) -> MultipartParser:
        def into(which: str) -> Callable[[bytes, int, int], None]:
            return lambda data, start, end: getattr(self, which).extend(data[start:end])

        return MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": into("_header"),
                "on_header_value": into("_value"),
                "on_header_end": self._header_ends,
                "on_part_data": into("_text"),
                "on_part_end": self._part_ends,
                "on_end": self._end,
            },
        )


def in_parts(content_type: str, body: bytes, most: int) -> Parts:
    """Files are not taken, and nothing is kept of them. Raises WrongPartsError."""
    _, options = parse_options_header(content_type)
    boundary = options.get(b"boundary")
    if not boundary:
        raise WrongPartsError("The Content-Type names no boundary between the parts.")
    reading = _Reading(most)
    try:
        parser = reading.parser(boundary)
        parser.logger = _SILENT
        parser.write(body)
    except FormParserError:
        raise WrongPartsError("The body is no form in parts, as its Content-Type says.") from None
    if not reading.is_whole:
        raise WrongPartsError("The parts of the form have no end.")
    return reading.parts
