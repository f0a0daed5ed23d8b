"""A cancellation counts, also where nats-py or Python 3.11 would forget it: else a stop hangs."""

import asyncio
import sys
from collections.abc import Awaitable
from typing import Any, TypeVar

from nats.aio.client import Client

T = TypeVar("T")

_flush = Client._flush_pending  # noqa: SLF001


async def flush_pending(client: Client, force_flush: bool = False) -> Any:  # noqa: FBT001, FBT002
    """nats-py's own, which goes on as if nothing had been asked of it."""
    task = asyncio.current_task()
    asked = task.cancelling() if task else 0
    flushed = await _flush(client, force_flush)
    if task and task.cancelling() > asked:
        raise asyncio.CancelledError
    return flushed


async def wait_for(awaited: Awaitable[T], timeout: float | None) -> T:  # noqa: ASYNC109
    """As of Python 3.12 on; before, a cancellation that came together with the answer was lost."""
    async with asyncio.timeout(timeout):
        return await awaited


def heed_cancellations() -> None:
    """For the whole process: nats-py and FastStream wait by the library's own."""
    Client._flush_pending = flush_pending  # type: ignore[method-assign,assignment]  # noqa: SLF001
    if sys.version_info < (3, 12):
        asyncio.wait_for = wait_for  # type: ignore[assignment]  # noqa: TID251
