"""Connections that ask for nothing do not take the room of those who do."""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST = 900  # below the usual limit of 1,024 open files; database and log need some too
ACCEPTED_AT_ONCE = 100  # beyond the most, before others have gone
ASKS_WITHIN_S, READS_WITHIN_S = 10.0, 60.0
LOOKS_EVERY_S = 2.0


class Connection(H11Protocol):
    """uvicorn waits for ever for the first request, and for the rest of a later one that began."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.idle_since = self.loop.time()
        self._looking = self.loop.call_later(LOOKS_EVERY_S, self._look)
        if len(self.connections) > MOST:
            self._make_room()

    def connection_lost(self, exc: Exception | None) -> None:
        self._looking.cancel()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        self.idle_since = self.loop.time()
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

    def _make_room(self) -> None:
        """Whoever has asked for nothing whole for longest goes; if there is none, the newcomer."""
        others = [each for each in self.connections if isinstance(each, Connection)]
        idle = [each for each in others if not (each.is_served or each.transport.is_closing())]
        longest = min(idle, key=lambda each: each.idle_since, default=self)
        longest.transport.abort()
