"""A verdict gets final once all appeals that came in time were heard, whoever decides it when."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from shared.contracts.checking import AppealAsked
from shared.eventsourcing.errors import TryLaterError
from shared.eventsourcing.event_store import AggregateKey, EventStore
from shared.eventsourcing.inbox.decided import Decided
from shared.runtime.runtime import Runtime


@dataclass(frozen=True)
class AppealsHeard:
    """`decided` says whether all that came up to a moment was decided; what was asked for then lies
    with the check until its checking is told."""

    store: EventStore
    decided: Callable[[datetime], Awaitable[bool]]

    async def __call__(self, checking_id: str, check_id: str, ends: datetime) -> bool:
        """Not while the log does not say: all other timers go on."""
        try:
            if not await self.decided(ends):
                return False
            told = await self.store.load(AggregateKey("intake", "check", check_id))
        except TryLaterError:
            return False
        asked = [each.event for each in told if isinstance(each.event, AppealAsked)]
        return checking_id not in {each.checking_id for each in asked}


def appeals_heard(runtime: Runtime) -> AppealsHeard:
    """In a replay messages are there before their time, so none is waited for."""
    if runtime.clocks_differ_by is None:
        return AppealsHeard(runtime.store, _already)
    decided = Decided(runtime.client, runtime.charter.sources, runtime.clock.now)
    return AppealsHeard(runtime.store, decided.through)


async def _already(_: datetime) -> bool:
    return True
