"""Hands out pictures of reports that editors have passed, a few at a time."""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.responses import Response

from services.publishing.site.sorry import NotFoundError, NothingToShowError, TooMuchAskedError
from shared.eventsourcing.errors import TryLaterError
from shared.web.answers import FOR_A_MINUTE

AT_ONCE, MOST_WAIT = 4, 16

Get = Callable[[str], Awaitable[bytes | None]]


async def nothing_there(_: str) -> bytes | None:
    return None


class Pictures:
    """`get` looks into the bucket that holds nothing else."""

    def __init__(self, get: Get) -> None:
        self._get = get
        self._places = asyncio.Semaphore(AT_ONCE)
        self._asked = 0

    async def shown(self, picture: str) -> Response:
        """Only of what is public at this moment. Raises NotFoundError, NothingToShowError,
        TooMuchAskedError."""
        if self._asked >= MOST_WAIT:
            raise TooMuchAskedError
        self._asked += 1
        try:
            async with self._places:
                content = await self._get(picture)
        except TryLaterError:
            raise NothingToShowError from None
        finally:
            self._asked -= 1
        if content is None:
            raise NotFoundError
        headers = {"Cache-Control": FOR_A_MINUTE}
        return Response(content, headers=headers, media_type="image/jpeg")
