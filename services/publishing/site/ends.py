"""Asks where PUBLIC ends and how far the gate is, so that pages know when they show the whole."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from services.publishing.site.progress import Kind, Progress
from services.publishing.standing import Standing
from shared.eventsourcing.pipeline import heed_cancellation

ASK_EVERY_S = 60.0
LOOK_EVERY_S = 0.5
PATIENCE_S = 5.0
TOO_LONG_S = 30.0
"""As long as it may take to start again."""

Ask = Callable[[], Awaitable[int]]


class Ends:
    """`connected` tells whether asking makes sense; after each time without it all begins anew.

    The goal is the end of PUBLIC when we began to follow, later the one asked for the time before
    the last: a moment's lag counts for nothing, and what stands still shows after a while.
    """

    def __init__(
        self, public: Ask, gate: Callable[[], Awaitable[Standing]], connected: Callable[[], bool]
    ) -> None:
        self._public = public
        self._gate = gate
        self._connected = connected
        self._goal: int | None = None
        self._newest = 0
        self._said: Standing | None = None
        self._silent_since: float | None = None

    def goal(self) -> int | None:
        """The sequence of PUBLIC to reach; None before anybody could be asked."""
        return self._goal

    def releasing(self) -> Progress | None:
        """How much was looked through for PUBLIC, as far as we heard; None when all was."""
        said = self._said
        if said is None:
            return Progress(Kind.UNHEARD)
        if said.whole:
            return None
        if said.percent is None:
            return Progress(Kind.RELEASING)
        return Progress(Kind.RELEASING, said.percent, 100)

    def hears(self) -> bool:
        """Whether the gate answers, and is well; a moment's silence counts for nothing."""
        return self._silent_since is None or time.monotonic() - self._silent_since < PATIENCE_S

    def troubles(self) -> list[str]:
        """Pages are shown all the same, but nothing that is new."""
        since = self._silent_since
        if since is None or time.monotonic() - since < TOO_LONG_S:
            return []
        return [f"the gate does not answer, or is not well, for over {TOO_LONG_S:.0f} s"]

    async def run(self) -> None:
        """Until cancelled."""
        began, asked_at = False, 0.0
        while True:
            heed_cancellation()
            began = began and self._connected()
            try:
                if self._connected():
                    was_asked = await self._hear()
                    if not began and (self._said or not self.hears()):
                        if not was_asked:
                            await self._begin()
                        began, asked_at = True, time.monotonic()
                    elif began and time.monotonic() - asked_at > ASK_EVERY_S:
                        await self._go_on()
                        asked_at = time.monotonic()
            except Exception:  # noqa: BLE001, S110  what could not be asked is asked again
                pass
            await asyncio.sleep(LOOK_EVERY_S)

    async def _hear(self) -> bool:
        """Whether the end of PUBLIC was asked for: that all is looked through counts then, for
        what the relays have written by then belongs to the whole, too."""
        try:
            said = await self._gate()
        except Exception:  # noqa: BLE001  whatever it is, we do not hear it
            self._falls_silent()
            return False
        if asks := said.whole and not (self._said and self._said.whole):
            await self._begin()
        self._said = said
        if said.well:
            self._silent_since = None
        else:
            self._falls_silent()
        return asks

    def _falls_silent(self) -> None:
        if self._silent_since is None:
            self._silent_since = time.monotonic()

    async def _begin(self) -> None:
        self._newest = await self._public()
        self._goal = self._newest

    async def _go_on(self) -> None:
        asked = await self._public()
        self._goal, self._newest = self._newest, asked
