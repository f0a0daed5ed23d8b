"""Keeps in the bucket that the site reads what editors have passed, and nothing else.

It follows the log, so whoever dies over it, or has an older copy of the bucket, comes to the same.
"""

import asyncio
from collections.abc import Callable
from datetime import datetime

from services.intake.files.keeping import Files
from services.intake.files.shown import Shown, TakesBack
from shared.contracts.finding_shown import PicturePassed, PictureTakenBack
from shared.contracts.person import PersonErased
from shared.contracts.report import FilePassed, FileTakenBack
from shared.eventsourcing.codec import PLAIN
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import last_under, until_there
from shared.eventsourcing.jetstream.objects import Objects
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader

LOOKS_AGAIN_S = 0.2
TAKES = (FilePassed, FileTakenBack, PicturePassed, PictureTakenBack, PersonErased)
FILTERS = tuple(each.filter() for each in TAKES)


class Showing:
    """`shown` is the bucket, `log` has the events. What a checker took goes with them, and is
    `taken_back` for good."""

    def __init__(
        self,
        client: Client,
        files: Files,
        shown: Objects,
        log: str,
        now: Callable[[], datetime],
        taken_back: TakesBack,
    ) -> None:
        self._client = client
        self._files = files
        self._bucket = shown
        self._log = log
        self._now = now
        self._taken_back = taken_back
        self._shown = Shown()

    async def run(self) -> None:
        while not self._files.vault.has_begun:  # noqa: ASYNC110  its own loop tells what it waits for
            await asyncio.sleep(LOOKS_AGAIN_S)
        await until_there(self._client, self._bucket.stream)
        self._shown = Shown()
        goal = await last_under(self._client, self._log, FILTERS)
        async with open_reader(self._client, ReadFrom(self._log, 1, filters=FILTERS)) as reader:
            if goal:
                async for batch in reader.through(goal):
                    self._take(batch)
            await self.settle()
            while True:
                self._take(await reader.next())
                await self.settle()

    async def settle(self) -> None:
        """Nobody can put there again what has no key any more."""
        passed = self._shown.passed
        names = {each.name async for each in self._bucket.every()}
        for name in names - passed.keys():
            await self._bucket.delete(name)
        for name in passed.keys() - names:
            preview = await self._files.preview(passed[name].whose, passed[name].digest)
            if preview is not None:
                await self._bucket.put(name, preview, self._now())
        for each in self._shown.left:
            await self._taken_back(each)

    def _take(self, batch: list[Message]) -> None:
        for message in batch:
            event = PLAIN.decode(message.headers, message.body, message.sequence).event
            self._shown.take(event)
