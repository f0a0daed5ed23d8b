"""Keeps open desks together, also at several replicas: who looks at what, and that rows moved."""

import asyncio
from collections.abc import Callable
from re import fullmatch
from typing import Any

from services.intake.presence import Presence
from shared.contracts.values import ID_PATTERN
from shared.runtime.whispers import Whispers
from shared.web.live import Live

GAP_S = 1.0
FADES_EACH_S = 5.0
LONGEST_CODE = 64


class Together:
    """`live` tells the open pages of this process; only one replica makes the rows, so it tells the
    others that they moved."""

    def __init__(self, whispers: Whispers, live: Live, presence: Presence | None = None) -> None:
        self._whispers = whispers
        self._live = live
        self._presence = presence or Presence()
        self._has_moved = asyncio.Event()

    def moved(self, _: int) -> None:
        """A read model holds more of the log."""
        self._has_moved.set()

    async def looks(self, report_id: str, who: str) -> None:
        if self._presence.looks(report_id, who):
            self._live.stir()
        await self._whispers.say({"report": report_id, "who": who})

    def others(self, report_id: str, who: str) -> list[str]:
        return self._presence.others(report_id, who)

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._whispers.follow(self._hear))
            group.create_task(self._tell())
            group.create_task(self._fade())

    def _hear(self, said: dict[str, Any]) -> None:
        report, who = said.get("report"), said.get("who")
        looks = _are_codes(report, who) and self._presence.looks(str(report), str(who))
        if said.get("moved") or looks:
            self._live.stir()

    async def _tell(self) -> None:
        """However much comes in, once in a while."""
        while True:
            await self._has_moved.wait()
            self._has_moved.clear()
            self._live.stir()
            await self._whispers.say({"moved": True})
            await asyncio.sleep(GAP_S)

    async def _fade(self) -> None:
        while True:
            await asyncio.sleep(FADES_EACH_S)
            if self._presence.fade():
                self._live.stir()


def _are_codes(report_id: Any, who: Any) -> bool:
    are_texts = isinstance(report_id, str) and isinstance(who, str)
    return are_texts and bool(fullmatch(ID_PATTERN, report_id)) and 0 < len(who) <= LONGEST_CODE


Listener = Callable[[int], None]


def both(first: Listener, second: Listener) -> Listener:
    def listen(position: int) -> None:
        first(position)
        second(position)

    return listen
