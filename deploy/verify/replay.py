"""Rows made anew in a database of their own, mostly while their log is read for its own proof."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager

from sqlalchemy import Connection, Engine

from deploy.looking.reading import batches
from deploy.verify.case import Case
from deploy.verify.scratch import PREFIX
from shared.eventsourcing.projections.decoding import Decoded
from shared.eventsourcing.projections.meanwhile import fresh_database
from shared.eventsourcing.projections.projector import REPLAY_BATCH, Projector
from shared.eventsourcing.projections.read_model import ReadModel

CACHE_MB = 16
"""For the live rows and the fresh ones each: with more a proof is no faster, only larger."""


class Replay:
    """`models` of one service that are at the same `positions`, by stream. Use `replay`."""

    def __init__(
        self, case: Case, models: Sequence[ReadModel], positions: Mapping[str, int], fresh: Engine
    ) -> None:
        self.models, self.positions = models, positions
        self._case, self._fresh = case, fresh
        self._projectors = {
            stream: Projector(fresh, models, stream, case.codec, tells=False)
            for stream in positions
        }
        self._waiting = {stream: Decoded([], []) for stream in positions}
        self._reached = {stream: each.begin() for stream, each in self._projectors.items()}

    def take(self, stream: str, batch: Decoded, last: int) -> None:
        """What others read of a stream, from its beginning on; as far as the live rows are."""
        at, reached = self.positions.get(stream, 0), self._reached.get(stream, 0)
        if reached >= at:
            return
        waiting = self._waiting[stream]
        waiting.events.extend([each for each in batch.events if each.sequence <= at])
        waiting.unreadable.extend([each for each in batch.unreadable if each[0].sequence <= at])
        self._reached[stream] = min(last, at)
        if len(waiting.events) >= REPLAY_BATCH:
            self._settle(stream)

    async def finish(self) -> None:
        """Reads what nobody has read yet, which is little, or of streams that nobody reads."""
        for stream, at in self.positions.items():
            if (start := self._reached[stream] + 1) <= at:
                read = batches(self._case.client, stream, at, start=start)
                async with aclosing(read) as found:
                    async for batch in found:
                        last = batch[-1].sequence
                        self.take(stream, self._projectors[stream].decoded(batch), last)
                        self._case.moved(stream, last, at)
            self._settle(stream)

    def _settle(self, stream: str) -> None:
        if (last := self._reached[stream]) > self._projectors[stream].position:
            self._projectors[stream].settle_now(self._waiting[stream], last)
            self._waiting[stream] = Decoded([], [])

    @contextmanager
    def rows(self) -> Iterator[Connection]:
        with self._fresh.connect().execution_options(reads_only=True) as anew:
            yield anew


@contextmanager
def replay(
    case: Case, models: Sequence[ReadModel], positions: Mapping[str, int]
) -> Iterator[Replay]:
    """Raises NoRoomError."""
    with fresh_database(PREFIX, models, CACHE_MB) as fresh:
        yield Replay(case, models, positions, fresh)
