"""Makes room: what people uploaded and nobody filed within an hour goes where others need it."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

import structlog

from services.intake.files.named import NamedFiles
from services.intake.files.waiting import FOR
from shared.eventsourcing.jetstream.objects import Objects, Stored

LOOKS_AGAIN_S = 60.0
"""Where nothing could go: all that lies there has to be read for it."""


class Yielding:
    def __init__(self, objects: Objects, named: NamedFiles, now: Callable[[], datetime]) -> None:
        self._objects = objects
        self._named = named
        self._now = now
        self._one = asyncio.Lock()
        self._not_before = 0.0

    async def make_room(self, wanted: int) -> bool:
        """Whether so many bytes went, the oldest first. Raises what the log does."""
        async with self._one:
            if time.monotonic() < self._not_before:
                return False
            freed = 0
            for each in await self._unfiled():
                if freed >= wanted:
                    break
                if await self._objects.take_away(each):
                    freed += each.size
            if freed:
                structlog.get_logger().info("uploads that nobody filed made room", bytes=freed)
            if freed < wanted:
                self._not_before = time.monotonic() + LOOKS_AGAIN_S
            return freed >= wanted

    async def _unfiled(self) -> list[Stored]:
        """What is filed meanwhile stays: it is another message then."""
        now, found = self._now(), list[Stored]()
        async for each in self._objects.every():
            if each.yields and now - each.at >= FOR:
                found.append(each)
        await self._named.read()
        return [each for each in found if not self._named.has(each)]
