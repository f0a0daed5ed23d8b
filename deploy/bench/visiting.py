"""Ordinary visitors of the front page, and sockets that ask for nothing."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.client import OK

from deploy.bench.wire import Wire

VISITORS_EACH_S = 20
VISITOR = "192.0.2.1"
IN_VAIN = 10**6

AT_ONCE = 64
"""Each under another address: no limit for one of them is reached."""

BEGUN = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-"
FEW = 50

Visits = Counter[int]
"""How many took so many ms; those that came to nothing `IN_VAIN`."""


async def visits(port: int, seconds: float) -> Visits:
    """At their pace whatever becomes of those before; each on a socket of its own, from the moment
    when it was to begin."""
    under_way: list[asyncio.Task[int]] = []
    began = time.monotonic()
    for number in range(int(seconds * VISITORS_EACH_S)):
        due = began + number / VISITORS_EACH_S
        await asyncio.sleep(due - time.monotonic())
        under_way.append(asyncio.create_task(_visit(port, due)))
    return Counter(await asyncio.gather(*under_way))


async def _visit(port: int, due: float) -> int:
    wire = Wire(port, VISITOR)
    try:
        answer = await wire.get("/")
    except (OSError, TimeoutError):
        return IN_VAIN
    finally:
        wire.close()
    return round(1000 * (time.monotonic() - due)) if answer.status == OK else IN_VAIN


async def pages_per_s(port: int, seconds: float) -> float:
    """Packed, over connections that stay, as many as there are."""
    ends, count = time.monotonic() + seconds, 0

    async def ask(number: int) -> None:
        nonlocal count
        wire = Wire(port, f"198.51.100.{number}")
        while time.monotonic() < ends:
            answer = await wire.get("/")
            count += answer.status == OK
        wire.close()

    await asyncio.gather(*[ask(number) for number in range(AT_ONCE)])
    return count / seconds


@asynccontextmanager
async def idle(port: int, sockets: int) -> AsyncIterator[None]:
    """Each begins a request and goes on no further."""
    loop, opened = asyncio.get_running_loop(), []
    for _ in range(sockets // FEW):
        some = [loop.create_connection(_Silent, "127.0.0.1", port) for _ in range(FEW)]
        opened += await asyncio.gather(*some, return_exceptions=True)
    try:
        yield
    finally:
        for each in opened:
            if not isinstance(each, BaseException):
                each[0].abort()


class _Silent(asyncio.Protocol):
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        transport.write(BEGUN)
