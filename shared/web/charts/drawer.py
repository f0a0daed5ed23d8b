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
from pathlib import Path
from threading import Lock

import structlog

from shared.web.charts.frame import Spec
from shared.web.charts.tame import UntameError, tamed

PROJECT = Path(__file__).parents[3]
PROGRAM = "shared.web.charts.program"
PATIENCE_S, WITHIN_S = 5.0, 20.0
"""Whoever waits for charts, and the longest that one may take: the first is for beginning, too."""
MOST_KEPT, MOST_WAIT = 400, 40


class Drawer:
    """`turn` goes up where somebody went without a chart that is there now."""

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self.turn = 0
        self._patience_s = patience_s
        self._one = ThreadPoolExecutor(1, "charts")
        self._lock = Lock()
        self._kept: OrderedDict[str, str] = OrderedDict()
        self._waiting: dict[str, Future[str | None]] = {}
        self._process: subprocess.Popen[bytes] | None = None

    def draw(self, specs: Sequence[Spec]) -> list[str | None]:
        """Blocks, but not for longer than its patience: None stands for what is not there by
        then, or can't be drawn."""
        until = time.monotonic() + self._patience_s
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
        with self._lock:
            if (kept := self._kept.get(spec)) is not None:
                self._kept.move_to_end(spec)
                return kept
            if (waiting := self._waiting.get(spec)) is not None:
                return waiting
            if len(self._waiting) >= MOST_WAIT:
                return None
            found = self._waiting[spec] = self._one.submit(self._draw, spec)
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

    def _draw(self, spec: str) -> str | None:
        """In the only thread that has the process."""
        found: str | None = None
        try:
            if drawn := self._ask(spec):
                found = tamed(drawn)
        except UntameError:
            structlog.get_logger().warning("a chart has in it what no chart may have")
        finally:
            with self._lock:
                del self._waiting[spec]
                if found is not None:
                    self._kept[spec] = found
                    while len(self._kept) > MOST_KEPT:
                        self._kept.popitem(last=False)
        return found

    def _ask(self, spec: str) -> str | None:
        process, line = self._running(), b""
        assert process.stdin  # noqa: S101  both are pipes
        assert process.stdout  # noqa: S101
        with suppress(OSError):
            process.stdin.write(f"{spec}\n".encode())
            process.stdin.flush()
            line = _line(process.stdout.fileno(), WITHIN_S)
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


def _line(of: int, within_s: float) -> bytes:
    """As far as it came: nothing else is read before the next is asked for."""
    until, found = time.monotonic() + within_s, b""
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
