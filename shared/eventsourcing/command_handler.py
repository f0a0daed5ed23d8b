"""Handles many commands at once: load, decide, append one batch, try again on a conflict."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.contracts.identity import event_id
from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.event_store import AggregateKey, Append, EventStore, NewEvent

LARGEST_BATCH = 500
LOADS_AT_ONCE = 64
CONFLICTS_BORNE = 8


@dataclass(frozen=True, slots=True)
class Envelope:
    """A command with its id and where it comes from; the id makes a repetition harmless."""

    command: Any
    id: str
    correlation_id: str = ""
    causation_id: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one command.

    `sequence` is that of its first event, or of the aggregate's last where it changed nothing.
    `duplicate`: the same command had come before, from another message. `error`: it is forbidden
    (a DomainError) or something of ours failed.
    """

    aggregate_id: str
    sequence: int = 0
    new_events: int = 0
    duplicate: bool = False
    error: Exception | None = None


@dataclass(slots=True)
class Folded:
    """One aggregate as far as we know it; `recorded` maps event ids to (sequence, cause)."""

    state: Any
    sequence: int = 0
    revision: int = 0
    recorded: dict[str, tuple[int, str]] = field(default_factory=dict)

    def copy(self) -> "Folded":
        """To decide on; what is recorded is only added to once it is in the log."""
        return Folded(self.state, self.sequence, self.revision, self.recorded)


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
        self._categories = {
            command: category for category in categories for command in category.commands
        }
        self._now = now
        self._cache_size = cache_size
        self._cache: OrderedDict[AggregateKey, Folded] = OrderedDict()

    async def handle(self, envelopes: Sequence[Envelope]) -> list[Outcome]:
        """The outcomes in the order of the commands; what failed did not disturb the rest."""
        outcomes: list[Outcome] = []
        for start in range(0, len(envelopes), LARGEST_BATCH):
            outcomes += await self._handle(envelopes[start : start + LARGEST_BATCH])
        return outcomes

    async def _handle(self, envelopes: Sequence[Envelope]) -> list[Outcome]:
        keys = [self._key(envelope.command) for envelope in envelopes]
        known = await self._known(keys, envelopes)
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
            return await self._attempt(keys, envelopes, await self._load(keys))
        except ConcurrencyError:
            return await self._one_by_one(keys, envelopes)

    def _key(self, command: Any) -> AggregateKey:
        category = self._categories[type(command)]
        return AggregateKey(category.service, category.name, getattr(command, category.key))

    async def _known(
        self, keys: Sequence[AggregateKey], envelopes: Sequence[Envelope]
    ) -> dict[AggregateKey, Folded]:
        """From the cache, then from the log; what is about to be opened counts as not there yet."""
        known: dict[AggregateKey, Folded] = {}
        missing = []
        for key, envelope in zip(keys, envelopes, strict=True):
            if key in known:
                continue
            category = self._categories[type(envelope.command)]
            cached = self._cache.get(key)
            known[key] = cached or Folded(category.decider.initial_state)
            if cached is None and not category.opens(envelope.command):
                missing.append(key)
        return known | await self._load(missing)

    async def _load(self, keys: Iterable[AggregateKey]) -> dict[AggregateKey, Folded]:
        at_once = asyncio.Semaphore(LOADS_AT_ONCE)

        async def load(key: AggregateKey) -> Folded:
            async with at_once:
                events = await self._store.load(key)
            decider = self._decider(key)
            return Folded(
                state=decider.fold(recorded.event for recorded in events),
                sequence=events[-1].sequence if events else 0,
                revision=events[-1].revision if events else 0,
                recorded={recorded.id: (recorded.sequence, recorded.cause) for recorded in events},
            )

        distinct = list(dict.fromkeys(keys))
        return dict(zip(distinct, await asyncio.gather(*map(load, distinct)), strict=True))

    def _decider(self, key: AggregateKey) -> Decider[Any, Any, Any]:
        return next(c.decider for c in self._categories.values() if c.name == key.category)

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
                    [key] * len(envelopes), envelopes, await self._load([key])
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
            self._remember(key, folded)
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
        decider = self._categories[type(envelope.command)].decider
        events = decider.decide(envelope.command, folded.state)
        if not events and not fresh:
            return Outcome(key.id, folded.sequence)
        if not events:
            return Draft(key, len(fresh) - 1)
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

    def _remember(self, key: AggregateKey, folded: Folded) -> None:
        """Unless somebody in this process has learned more of it meanwhile."""
        cached = self._cache.get(key)
        if cached is None or cached.sequence <= folded.sequence:
            self._cache[key] = folded
        self._cache.move_to_end(key)
        if len(self._cache) > self._cache_size:
            self._cache.popitem(last=False)


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
        and not outcome.duplicate
        and key not in proven
        and event_id(key.id, envelopes[index].id, 0) not in recorded[key]
    ]
