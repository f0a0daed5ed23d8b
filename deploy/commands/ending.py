"""How a command ends that somebody ends: what it started or keeps meanwhile goes with it."""

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

Handler = Callable[[int, FrameType | None], None]
WORKS_ON_FOR_S = 0.5
"""Who does not wait within this time is broken off in its work."""

SIGNS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def heard() -> list[signal.Signals]:
    """Of these; what is to outlive its terminal (`nohup`) has been made deaf to some."""
    return [sign for sign in SIGNS if signal.getsignal(sign) != signal.SIG_IGN]


async def until_ended(work: Coroutine[Any, Any, int]) -> int:
    """Ctrl-C, SIGTERM and the end of its terminal cancel it, also where it does not wait but works:
    what it keeps in folders meanwhile goes away, and a server that it started ends. Who is asked
    twice by Ctrl-C leaves that to others (`aftermath`)."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None  # noqa: S101
    asked: list[int] = []
    is_told = False

    def cancel() -> None:
        nonlocal is_told
        if not is_told:
            is_told = True
            task.cancel()

    def end(sign: int, _: FrameType | None) -> None:
        """Thrown at once into what works just now, it may be forgotten: libraries expect it where
        they wait. Of a loop that does not turn no timer goes off, so there is an alarm."""
        asked.append(sign)
        if len(asked) == 1:
            loop.call_soon_threadsafe(cancel)
            signal.signal(signal.SIGALRM, break_off)
            signal.setitimer(signal.ITIMER_REAL, WORKS_ON_FOR_S)
        elif sign == signal.SIGINT:
            raise KeyboardInterrupt

    def break_off(_: int, __: FrameType | None) -> None:
        nonlocal is_told
        if asyncio.current_task(loop) is task and not is_told:
            is_told = True
            raise asyncio.CancelledError

    with _hearing(end):
        try:
            return await work
        except (asyncio.CancelledError, Exception):  # SQLite breaks off in words of its own
            if not asked:
                raise
            return 128 + asked[0]


@contextmanager
def _hearing(end: Handler) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # only there it can be heard
        yield
        return
    alarm = signal.getsignal(signal.SIGALRM)
    before = {sign: signal.signal(sign, end) for sign in heard()}
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGALRM) is not alarm:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, alarm)
        for sign, handler in before.items():
            signal.signal(sign, handler)
