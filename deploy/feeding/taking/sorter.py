"""Sorts any number of lines in little memory: in pieces on the disk, which are merged."""

import gzip
from collections.abc import Iterable, Iterator
from contextlib import suppress
from heapq import merge
from io import BufferedReader
from tempfile import TemporaryFile, gettempdir
from typing import IO

from deploy.given import WrongFileError

PIECE = 8 << 20
"""Bytes that are held in memory."""

OF_A_LINE = 60
"""What Python needs for one besides its bytes."""

MOST_PIECES = 32
FAST = 1


class Sorter:
    """Lines are bytes without line breaks; gone through once, after the last was added.

    Its files have no names: whatever happens to this process, nothing stays of them.
    """

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._held = 0
        self._pieces: list[IO[bytes]] = []

    def add(self, line: bytes) -> None:
        self._lines.append(line)
        self._held += len(line) + OF_A_LINE
        if self._held > PIECE:
            self._lines.sort()
            self._put_away(self._lines)
            self._lines, self._held = [], 0

    def __iter__(self) -> Iterator[bytes]:
        self._lines.sort()
        return merge(*map(_lines_of, self._pieces), self._lines)

    def close(self) -> None:
        for piece in self._pieces:
            with suppress(OSError):
                piece.close()

    def _put_away(self, lines: Iterable[bytes]) -> None:
        if len(self._pieces) >= MOST_PIECES:
            first, self._pieces = self._pieces, []
            self._put_away(merge(*map(_lines_of, first)))
            for piece in first:
                piece.close()
        try:
            piece = TemporaryFile(prefix="tribune-publish-")  # noqa: SIM115  closed by close
            with gzip.GzipFile(fileobj=piece, mode="wb", compresslevel=FAST) as packed:
                for line in lines:
                    packed.write(line + b"\n")
        except OSError as error:
            raise WrongFileError(
                f"large files are sorted in {gettempdir()}, and that can't be written:"
                f" {error.strerror or error}; TMPDIR names another folder"
            ) from error
        self._pieces.append(piece)


def _lines_of(piece: IO[bytes]) -> Iterator[bytes]:
    piece.seek(0)
    for line in BufferedReader(gzip.GzipFile(fileobj=piece)):
        yield line[:-1]
