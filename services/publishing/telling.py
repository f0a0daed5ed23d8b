"""The stream that tells open pages of changes, over HTTP."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import aclosing
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from services.publishing.live import Live
from shared.runtime.open_files import most_connections

SHARE_OF_STREAMS = 0.8  # of all connections; other readers ask every 30 s
COME_BACK_MS = (2_000, 5_000)
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Telling:
    def __init__(self, live: Live) -> None:
        self._live = live
        self._streams = asyncio.Semaphore(int(SHARE_OF_STREAMS * most_connections()))

    async def changes(self, _: Request) -> Response:
        if self._streams.locked():
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "60"})
        return StreamingResponse(self._sent(), media_type="text/event-stream", headers=HEADERS)

    async def _sent(self) -> AsyncIterator[str]:
        """`changed` with the position reached; a comment now and then keeps proxies awake. After a
        restart they do not come all at once."""
        async with self._streams, aclosing(self._live.changes()) as changes:
            yield f"retry: {random.randint(*COME_BACK_MS)}\n\n"  # noqa: S311  no secret
            async for position in changes:
                changed = f"event: changed\ndata: {position}\n\n"
                yield ": alive\n\n" if position is None else changed
