"""Looks after the log server: one that can't write is killed, and started again with room.

A stream with a write error takes nothing until the server starts again. And it must not be stopped
in good order, nor run for long: it would write down a sequence that it counted for a message that
it could not store, and the log would have a gap for ever. Killed, it begins again with what is on
the disk, which is all that it ever acknowledged.
"""

import asyncio
import signal

import httpx
import structlog

from deploy.embedded.disk import free, most, taken
from deploy.embedded.keeping import Keeper
from deploy.embedded.memory import most_memory, of_this_machine
from deploy.embedded.suite import Suite
from shared.runtime.monitoring import CANT_WRITE, LEAST_ROOM, illness
from shared.runtime.sizes import in_words

LOOKS_EVERY_S = 1.0
ANSWERS_WITHIN_S = 2.0


class Nurse:
    def __init__(self, suite: Suite, keeper: Keeper) -> None:
        self._suite = suite
        self._keeper = keeper
        self._http = httpx.AsyncClient(trust_env=False, timeout=ANSWERS_WITHIN_S)
        keeper.before_start = self._with_room
        keeper.stop_sign = self._stop_sign

    async def run(self) -> None:
        """Until cancelled."""
        async with self._http:
            while True:
                if error := await self._ill():
                    self._suite.held = self._why(error)
                    structlog.get_logger().critical("NATS is killed", reason=self._suite.held)
                    self._keeper.kill()
                await asyncio.sleep(LOOKS_EVERY_S)

    async def _ill(self) -> str:
        """Why it can't write, if so."""
        try:
            said = await illness(self._http, self._suite.monitor_url)
        except httpx.HTTPError:
            return ""
        self._keeper.has_answered = True
        return said if CANT_WRITE in said else ""

    async def _with_room(self) -> None:
        """How much it may store, and how much memory it may use, depend on the disk of that moment,
        if nobody has said it."""
        store = self._suite.store
        if self._suite.held:
            while free(store) < LEAST_ROOM:  # noqa: ASYNC110  nobody tells
                await asyncio.sleep(LOOKS_EVERY_S)
            structlog.get_logger().warning("there is room again, NATS is started")
            self._suite.held = ""
        given = self._suite.max_file
        self._suite.may_store = given or most(store, 0)
        self._suite.may_use = most_memory(taken(store), self._suite.max_memory, of_this_machine())

    async def _stop_sign(self) -> signal.Signals:
        return signal.SIGKILL if await self._ill() else signal.SIGTERM

    def _why(self, error: str) -> str:
        store = self._suite.store
        return (
            f"the log can't be written ({error}). The disk of {store} has {in_words(free(store))}"
            f" free; once it has {in_words(LEAST_ROOM)}, NATS is started again by itself"
        )
