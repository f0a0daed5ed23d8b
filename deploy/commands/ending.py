"""How a command ends that somebody ends: what it started or keeps meanwhile goes with it."""

import asyncio
import signal
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

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

    def end(sign: int, _: FrameType | None) -> None:
        asked.append(sign)
        if len(asked) > 1:
            if sign == signal.SIGINT:
                raise KeyboardInterrupt
            return
        if asyncio.current_task(loop) is task:
            raise asyncio.CancelledError
        task.cancel()
        loop.call_soon_threadsafe(lambda: None)  # it may be waiting

    with _hearing(end):
        try:
            return await work
        except (asyncio.CancelledError, Exception):  # SQLite breaks off in words of its own
            if not asked:
                raise
            return 128 + asked[0]


@contextmanager
def _hearing(end: Any) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # only there it can be heard
        yield
        return
    before = {sign: signal.signal(sign, end) for sign in heard()}
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
