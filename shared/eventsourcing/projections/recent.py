"""The last batches of those who stand, for whoever catches up with them: they wait for nobody."""

from collections import deque
from typing import NamedTuple

from shared.eventsourcing.projections.decoding import Decoded

MESSAGES_KEPT = 2000


class Batch(NamedTuple):
    """What stands behind the sequence `after`, up to and including `last`."""

    after: int
    decoded: Decoded
    last: int

    @property
    def messages(self) -> int:
        """Also those in which nobody reads an event."""
        return self.last - self.after


class Recent:
    """Batches without a gap between them, as long as `wanted`; a handful of them, or the last one.

    Who is at most so far behind needs no reader any more to be where the others are.
    """

    def __init__(self) -> None:
        self.batches: deque[Batch] = deque()
        self.wanted = False
        self._messages = 0

    def note(self, batch: Batch) -> None:
        if not self.wanted:
            self.clear()
            return
        self.batches.append(batch)
        self._messages += batch.messages
        while self._messages - self.batches[0].messages >= MESSAGES_KEPT:
            self._messages -= self.batches.popleft().messages

    def clear(self) -> None:
        self.batches.clear()
        self._messages = 0

    def since(self, position: int) -> int:
        """The sequence from which on all is here, for those at `position`."""
        return self.batches[0].after if self.batches else position
