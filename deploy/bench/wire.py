"""HTTP as cheap as a load generator needs it: one request at a time on a socket that stays."""

import asyncio
import gzip
import re
from dataclasses import dataclass

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
ETAG = re.compile(rb"\r\netag: ([^\r]+)", re.IGNORECASE)
PACKED = re.compile(rb"\r\ncontent-encoding: gzip", re.IGNORECASE)
HEAD_ENDS = b"\r\n\r\n"
ANSWERED_WITHIN_S = 30.0


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    etag: bytes
    size: int
    """Of all that came, head and body."""

    @property
    def text(self) -> str:
        return (gzip.decompress(self.body) if self.body[:2] == b"\x1f\x8b" else self.body).decode()


class Wire(asyncio.Protocol):
    """`of` is the address that a proxy would say it speaks for: limits count by it."""

    def __init__(self, port: int, of: str) -> None:
        self._port = port
        self._of = of.encode()
        self._transport: asyncio.Transport | None = None
        self._heard = bytearray()
        self._waiting: asyncio.Future[Answer] | None = None

    async def get(self, path: str, etag: bytes = b"") -> Answer:
        """Raises OSError, TimeoutError."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(ANSWERED_WITHIN_S):
            transport = self._transport
            if transport is None:
                transport, _ = await loop.create_connection(lambda: self, "127.0.0.1", self._port)
            self._heard.clear()
            self._waiting = loop.create_future()
            transport.write(request(path, self._of, etag))
            return await self._waiting

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, ends, body = self._heard.partition(HEAD_ENDS)
        if not ends or self._waiting is None or self._waiting.done():
            return
        told = LENGTH.search(head)
        if len(body) >= (int(told[1]) if told else 0):
            etag, size = ETAG.search(head), len(self._heard)
            answer = Answer(int(head[9:12]), bytes(body), etag[1] if etag else b"", size)
            self._waiting.set_result(answer)


class Stream(asyncio.Protocol):
    """An event stream: calls `told` with each kind of event and its number."""

    EVENT = re.compile(rb"event: (\w+)\ndata: (\d+)\n\n")

    def __init__(self, path: str, of: str) -> None:
        self._path, self._of = path, of
        self._heard = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self.transport = transport
        transport.write(request(self._path, self._of.encode()))

    def data_received(self, data: bytes) -> None:
        self._heard += data
        ended = 0
        for event in self.EVENT.finditer(self._heard):
            self.told(event[1], int(event[2]))
            ended = event.end()
        self._heard = self._heard[ended:][-200:]

    def told(self, kind: bytes, number: int) -> None:
        raise NotImplementedError


def request(path: str, of: bytes, etag: bytes = b"") -> bytes:
    known = b"If-None-Match: " + etag + b"\r\n" if etag else b""
    return (
        b"GET " + path.encode() + b" HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: */*\r\n"
        b"Accept-Encoding: gzip\r\nX-Forwarded-For: " + of + b"\r\n" + known + b"\r\n"
    )
