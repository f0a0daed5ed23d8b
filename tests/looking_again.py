"""Waiting for what nobody tells."""

import asyncio
from collections.abc import Callable

WITHIN_S = 90.0


async def until(holds: Callable[[], bool]) -> None:
    """Look again and again until it holds."""
    async with asyncio.timeout(WITHIN_S):
        while not holds():
            await asyncio.sleep(0.005)
