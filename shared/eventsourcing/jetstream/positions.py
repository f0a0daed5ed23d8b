"""How far each reaction and relay has come, in the stream POSITIONS: no loss of SQL moves it."""

import json
from dataclasses import dataclass, field

from nats.aio.client import Client

from shared.eventsourcing.jetstream.append import Publisher, expecting
from shared.eventsourcing.jetstream.ends import newest
from shared.eventsourcing.jetstream.wire import Outgoing


@dataclass(frozen=True)
class Position:
    """`sequence` of the stream that is read; `handles` are the event types (`ce-type`) that were
    handled up to there; `wrote` is how far the stream that is written reached then."""

    sequence: int = 0
    handles: frozenset[str] = field(default_factory=frozenset)
    wrote: int = 0


class PositionKeeper:
    """One reader's position; it moves by compare and set, so that only one can move it."""

    def __init__(self, client: Client, service: str, name: str) -> None:
        self._client = client
        self._publisher = Publisher(client)
        self.name = name
        self.subject = f"position.{service}.{name}"
        self._last = 0
        self.position = Position()
        self.is_unreadable = False

    async def begin(self) -> Position:
        """What stands in the stream; the beginning where that is no position, which costs time and
        nothing else. Raises LogUnavailableError."""
        found = await newest(self._client, "POSITIONS", self.subject)
        self._last = found.sequence if found else 0
        read = _read(found.body) if found else Position()
        self.is_unreadable = read is None
        self.position = read or Position()
        return self.position

    async def move(self, to: Position) -> None:
        """Raises ConcurrencyError if another process has moved it."""
        body = json.dumps(
            {"sequence": to.sequence, "handles": sorted(to.handles), "wrote": to.wrote}
        ).encode()
        outgoing = Outgoing(self.subject, body, expecting(self._last, self.subject))
        self._last = await self._publisher.publish([outgoing])
        self.position = to


def _read(body: bytes) -> Position | None:
    try:
        said = json.loads(body)
        return Position(int(said["sequence"]), frozenset(said["handles"]), int(said["wrote"]))
    except (ValueError, KeyError, TypeError):
        return None
