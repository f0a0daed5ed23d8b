"""How a member stands on a track, from the log: what counts, and what is missing."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from deploy.looking.lookup import Log, history
from services.promotion.domain.standing import Standing
from services.promotion.domain.track import Track
from shared.eventsourcing.event_store import AggregateKey, RecordedEvent

__all__ = ["Standing", "credits_of", "standing"]


async def standing(log: Log, key: AggregateKey, track: Track) -> Standing:
    found = Standing(key.id, track)
    async with aclosing(history(log, key)) as events:
        async for recorded in events:
            found.take(recorded)
    return found


async def credits_of(
    log: Log, key: AggregateKey, of: Standing
) -> AsyncGenerator[tuple[RecordedEvent, str]]:
    """Each credit or refutation, and whether it counts; as they are read, for they may be very
    many."""
    counting = of.counting()
    async with aclosing(history(log, key)) as events:
        async for recorded in events:
            if counts := of.counts(recorded, counting):
                yield recorded, counts
