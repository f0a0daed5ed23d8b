"""Handles many commands at once: load, decide, append one batch, try again on a conflict."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.contracts.identity import event_id
from shared.eventsourcing.aggregates import Aggregates, Folded
from shared.eventsourcing.decider import Category
from shared.eventsourcing.envelope import Envelope, Outcome
from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.event_store import AggregateKey, Append, EventStore, NewEvent

__all__ = ["CommandHandler", "Envelope", "Outcome"]

LARGEST_BATCH = 500
CONFLICTS_BORNE = 8


@dataclass(frozen=True, slots=True)
class Draft:
    """An outcome whose sequence is known once the batch is in the log."""

    key: AggregateKey
    position: int
    new_events: int = 0
    duplicate: bool = False


class CommandHandler:
    def __init__(
        self,
        store: EventStore,
        categories: Sequence[Category],
        now: Callable[[], datetime],
        cache_size: int = 50_000,
    ) -> None:
        self._store = store
        self._aggregates = Aggregates(store, categories, cache_size)
        self._now = now

    async def handle(self, envelopes: Sequence[Envelope]) -> list[Outcome]:
        """The outcomes in the order of the commands; what failed did not disturb the rest."""
        outcomes: list[Outcome] = []
        for start in range(0, len(envelopes), LARGEST_BATCH):
            outcomes += await self._handle(envelopes[start : start + LARGEST_BATCH])
        return outcomes

    async def _handle(self, envelopes: Sequence[Envelope]) -> list[Outcome]:
        keys = [self._aggregates.key(envelope.command) for envelope in envelopes]
        known = await self._aggregates.known(keys, envelopes)
        try:
            outcomes = await self._attempt(keys, envelopes, known)
        except ConcurrencyError:
            return await self._afresh(keys, envelopes)
        recorded = {key: folded.recorded for key, folded in known.items()}
        if doubtful := _doubtful(keys, envelopes, outcomes, recorded):
            again = await self._afresh(
                [keys[index] for index in doubtful], [envelopes[index] for index in doubtful]
            )
            for index, outcome in zip(doubtful, again, strict=True):
                outcomes[index] = outcome
        return outcomes

    async def _afresh(
        self, keys: Sequence[AggregateKey], envelopes: Sequence[Envelope]
    ) -> list[Outcome]:
        try:
            return await self._attempt(keys, envelopes, await self._aggregates.load(keys))
        except ConcurrencyError:
            return await self._one_by_one(keys, envelopes)

    async def _one_by_one(
        self, keys: Sequence[AggregateKey], envelopes: Sequence[Envelope]
    ) -> list[Outcome]:
        """Somebody else is writing too: settle each aggregate by itself; none holds up the rest."""
        positions: dict[AggregateKey, list[int]] = {}
        for index, key in enumerate(keys):
            positions.setdefault(key, []).append(index)
        outcomes: dict[int, Outcome] = {}
        for key, indices in positions.items():
            commands = [envelopes[index] for index in indices]
            outcomes.update(zip(indices, await self._stubbornly(key, commands), strict=True))
        return [outcomes[index] for index in range(len(envelopes))]

    async def _stubbornly(self, key: AggregateKey, envelopes: Sequence[Envelope]) -> list[Outcome]:
        for attempt in range(CONFLICTS_BORNE):
            try:
                return await self._attempt(
                    [key] * len(envelopes), envelopes, await self._aggregates.load([key])
                )
            except ConcurrencyError:
                await asyncio.sleep(0.005 * 2**attempt)
        error = ConcurrencyError(f"{key.category} {key.id} changed {CONFLICTS_BORNE} times running")
        return [Outcome(key.id, error=error) for _ in envelopes]

    async def _attempt(
        self,
        keys: Sequence[AggregateKey],
        envelopes: Sequence[Envelope],
        known: dict[AggregateKey, Folded],
    ) -> list[Outcome]:
        """Decide everything on copies, append, and only then remember."""
        working = {key: folded.copy() for key, folded in known.items()}
        fresh: dict[AggregateKey, list[NewEvent]] = {key: [] for key in known}
        drafts: list[Outcome | Draft] = []
        for key, envelope in zip(keys, envelopes, strict=True):
            try:
                drafts.append(self._decide(key, envelope, working[key], fresh[key]))
            except Exception as error:  # noqa: BLE001  one bad command must not cost the others
                drafts.append(Outcome(key.id, working[key].sequence, error=error))
        first = await self._append(working, fresh)
        for key, folded in working.items():
            for sequence, new in enumerate(fresh[key], first.get(key, 0)):
                folded.recorded[new.id] = (sequence, new.cause)
                folded.sequence = sequence
            self._aggregates.remember(key, folded)
        return [
            draft
            if isinstance(draft, Outcome)
            else Outcome(
                draft.key.id, first[draft.key] + draft.position, draft.new_events, draft.duplicate
            )
            for draft in drafts
        ]

    def _decide(
        self, key: AggregateKey, envelope: Envelope, folded: Folded, fresh: list[NewEvent]
    ) -> Outcome | Draft:
        first_id = event_id(key.id, envelope.id, 0)
        if earlier := folded.recorded.get(first_id):
            return Outcome(key.id, earlier[0], duplicate=earlier[1] != envelope.cause)
        for position, new in enumerate(fresh):
            if new.id == first_id:
                return Draft(key, position, duplicate=True)
        decider = self._aggregates.decider(key)
        events = decider.decide(envelope.command, folded.state)
        if not events and not fresh:
            return Outcome(key.id, folded.sequence, duplicate=True)
        if not events:
            return Draft(key, len(fresh) - 1, duplicate=True)
        position, recorded_at = len(fresh), self._now()
        for index, event in enumerate(events):
            folded.state = decider.evolve(folded.state, event)
            folded.revision += 1
            fresh.append(
                NewEvent(
                    first_id if index == 0 else event_id(key.id, envelope.id, index),
                    event,
                    folded.revision,
                    recorded_at,
                    envelope.correlation_id,
                    envelope.causation_id,
                    envelope.cause,
                )
            )
        return Draft(key, position, len(events))

    async def _append(
        self, working: dict[AggregateKey, Folded], fresh: dict[AggregateKey, list[NewEvent]]
    ) -> dict[AggregateKey, int]:
        """The sequence of each aggregate's first new event. Batches keep an aggregate whole."""
        first: dict[AggregateKey, int] = {}
        batch: list[Append] = []
        size = 0

        async def flush() -> None:
            nonlocal batch, size
            sequences = await self._store.append(batch) if batch else []
            first.update(zip((append.key for append in batch), sequences, strict=True))
            batch, size = [], 0

        for key, news in fresh.items():
            if news:
                if size + len(news) > LARGEST_BATCH:
                    await flush()
                batch.append(Append(key, working[key].sequence, news))
                size += len(news)
        await flush()
        return first


def _doubtful(
    keys: Sequence[AggregateKey],
    envelopes: Sequence[Envelope],
    outcomes: Sequence[Outcome],
    recorded: Mapping[AggregateKey, Mapping[str, tuple[int, str]]],
) -> list[int]:
    """What was refused or changed nothing, by a remembered state that no append has proven: others
    may have written meanwhile."""
    proven = {key for key, outcome in zip(keys, outcomes, strict=True) if outcome.new_events}
    return [
        index
        for index, (key, outcome) in enumerate(zip(keys, outcomes, strict=True))
        if not outcome.new_events
        and key not in proven
        and event_id(key.id, envelopes[index].id, 0) not in recorded[key]
    ]
