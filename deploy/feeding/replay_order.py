"""What must wait for what in a replay: which sweep has to come before which event."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from deploy.feeding.replay_clock import midnight, midnight_after
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.mapping import UpstreamEvent

AHEAD = 1_000
NONE = datetime.min.replace(tzinfo=UTC)


class Course:
    """Events in their order, each written once.

    A sweep at a midnight M and an event from after M change one another's outcome only where the
    event is about something that was due before M: its claim, or the promise itself. All others
    may be sent before that sweep.
    """

    def __init__(self, events: Sequence[UpstreamEvent]) -> None:
        self._events = events
        self._written: dict[int, Outgoing] = {}
        self._dues: list[datetime | None] = []
        self._sweeps: list[datetime] = []
        self._late_from: dict[str, datetime] = {}

    def __len__(self) -> int:
        return len(self._events)

    def at(self, index: int) -> datetime:
        return self._events[index].at

    def due(self, index: int) -> datetime | None:
        """When that falls due which the event promises; None where it promises nothing."""
        self._read_on(index)
        return self._dues[index]

    def sweep_before(self, index: int) -> datetime:
        """The last midnight whose sweep, if there is one, has to come before the event."""
        self._read_on(index)
        return self._sweeps[index]

    def _read_on(self, until: int) -> None:
        for index in range(len(self._dues), until + 1):
            due, sweep = self._read(index)
            self._dues.append(due)
            self._sweeps.append(sweep)

    def _read(self, index: int) -> tuple[datetime | None, datetime]:
        """What can not be read will be refused, and is waited for as what may be anything."""
        event = self._events[index]
        if event.kind.startswith("report."):
            return None, NONE
        last = midnight(event.at)
        due = None
        try:
            body = json.loads(self._message(index).body)
            commitment = str(body["commitment"])
            if event.kind == "commitment.made":
                due = datetime.fromisoformat(body["due_at"]).astimezone(UTC)
                self._late_from[commitment] = midnight_after(due)
        except (ValueError, KeyError, TypeError, OverflowError):
            return None, last
        late_from = self._late_from.get(commitment, last)
        if late_from > last:
            return due, NONE
        return due, last if due else late_from

    def _message(self, index: int) -> Outgoing:
        if index not in self._written:
            self._written[index] = self._events[index].outgoing()
        return self._written[index]

    def take(self, start: int, until: int) -> list[Outgoing]:
        """The messages, which are forgotten: each is sent once."""
        self._read_on(until - 1)
        taken = [self._message(index) for index in range(start, until)]
        for index in range(start, until):
            del self._written[index]
        return taken

    def write_ahead(self, start: int) -> None:
        """While others are answered."""
        for index in range(start, min(start + AHEAD, len(self._events))):
            self._message(index)
