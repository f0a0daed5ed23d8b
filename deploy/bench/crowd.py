"""Open pages, many of them, in a process of its own: each does what `live.js` does.

It gives way to what is measured. Says a line when all are there; at the next line that it gets it
begins to count, at the one after that it tells what it has counted.
"""

import asyncio
import json
import os
import random
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from deploy.bench.wire import Stream, Wire
from shared.runtime.open_files import allow_many

NICE = 10
COMING_S = 0.005


@dataclass
class Seen:
    """By all readers together, since it was begun; `told` is (when, from, to): the positions that a
    reader was told of, `shown` those that it got to see."""

    told: list[tuple[float, int, int]] = field(default_factory=list)
    shown: list[tuple[float, int, int]] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    counts: bool = False


class Reader(Stream):
    """Without a spread that it is told it comes at once, as `live.js` does."""

    def __init__(self, seen: Seen, port: int, number: int, live: str, part: str) -> None:
        of = f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"
        super().__init__(live, of)
        self._seen, self._part = seen, part
        self._wire = Wire(port, of)
        self.position = self._shown = -1
        self._spread_s = 0.0
        self._fetched_at = 0.0
        self._etag = b""
        self._coming: asyncio.Task[None] | None = None
        self.is_there = asyncio.Event()
        self._again = False

    def told(self, kind: bytes, number: int) -> None:
        if kind == b"spread":
            self._spread_s = number / 1000
            return
        if self._seen.counts:
            self._seen.told.append((time.time(), self.position, number))
        self.position = number
        self._again = True
        if self._coming is None:
            self._coming = asyncio.create_task(self._come())

    async def _come(self) -> None:
        while self._again:
            told_at = time.time()
            rest = max(0.0, self._fetched_at + self._spread_s - told_at)
            await asyncio.sleep(rest + random.random() * self._spread_s)  # noqa: S311
            self._fetched_at, self._again, position = time.time(), False, self.position
            try:
                answer = await self._wire.get(self._part, self._etag)
            except (OSError, TimeoutError) as error:
                self._seen.answers[type(error).__name__] += 1
                continue
            self._etag = answer.etag or self._etag
            if self._seen.counts:
                self._seen.shown.append((time.time(), self._shown, position))
                self._seen.sizes.append(answer.size)
                self._seen.answers[str(answer.status)] += 1
            self._shown = position
            self.is_there.set()
        self._coming = None

    def connection_lost(self, _: Exception | None) -> None:
        self._seen.answers["stream lost"] += 1


async def crowd(port: int, readers: int, live: str, part: str) -> dict[str, Any]:
    loop, seen, lines = asyncio.get_running_loop(), Seen(), asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    there = [Reader(seen, port, number, live, part) for number in range(readers)]
    for reader in there:
        await loop.create_connection(lambda r=reader: r, "127.0.0.1", port)  # type: ignore[misc]
        await asyncio.sleep(COMING_S)
    for reader in there:
        await reader.is_there.wait()
    print("there", flush=True)  # noqa: T201
    await lines.readline()
    seen.counts, used = True, _cpu_s()
    await lines.readline()
    seen.counts = False
    return {
        "told": seen.told,
        "shown": seen.shown,
        "bytes": seen.sizes,
        "answers": seen.answers,
        "positions": [reader.position for reader in there],
        "ended": time.time(),
        "cpu_s": _cpu_s() - used,
    }


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    import uvloop

    os.nice(NICE)
    allow_many()
    port, readers, live, part = sys.argv[1:]
    print(json.dumps(uvloop.run(crowd(int(port), int(readers), live, part))), flush=True)  # noqa: T201
