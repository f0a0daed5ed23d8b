"""Keeps one part of the suite running: what ends by itself is started again."""

import asyncio
import json
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path

import structlog

from deploy.embedded.aftermath import with_its_parent
from deploy.embedded.suite import Suite
from shared.eventsourcing.errors import LogDamagedError
from shared.runtime.exit_codes import REFUSES, UNREADABLE

STARTS_TRIED = 3
STOPS_WITHIN_S = 25.0
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.3, 5.0
LAST_LINES = 5
SOUND_AFTER_S = 10.0


class DoesNotStartError(RuntimeError):
    """A part can't run as things are; says why and what to do."""


async def _at_once() -> None: ...


async def _in_good_order() -> signal.Signals:
    return signal.SIGTERM


class Keeper:
    """`has_answered` is set by whoever hears from the part; what answers has started.

    `before_start` may take its time; `stop_sign` says how it is asked to stop.
    """

    def __init__(self, suite: Suite, part: str, command: Sequence[str], lock: int) -> None:
        self.part = part
        self.has_answered = False
        self._suite = suite
        self._command = command
        self._lock = lock
        self._log = suite.log_of(part)
        self._failures = 0
        self._process: asyncio.subprocess.Process | None = None
        self.before_start: Callable[[], Awaitable[None]] = _at_once
        self.stop_sign: Callable[[], Awaitable[signal.Signals]] = _in_good_order

    def kill(self) -> None:
        """It is started again like all that ends by itself."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()

    async def run(self) -> None:
        """Until cancelled; then it is stopped.

        Raises LogDamagedError if it refuses to run, DoesNotStartError.
        """
        pause = FIRST_PAUSE_S
        while True:
            started = asyncio.get_running_loop().time()
            code = await self._run_once()
            self._judge(code)
            structlog.get_logger().warning(
                "ended and is started again", part=self.part, exit_code=code
            )
            if asyncio.get_running_loop().time() - started > SOUND_AFTER_S:
                pause = FIRST_PAUSE_S
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_S)

    async def _run_once(self) -> int:
        await self.before_start()
        self.has_answered = False
        with self._log.open("ab") as log:
            process = self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdout=log,
                stderr=log,
                env=self._suite.environment_of(self.part),
                start_new_session=True,
                pass_fds=(self._lock,),
                preexec_fn=with_its_parent(),
            )
        self._suite.runs(self.part, process.pid)
        try:
            return await process.wait()
        except asyncio.CancelledError:
            await _stop(process, await self.stop_sign())
            raise
        finally:
            self._process = None
            self._suite.ended(self.part)

    def _judge(self, code: int) -> None:
        """Whether it is worth trying again."""
        if code in (REFUSES, UNREADABLE):
            reason = _why(self._log)
            words = f"{self.part} refuses to run: {reason}"
            self._suite.refused(self.part, reason)
            structlog.get_logger().critical(
                "refuses to run", part=self.part, reason=reason, log=str(self._log)
            )
            raise LogDamagedError(words) if code == REFUSES else DoesNotStartError(words)
        self._failures = 0 if self.has_answered else self._failures + 1
        if not self._suite.ready and self._failures == STARTS_TRIED:
            raise DoesNotStartError(f"{self.part} does not start; {end_of(self._log)}")


async def _stop(process: asyncio.subprocess.Process, sign: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(sign)
    try:
        async with asyncio.timeout(STOPS_WITHIN_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def end_of(path: Path) -> str:
    text = path.read_text(errors="replace") if path.exists() else ""
    return f"{path} ends with:\n" + "\n".join(text.splitlines()[-LAST_LINES:])


def _why(path: Path) -> str:
    """The reason that a service gave last; all else that stands there if it gave none."""
    for line in reversed(path.read_text(errors="replace").splitlines()):
        with suppress(ValueError):
            said = json.loads(line)
            if isinstance(said, dict) and said.get("level") == "critical" and "reason" in said:
                return str(said["reason"])
    return end_of(path)
