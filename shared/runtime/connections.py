"""Connections that ask for nothing do not take the room of those who do."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from shared.web.addresses import NOBODY, Addresses

ASKS_WITHIN_S, READS_WITHIN_S = 10.0, 60.0
LOOKS_EVERY_S = 2.0


@dataclass
class Crowd:
    """All at one door: at `most` so many, and `each` so many from one address (0: no limit)."""

    most: int
    each: int = 0
    addresses: Addresses = field(default_factory=Addresses)
    _from: Counter[str] = field(default_factory=Counter)
    _waiting: dict["Connection", None] = field(default_factory=dict)

    def comes(self, newcomer: "Connection", peer: str) -> None:
        self.waits(newcomer)
        newcomer.address = self.addresses.of_peer(peer)
        if newcomer.address is not None:
            self._from[newcomer.address] += 1
            if self.each and self._from[newcomer.address] > self.each:
                newcomer.transport.abort()
                return
        if len(newcomer.connections) > self.most:
            self._longest_waiting(newcomer).transport.abort()

    def goes(self, leaver: "Connection") -> None:
        self._waiting.pop(leaver, None)
        if leaver.address is not None:
            self._from[leaver.address] -= 1
            if not self._from[leaver.address]:
                del self._from[leaver.address]

    def waits(self, connection: "Connection") -> None:
        """From now on, and later than all others."""
        self._waiting.pop(connection, None)
        self._waiting[connection] = None

    def _longest_waiting(self, newcomer: "Connection") -> "Connection":
        """Who has asked for nothing whole for longest; if there is none, the newcomer. Who is found
        to be served is looked at again once that is over, and not each time."""
        while self._waiting:
            first = next(iter(self._waiting))
            del self._waiting[first]
            if not (first.is_served or first.transport.is_closing()):
                return first
        return newcomer


class Connection(H11Protocol):
    """uvicorn waits for ever for the first request, and for the rest of a later one that began."""

    address: str | None = None

    def __init__(self, *given: Any, crowd: Crowd, **named: Any) -> None:
        super().__init__(*given, **named)
        self._crowd = crowd

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.idle_since = self.loop.time()
        self._looking = self.loop.call_later(LOOKS_EVERY_S, self._look)
        self._crowd.comes(self, self.client[0] if self.client else NOBODY)

    def connection_lost(self, exc: Exception | None) -> None:
        self._looking.cancel()
        self._crowd.goes(self)
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        self.idle_since = self.loop.time()
        if not self.transport.is_closing():
            self._crowd.waits(self)
        super().on_response_complete()

    @property
    def is_busy(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    @property
    def is_served(self) -> bool:
        """Whoever does not send the body of a request could keep others out with it."""
        return self.is_busy and not self.cycle.more_body

    def _look(self) -> None:
        patience = READS_WITHIN_S if self.transport.get_write_buffer_size() else ASKS_WITHIN_S
        if not self.is_busy and self.loop.time() - self.idle_since > patience:
            self.transport.abort()
            return
        self._looking = self.loop.call_later(LOOKS_EVERY_S, self._look)
