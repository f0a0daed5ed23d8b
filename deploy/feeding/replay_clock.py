"""The watermark of a replay: it stops wherever something falls due, until that is swept."""

import asyncio
from datetime import UTC, datetime, time, timedelta

from deploy.asking import ask, outlasting, request
from shared.eventsourcing.jetstream.connection import Client
from shared.runtime.clock_stream import set_clock

SWEPT_WITHIN_S = 60.0
NEVER = datetime.max.replace(tzinfo=UTC)


class ReplayClock:
    """`stop` is the first midnight (UTC) after anything falls due that is known of: the clock goes
    on from it only once that is swept, in a calendar that holds all that came before."""

    def __init__(self, client: Client, sets: Client) -> None:
        self._client = client
        self._sets = sets
        self._at = NEVER
        self.stop = NEVER

    async def begin(self) -> None:
        """From where the suite's clock stands."""
        said = await outlasting(self._client, lambda: ask(self._client, "intake"))
        self._at = datetime.fromisoformat(said["now"])
        await self.sweep()

    async def advance(self, to: datetime) -> None:
        """With a stop wherever something falls due before."""
        while self.stop <= to:
            moved = self._set(self.stop)
            self._at = max(self._at, self.stop)
            await asyncio.gather(moved, self.sweep())
        if to > self._at:
            await self._set(to)
            self._at = to

    def expect(self, due: datetime) -> None:
        """Something falls due that the suite will learn of only now."""
        self.stop = min(self.stop, midnight_after(max(due, self._at)))

    async def _set(self, to: datetime) -> None:
        await outlasting(self._sets, lambda: set_clock(self._sets, to))

    async def sweep(self) -> None:
        """Wait until all is raised, also where the clock is still on its way; then the next stop is
        known."""
        body = {"until": self._at.isoformat()}
        question = lambda: request(  # noqa: E731
            self._client, "query.intake.swept", body, within_s=SWEPT_WITHIN_S
        )
        due = (await outlasting(self._client, question))["next_due"]
        self.stop = midnight_after(datetime.fromisoformat(due)) if due else NEVER


def midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.astimezone(UTC).date(), time(), UTC)


def midnight_after(moment: datetime) -> datetime:
    """The first one that is later: what falls due at midnight is late by the next."""
    return midnight(moment) + timedelta(days=1)
