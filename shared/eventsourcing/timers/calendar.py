"""The calendar of a service: what is to be woken, when, and about what."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from shared.contracts.actor import suite
from shared.contracts.identity import command_id
from shared.eventsourcing.envelope import Envelope


class Due(NamedTuple):
    """`thing` is the id of what is to be woken once the moment `at` has passed, `term` what about:
    one thing may wait for several, and for one of them again at another moment."""

    at: datetime
    thing: str
    term: str


class Dues(Protocol):
    """Where entries of the calendar stand, such as a read model with a due column: `stream` is the
    log that they derive from, `position` the sequence up to which they hold it; `terms` are all
    that an entry may be about."""

    @property
    def stream(self) -> str: ...

    @property
    def terms(self) -> frozenset[str]: ...

    async def position(self) -> int: ...

    async def page(self, now: datetime, after: Due | None) -> Sequence[Due]:
        """Some of those whose moment has passed at `now`, in their order; of those behind `after`.
        None are left where it is empty."""
        ...

    async def next(self, since: datetime) -> datetime | None:
        """The earliest moment of an entry from a moment on."""
        ...


class InTurn(Protocol):
    """Of entries whose next page is only asked for once the rows hold what the one before led to.
    It `lags` where they did not come in time, so that there may be more; the next sweep goes on."""

    lags: bool

    def told(self, last: int) -> None:
        """The last sequence of what a page led to."""
        ...


@dataclass(frozen=True)
class Timers:
    """Entries, and the command that each asks for when it is found at `now`. The command decides
    again from its own events, so an entry that is out of date is harmless. Pages that rest on what
    those before led to go `in_turn`. A moment that is moved away and back again `comes_again`: then
    a wake is another one whenever it is found, and what was done before the events alone tell."""

    dues: Dues
    command: Callable[[Due, datetime], Any]
    in_turn: InTurn | None = None
    comes_again: bool = False

    def wake(self, due: Due, now: datetime) -> Envelope:
        """Once for each (thing, moment, term): a moment that is moved can pass again."""
        found = (now.isoformat(),) if self.comes_again else ()
        origin = command_id(due.term, due.thing, due.at.isoformat(), *found)
        actor = suite("timer", due.term)
        return Envelope(self.command(due, now), id=origin, correlation_id=origin, actor=actor)


class TermTakenError(Exception):
    """Two commands about one term would have one id, and the second would be taken for done."""


class Calendar:
    """All timers of a service; they may derive from several streams. What is asked of all of them
    is asked within one `look`. Raises TermTakenError if two have a term in common."""

    def __init__(
        self,
        *timers: Timers,
        look: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
    ) -> None:
        self._timers = timers
        self._look = look
        terms = Counter(term for each in timers for term in each.dues.terms)
        if taken := sorted(term for term, count in terms.items() if count > 1):
            raise TermTakenError(
                f"a calendar has several timers about {', '.join(taken)}; give each a term of its"
                " own"
            )

    @property
    def streams(self) -> set[str]:
        return {timers.dues.stream for timers in self._timers}

    @property
    def streams_in_turn(self) -> set[str]:
        """Of entries that rest on what those before led to."""
        return {timers.dues.stream for timers in self._timers if timers.in_turn}

    def told(self, stream: str, last: int) -> None:
        """Others may have led to what is in a stream up to there."""
        for timers in self._timers:
            if timers.in_turn and timers.dues.stream == stream:
                timers.in_turn.told(last)

    def gives(self, command: Callable[[Due, datetime], Any]) -> bool:
        """Whether something in it leads to that command."""
        return any(timers.command == command for timers in self._timers)

    @property
    def lags(self) -> bool:
        """Whether rows did not come in time, so that something was left for the next sweep."""
        return any(timers.in_turn.lags for timers in self._timers if timers.in_turn)

    async def positions(self) -> dict[str, int]:
        """Up to where it holds each stream."""
        found: dict[str, int] = {}
        async with self._look():
            for timers in self._timers:
                stream, position = timers.dues.stream, await timers.dues.position()
                found[stream] = min(position, found.get(stream, position))
        return found

    async def holds(self, ends: dict[str, int]) -> bool:
        positions = await self.positions()
        return all(positions[stream] >= end for stream, end in ends.items())

    async def due(self, now: datetime) -> AsyncIterator[tuple[Timers, Sequence[Due]]]:
        """All whose moment has passed, in pages. Mostly there is nothing, so that all are asked for
        their first ones together."""
        async with self._look():
            firsts = [(timers, await timers.dues.page(now, None)) for timers in self._timers]
        for timers, first in firsts:
            page = first
            while page:
                yield timers, page
                page = await timers.dues.page(now, page[-1])

    async def next(self, since: datetime) -> datetime | None:
        """The earliest moment from a moment on."""
        async with self._look():
            moments = [await timers.dues.next(since) for timers in self._timers]
        return min((moment for moment in moments if moment), default=None)
