"""Deletes files that nobody needs: of reports and persons that were erased, of uploads that neither
a report nor a finding names, and pieces that an upload left behind which was broken off."""

import asyncio
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

import structlog

from services.intake.files.named import NamedFiles
from shared.contracts.attachment import OVER_AFTER, files_of
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import until_there
from shared.eventsourcing.jetstream.objects import Objects, Stored
from shared.runtime.vault.vault import Vault

EVERY_S = 600.0
TERM = OVER_AFTER + timedelta(days=1)
"""For which an upload waits for a report that names it: until long after its name is over."""

SETTLES = timedelta(hours=1)
"""Since this began: what waits in an inbox is taken in meanwhile. Also for an upload to end."""

LOOKS_AGAIN_S = 0.2


class Sweeping:
    def __init__(
        self,
        client: Client,
        objects: Objects,
        vault: Vault,
        named: NamedFiles,
        now: Callable[[], datetime],
    ) -> None:
        self._client = client
        self._objects = objects
        self._vault = vault
        self._named = named
        self._now = now
        self._stray: AbstractSet[int] = frozenset()

    async def run(self) -> None:
        begun = self._now()
        while not self._vault.has_begun:  # noqa: ASYNC110  its own loop tells what it waits for
            await asyncio.sleep(LOOKS_AGAIN_S)
        await until_there(self._client, self._objects.stream)
        while True:
            await self.sweep(settled=self._now() - begun >= SETTLES)
            await asyncio.sleep(EVERY_S)

    async def sweep(self, *, settled: bool) -> int:
        """How many were deleted. Unless it is `settled` what is in the log yet, no more than what
        was erased. Raises what the log and the vault do."""
        whole, count, used = list[Stored](), 0, set[str]()
        async for each in self._objects.every():
            used.add(each.pieces)
            whole.append(each)
        await self._named.read()  # afterwards: what a report named meanwhile stays
        for each in whole:
            if await self._is_erased(each):
                count += await self._objects.delete(each.name, each.sequence)
            elif settled and self._is_forgotten(each):
                count += await self._objects.take_away(each)
        if settled:
            count += await self._left_behind(used)
        if count:
            structlog.get_logger().info("files deleted", files=count)
        return count

    async def _is_erased(self, stored: Stored) -> bool:
        """No key at all is no erasure: the vault may be an older copy, or a new one."""
        whose = files_of(_whose(stored))
        return await asyncio.to_thread(self._vault.is_destroyed, whose)

    def _is_forgotten(self, stored: Stored) -> bool:
        return not self._named.has(stored) and self._now() - stored.at >= TERM

    async def _left_behind(self, used: set[str]) -> int:
        """Pieces that were there before, and that nothing names yet: an upload takes seconds."""
        stray = {
            sequence: subject
            async for subject, sequence in self._objects.pieces()
            if subject not in used
        }
        gone = self._stray & stray.keys()
        for sequence in gone:
            await self._objects.delete_piece(sequence)
        self._stray = stray.keys() - gone
        return len(gone)


def _whose(stored: Stored) -> str:
    return stored.name.partition("/")[0]
