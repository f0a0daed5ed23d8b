"""The bytes of a file, unpacked where it is packed by gzip; other packings are told by name."""

import gzip
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from deploy.given import WrongFileError
from shared.runtime.sizes import in_words

GZIP = b"\x1f\x8b"
PARQUET = b"PAR1"
NOT_READ = {
    b"PK\x03\x04": "a ZIP archive, as .xlsx and .ods are; save the sheet as CSV, or unpack it",
    b"\xd0\xcf\x11\xe0": "an old office file; save the sheet as CSV",
    b"BZh": "packed by bzip2; unpack it, or pack it by gzip",
    b"\xfd7zXZ": "packed by xz; unpack it, or pack it by gzip",
    b"\x28\xb5\x2f\xfd": "packed by zstd; unpack it, or pack it by gzip",
    b"SQLite format 3": "an SQLite database; export the table as CSV",
    b"%PDF": "a PDF",
}
LONGEST_HEAD = 16
LONGEST_LINE = 8 << 20
_LIST = re.compile(rb'"([^"\\\\]+)"\s*:\s*\[\s*\{')
A_PIECE = 1 << 20


class Content:
    """Gone through several times. Raises WrongFileError where there is nothing in it, or nothing
    that could be rows, and where it is another one by the next time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        found = path.stat()
        self._size, self._stamp = found.st_size, _stamp(found)
        with path.open("rb") as file:
            head = file.read(LONGEST_HEAD)
        if not head:
            raise WrongFileError(f"{path} is empty")
        self.is_gzip = head.startswith(GZIP)
        if path.suffix == ".gz" and not self.is_gzip:
            raise WrongFileError(
                f"{path} is no gzip file; take .gz off its name if it is not packed"
            )
        self._raw: IO[bytes] | None = None
        if self.is_gzip:
            with self.open() as unpacked:
                head = unpacked.read(LONGEST_HEAD)
            if not head:
                raise WrongFileError(f"{path} is empty: nothing is packed in it")
        for sign, words in NOT_READ.items():
            if head.startswith(sign):
                raise WrongFileError(f"{path} is {words}")
        self.is_parquet = head.startswith(PARQUET)

    def open(self) -> IO[bytes]:
        """From its beginning."""
        self._raw = raw = self.path.open("rb")
        try:
            self._require_same(raw)
        except WrongFileError:
            raw.close()
            raise
        if self.is_gzip:
            return io.BufferedReader(gzip.GzipFile(fileobj=self._raw), A_PIECE)
        return self._raw

    def _require_same(self, raw: IO[bytes]) -> None:
        if _stamp(os.fstat(raw.fileno())) != self._stamp:
            raise WrongFileError(
                f"{self.path} has changed while it was read, and nothing was sent; publish it again"
                " once it is whole"
            )

    def text(self, encoding: str) -> io.TextIOWrapper:
        """Bytes that are no text stay what they are, to be told by their row."""
        return io.TextIOWrapper(self.open(), encoding, errors="surrogateescape", newline="")

    def lines(self, encoding: str) -> Iterator[str]:
        """From its beginning, with their ends. Raises WrongFileError where one is larger than any
        row should be, and at the end where it was still being written: its last row may be half a
        row, with half a key."""
        with self.text(encoding) as text:
            raw = self._raw
            for number, line in enumerate(iter(lambda: text.readline(LONGEST_LINE + 1), ""), 1):
                if len(line) > LONGEST_LINE:
                    raise WrongFileError(
                        f"{self.path}, line {number:,}: it has more than {in_words(LONGEST_LINE)},"
                        " and so is no row"
                    )
                yield line
            if raw is not None:
                self._require_same(raw)

    def refuse_one_line(self) -> None:
        """A line is held as a whole. Raises WrongFileError where the first is larger than any row
        should be."""
        with self.open() as file:
            head = file.read(LONGEST_LINE + 1)
        if len(head) <= LONGEST_LINE or b"\n" in head or b"\r" in head:
            return
        start = head[:A_PIECE].lstrip(b"\xef\xbb\xbf \t")
        raise WrongFileError(
            f"{self.path}: its first line has more than {in_words(LONGEST_LINE)}, and so is no row"
            + (_of_json(self.path, start) if start[:1] in (b"[", b"{") else "")
        )

    def share_read(self) -> float:
        if self._raw is None or self._raw.closed:
            return 1.0
        return self._raw.tell() / self._size


def _stamp(found: os.stat_result) -> tuple[int, ...]:
    """Another one has another."""
    return (found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


def _of_json(path: Path, start: bytes) -> str:
    """What to do with one large document, as GeoJSON is."""
    found = _LIST.search(start) if start.startswith(b"{") else None
    way = f".{found[1].decode(errors='replace')}" if found else "."
    return (
        f"; it is one JSON document, and JSON Lines have one object in each line. For a list of"
        f" objects `jq -c '{way}[]' {path.name}` prints them so"
    )
