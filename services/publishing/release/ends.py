"""Qualifications that are out and ended since: which ends may be told, and under which cell."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from services.publishing.release.cells import Cell
from services.publishing.release.outcomes import told
from shared.contracts.member import QualificationEnded
from shared.contracts.values import Id
from shared.eventsourcing.event_store import RecordedEvent

Who = tuple[Id, str]
"""A member on a track."""


class End(NamedTuple):
    who: Who
    cell: Cell
    recorded: RecordedEvent
    event: QualificationEnded


class _Waiting(NamedTuple):
    recorded: RecordedEvent
    event: QualificationEnded


@dataclass(slots=True)
class _Tally:
    """Of one public cell: who is told to be qualified there, and whose end waits, by its kind."""

    left: set[Who] = field(default_factory=set)
    waiting: dict[str, dict[Who, _Waiting]] = field(default_factory=dict)


class Ends:
    """An end is told under the cell of its qualification, so that no later place tells more of it;
    many of a kind at a time, and never so that few are left."""

    def __init__(self) -> None:
        self._out: dict[Who, _Tally] = {}
        self._tallies: dict[tuple[Hashable, Cell], _Tally] = {}

    @property
    def held(self) -> int:
        return sum(
            len(those) for tally in self._tallies.values() for those in tally.waiting.values()
        )

    def began(self, who: Who, group: Hashable, cell: Cell) -> None:
        """A release tells that they qualified."""
        tally = self._tallies.setdefault((group, cell), _Tally())
        tally.left.add(who)
        self._out[who] = tally

    def stands_again(self, who: Who) -> bool:
        """Who qualifies again before their end was told stands as they were."""
        if who not in self._out:
            return False
        for those in self._out[who].waiting.values():
            those.pop(who, None)
        return True

    def end(self, recorded: RecordedEvent, event: QualificationEnded) -> None:
        """Of somebody who became confidential nothing more is told."""
        who = event.member_id, event.track
        if who in self._out and not event.confidential:
            kinds = self._out[who].waiting
            kinds.setdefault(type(event).__name__, {})[who] = _Waiting(recorded, event)

    def release(self, smallest: int) -> Iterator[End]:
        for (_, cell), tally in self._tallies.items():
            for kind in told(tally.left, tally.waiting, smallest):
                gone = tally.waiting.pop(kind)
                tally.left -= gone.keys()
                for who, each in gone.items():
                    del self._out[who]
                    yield End(who, cell, *each)
