"""Says why no receipts come, where a suite that is away is waited for."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

QUIET_S, LOOKED_AT_EVERY_S = 20.0, 0.5

AWAY = (
    "NATS does not answer, as where the suite was stopped: what was sent is safe, and this goes on"
    " once it answers again, at the same address or for the same folder. Else end it with Ctrl-C,"
    " and publish the same file again"
)
QUIET = (
    "no receipts come: `tribune status` tells whether intake is away. What was sent is safe in its"
    " inbox, and answered once intake runs"
)
AGAIN = "receipts come again"

Say = Callable[[str], object]


@asynccontextmanager
async def silence_told(
    say: Say,
    is_connected: Callable[[], bool],
    answered: Callable[[], int],
    quiet_s: float = QUIET_S,
    every_s: float = LOOKED_AT_EVERY_S,
) -> AsyncIterator[None]:
    """Within; each reason once, until receipts come again."""
    watching = asyncio.create_task(_watch(say, is_connected, answered, quiet_s, every_s))
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def _watch(
    say: Say,
    is_connected: Callable[[], bool],
    answered: Callable[[], int],
    quiet_s: float,
    every_s: float,
) -> None:
    now = asyncio.get_running_loop().time
    seen, since, told = answered(), now(), ""
    while True:
        await asyncio.sleep(every_s)
        if answered() != seen:
            if told:
                say(AGAIN)
            seen, since, told = answered(), now(), ""
        elif now() - since >= quiet_s:
            reason = QUIET if is_connected() else AWAY
            if reason != told:
                say(reason)
            told = reason
