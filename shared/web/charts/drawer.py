"""Has charts drawn by a process of its own, and keeps them: the same figures, the same chart."""

import json
import os
import select
import subprocess
import sys
import time
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from threading import Lock

import structlog

from shared.web.charts.frame import Spec
from shared.web.charts.tame import UntameError, tamed

PROJECT = Path(__file__).parents[3]
PROGRAM = "shared.web.charts.program"
PATIENCE_S, WITHIN_S = 5.0, 20.0
"""Whoever waits for charts, and the longest that one may take: the first is for beginning, too."""
MOST_KEPT, MOST_SIGNS, MOST_WAIT = 400, 20_000_000, 40
"""The signs are of all charts that are kept: one of a large country has hundreds of thousands, and
anybody asks for as many as there are cuts."""


class Drawer:
    """`turn` goes up where somebody went without a chart that is there now, or for which there is
    room to wait now."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self.turn = 0
        self._patience_s = patience_s
        self._one = ThreadPoolExecutor(1, "charts")
        self._lock = Lock()
        self._kept: OrderedDict[bytes, str] = OrderedDict()
        self._signs = 0
        self._has_refused = False
        self._waiting: dict[bytes, Future[str | None]] = {}
        self._process: subprocess.Popen[bytes] | None = None

    def draw(self, specs: Sequence[Spec], since: float | None = None) -> list[str | None]:
        """Blocks, but not for longer than its patience, which runs from `since`, a moment of the
        monotonic clock, or from now: None stands for what is not there by then, or can't be
        drawn."""
        until = (time.monotonic() if since is None else since) + self._patience_s
        asked = [self._asked(json.dumps(spec, sort_keys=True)) for spec in specs]
        return [each if isinstance(each, str) else self._drawn(each, until) for each in asked]

    @property
    def process(self) -> int | None:
        """Its number, once it was begun."""
        return self._process.pid if self._process else None

    @property
    def waiting(self) -> int:
        with self._lock:
            return len(self._waiting)

    def settle(self) -> None:
        """Blocks until all is drawn that was asked for before."""
        self._one.submit(lambda: None).result()

    def _asked(self, spec: str) -> "str | Future[str | None] | None":
        called = sha256(spec.encode()).digest()
        with self._lock:
            if (kept := self._kept.get(called)) is not None:
                self._kept.move_to_end(called)
                return kept
            if (waiting := self._waiting.get(called)) is not None:
                return waiting
            if len(self._waiting) >= MOST_WAIT:
                self._has_refused = True
                return None
            found = self._waiting[called] = self._one.submit(self._draw, spec, called)
            return found

    def _drawn(self, asked: "Future[str | None] | None", until: float) -> str | None:
        if asked is None:
            return None
        try:
            return asked.result(max(0.0, until - time.monotonic()))
        except FutureTimeoutError:
            asked.add_done_callback(self._told_late)
            return None

    def _told_late(self, _: "Future[str | None]") -> None:
        self.turn += 1

    def _draw(self, spec: str, called: bytes) -> str | None:
        """In the only thread that has the process."""
        found: str | None = None
        try:
            if drawn := self._ask(spec):
                found = tamed(drawn)
        except UntameError:
            structlog.get_logger().warning("a chart has in it what no chart may have")
        finally:
            with self._lock:
                del self._waiting[called]
                if found is not None:
                    self._keep(called, found)
                if self._has_refused and len(self._waiting) <= MOST_WAIT // 2:
                    self._has_refused = False
                    self.turn += 1
        return found

    def _keep(self, called: bytes, chart: str) -> None:
        self._kept[called] = chart
        self._signs += len(chart)
        while len(self._kept) > MOST_KEPT or self._signs > MOST_SIGNS:
            _, oldest = self._kept.popitem(last=False)
            self._signs -= len(oldest)

    def _ask(self, spec: str) -> str | None:
        process, line = self._running(), b""
        assert process.stdin  # noqa: S101  both are pipes
        assert process.stdout  # noqa: S101
        until = time.monotonic() + WITHIN_S
        with suppress(OSError):
            if _said(process.stdin.fileno(), f"{spec}\n".encode(), until):
                line = _line(process.stdout.fileno(), until)
        if not line.endswith(b"\n"):
            self.stop()
            structlog.get_logger().warning("what draws charts ended, and is begun anew")
            return None
        drawn: str | None = json.loads(line)
        return drawn

    def _running(self) -> "subprocess.Popen[bytes]":
        """Nothing of our own environment goes along. It ends by itself when we do."""
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(  # noqa: S603  our own program
                [sys.executable, "-m", PROGRAM],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=PROJECT,
                env={"PYTHONDONTWRITEBYTECODE": "1"},
            )
            assert self._process.stdin  # noqa: S101  a pipe
            os.set_blocking(self._process.stdin.fileno(), False)
        return self._process

    def give_up(self) -> None:
        """Nothing more is drawn."""
        self._one.shutdown(cancel_futures=True)
        self.stop()

    def stop(self) -> None:
        """It is begun anew by whoever asks next."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):
                if pipe:
                    pipe.close()


def _said(to: int, line: bytes, until: float) -> bool:
    """Whether all of it was taken: a pipe holds less than a large chart, and what hangs reads
    nothing."""
    left = memoryview(line)
    while left:
        _, ready, _ = select.select([], [to], [], max(0.0, until - time.monotonic()))
        if not ready:
            return False
        left = left[os.write(to, left) :]
    return True


def _line(of: int, until: float) -> bytes:
    """As far as it came: nothing else is read before the next is asked for."""
    found = b""
    while not found.endswith(b"\n"):
        ready, _, _ = select.select([of], [], [], max(0.0, until - time.monotonic()))
        part = os.read(of, 1 << 16) if ready else b""
        if not part:
            break
        found += part
    return found


@cache
def the_drawer() -> Drawer:
    """One of a service; its process is begun by the first who asks for a chart."""
    return Drawer()
