"""Where a file is written to: packed, counted and with its checksum, and never in memory."""

import gzip
import hashlib
import os
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from weakref import finalize

LEVEL = 3
AT_ONCE = 64 * 1024
GZIP = 16 + zlib.MAX_WBITS


class Kept:
    """A file without a name, which is gone once nobody reads it any more."""

    def __init__(self, folder: Path | None) -> None:
        self.file: IO[bytes] = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115
        finalize(self, self.file.close)

    def packed(self) -> Iterator[bytes]:
        """Several may read at the same time."""
        offset = 0
        while part := os.pread(self.file.fileno(), AT_ONCE, offset):
            offset += len(part)
            yield part

    def unpacked(self) -> Iterator[bytes]:
        unpacking = zlib.decompressobj(GZIP)
        for part in self.packed():
            left = part
            while left:
                yield unpacking.decompress(left, AT_ONCE)
                left = unpacking.unconsumed_tail
        yield unpacking.flush()


@dataclass(frozen=True)
class Made:
    """`size` and `sha256` are of the file as it is when it is unpacked."""

    name: str
    media_type: str
    size: int
    packed_size: int
    sha256: str
    rows: int
    kept: Kept


class Sink:
    """As a file that can be written to."""

    closed = False

    def __init__(self, folder: Path | None) -> None:
        self._kept = Kept(folder)
        self._packing = gzip.GzipFile("", "wb", LEVEL, self._kept.file, mtime=0)
        self._digest, self._size = hashlib.sha256(), 0
        self._waiting = bytearray()

    def write(self, content: bytes) -> int:
        """A row is too little to be packed by itself."""
        self._waiting += content
        self._size += len(content)
        if len(self._waiting) >= AT_ONCE:
            self._pack()
        return len(content)

    def tell(self) -> int:
        return self._size

    def flush(self) -> None:
        """What waits, waits for more."""

    def made(self, name: str, media_type: str, rows: int) -> Made:
        self._pack()
        self._packing.close()
        size = os.fstat(self._kept.file.fileno()).st_size
        digest = self._digest.hexdigest()
        return Made(name, media_type, self._size, size, digest, rows, self._kept)

    def _pack(self) -> None:
        self._digest.update(self._waiting)
        self._packing.write(self._waiting)
        self._waiting.clear()
