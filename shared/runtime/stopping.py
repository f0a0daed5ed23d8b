"""Stops tasks: each may finish what it has in hand, but not for ever."""

import asyncio
from collections.abc import Collection

FINISH_WITHIN_S = 10.0
"""Well within the time after which a container is killed (`stop_grace_period`)."""


async def stop(tasks: Collection["asyncio.Task[None]"], within_s: float) -> None:
    """Once, and who has not ended by then a second time: that ends what it has in hand as well, as
    when the log is away and a publication waits for it."""
    for task in tasks:
        task.cancel()
    try:
        if tasks:
            await asyncio.wait(tasks, timeout=within_s)
    finally:
        for task in tasks:
            if not task.done():
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
