"""Up to when all that sources have sent is decided, by the log server's time."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from shared.contracts.routing import inbox_of
from shared.eventsourcing.inbox.receipts import taken_in
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import message_for

CLOCKS_AGREE_WITHIN = timedelta(minutes=1)
LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Decided:
    """What was decided stays so, so that it is asked for once for many moments."""

    def __init__(self, client: Client, sources: Iterable[str], now: Callable[[], datetime]) -> None:
        self._client = client
        self._sources = tuple(sources)
        self._now = now
        self._until = LONG_AGO

    async def through(self, moment: datetime) -> bool:
        """Whether nothing that came up to then waits in an inbox. What is to come, by a log server
        whose clock is behind ours, may have come before as well. Raises LogUnavailableError."""
        if moment >= self._until:
            until = self._now() - CLOCKS_AGREE_WITHIN
            for source in self._sources:
                until = min(until, await self._first_waiting(source) or until)
            self._until = max(self._until, until)
        return moment < self._until

    async def _first_waiting(self, source: str) -> datetime | None:
        behind = (await taken_in(self._client, source)).through
        query = {"seq": behind + 1, "next_by_subj": ">"}
        message = await message_for(self._client, inbox_of(source), query)
        return _when(message.headers.get("Nats-Time-Stamp", "")) if message else None


def _when(said: str) -> datetime:
    """What says no time came at any."""
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return LONG_AGO
    return at if at.tzinfo else LONG_AGO
