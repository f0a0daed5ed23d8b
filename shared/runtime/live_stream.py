"""The stream that tells open pages of changes, over HTTP."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from shared.runtime.open_files import most_connections
from shared.web.live import Live

SHARE_OF_STREAMS = 0.8  # of all connections; other readers ask every 30 s
COME_BACK_MS = (2_000, 5_000)
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

Beat = Callable[[], Awaitable[None]]


async def _nothing() -> None:
    pass


class Telling:
    def __init__(self, live: Live) -> None:
        self._live = live
        self._streams = asyncio.Semaphore(int(SHARE_OF_STREAMS * most_connections()))

    async def changes(self, _: Request, beat: Beat = _nothing) -> Response:
        """`beat` is called with each thing that is told, and as often as proxies are kept awake."""
        if self._streams.locked():
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "60"})
        return StreamingResponse(self._sent(beat), media_type="text/event-stream", headers=HEADERS)

    async def _sent(self, beat: Beat) -> AsyncIterator[str]:
        """`changed` with the position reached; a comment now and then keeps proxies awake. After a
        restart they do not come all at once."""
        async with self._streams, aclosing(self._live.changes()) as changes:
            yield f"retry: {random.randint(*COME_BACK_MS)}\n\n"  # noqa: S311  no secret
            async for position in changes:
                await beat()
                changed = f"event: changed\ndata: {position}\n\n"
                yield ": alive\n\n" if position is None else changed
