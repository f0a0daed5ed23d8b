"""Keeps one process of the suite running: what ends by itself is started again."""

import asyncio
from contextlib import suppress
from pathlib import Path

import structlog

from deploy.embedded.suite import Suite
from shared.eventsourcing.errors import LogDamagedError

STARTS_TRIED = 3
STOPS_WITHIN_S = 25.0
REFUSES = 3  # a service's exit code when the log can't be trusted
AGAIN_AFTER_S = 0.3


async def keep(
    suite: Suite,
    part: str,
    command: list[str],
    stopping: asyncio.Event,
    inherits: tuple[int, ...] = (),
) -> None:
    """Run one process and start it again whenever it ends by itself.

    Raises LogDamagedError if it refuses to run, RuntimeError if it does not start.
    """
    path = suite.log_of(part)
    failures = 0
    with path.open("ab") as log:
        while not stopping.is_set():
            process = await asyncio.create_subprocess_exec(
                *command,
                stdout=log,
                stderr=log,
                env=suite.environment_of(part),
                start_new_session=True,
                pass_fds=inherits,
            )
            suite.pids[part] = process.pid
            suite.note()
            try:
                code = await process.wait()
            except asyncio.CancelledError:
                await _stop(process)
                raise
            if code == REFUSES:
                structlog.get_logger().critical("refuses to run", part=part, log=str(path))
                raise LogDamagedError(f"{part} refuses to run; {path} ends with:\n{_end_of(path)}")
            failures += 1
            if not suite.ready and failures == STARTS_TRIED:
                raise RuntimeError(f"{part} does not start; {path} ends with:\n{_end_of(path)}")
            structlog.get_logger().warning("ended and is started again", part=part, exit_code=code)
            await asyncio.sleep(AGAIN_AFTER_S)


async def _stop(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOPS_WITHIN_S)
    except TimeoutError:
        process.kill()
        await process.wait()


def _end_of(path: Path, lines: int = 5) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
