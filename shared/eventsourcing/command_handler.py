"""Handles many commands at once: load, decide, append one batch, try again on a conflict."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from shared.contracts.identity import event_id
from shared.eventsourcing.aggregates import Aggregates, Known
from shared.eventsourcing.batches import LARGEST_BATCH, Fresh, append_all
from shared.eventsourcing.decider import Category
from shared.eventsourcing.envelope import Envelope, Outcome
from shared.eventsourcing.errors import ConcurrencyError, RefusedAppendError, TooLargeError
from shared.eventsourcing.event_store import (
    AggregateKey,
    EventStore,
    NewEvent,
    nobody_listens,
)
from shared.eventsourcing.folded import Folded
from shared.eventsourcing.recorded import Earlier
from shared.eventsourcing.snapshots import NoSnapshots, Snapshots

__all__ = ["CommandHandler", "Envelope", "Outcome"]

CONFLICTS_BORNE = 8
REMEMBERED_BYTES = 64 * 1024 * 1024
NOT_STORABLE = (TooLargeError, RefusedAppendError)


class Draft(NamedTuple):
    """An outcome whose sequence is known once the batch is in the log: that of an event of what the
    command at `place` led to, counted from 0."""

    key: AggregateKey
    place: int
    offset: int = 0
    new_events: int = 0
    duplicate: bool = False


@dataclass(slots=True)
class Decided:
    """What a batch led to so far, in the order of the commands; and where each event is in it.
    All of it is recorded at `now`."""

    now: datetime
    fresh: list[Fresh] = field(default_factory=list)
    first: dict[str, int] = field(default_factory=dict)
    newest: dict[AggregateKey, int] = field(default_factory=dict)

    def add(self, key: AggregateKey, events: Sequence[NewEvent]) -> int:
        place = len(self.fresh)
        self.fresh.append((key, events))
        self.first[events[0].id] = self.newest[key] = place
        return place


class CommandHandler:
    def __init__(
        self,
        store: EventStore,
        categories: Sequence[Category],
        now: Callable[[], datetime],
        snapshots: Snapshots | None = None,
        remembered_bytes: int = REMEMBERED_BYTES,
    ) -> None:
        self._store = store
        self._aggregates = Aggregates(
            store, categories, snapshots or NoSnapshots(), remembered_bytes
        )
        self._now = now

    def keys(self, envelopes: Sequence[Envelope]) -> set[AggregateKey]:
        """The aggregates that the commands are for."""
        return {self._aggregates.key(envelope.command) for envelope in envelopes}

    async def handle(
        self, envelopes: Sequence[Envelope], sent: Callable[[], None] = nobody_listens
    ) -> list[Outcome]:
        """The outcomes in the order of the commands; what failed did not disturb the rest.

        `sent` is called once all that was decided is under way into the log: commands for other
        aggregates may be handled from then on, and what they lead to comes after it.
        """
        outcomes: list[Outcome] = []
        for start in range(0, len(envelopes), LARGEST_BATCH):
            end = start + LARGEST_BATCH
            tell = sent if end >= len(envelopes) else nobody_listens
            outcomes += await self._handle(envelopes[start:end], tell)
        return outcomes

    async def _handle(
        self, envelopes: Sequence[Envelope], sent: Callable[[], None]
    ) -> list[Outcome]:
        keys = [self._aggregates.key(envelope.command) for envelope in envelopes]
        known = await self._aggregates.known(keys, envelopes)
        try:
            outcomes = await self._attempt(keys, envelopes, known, sent)
        except ConcurrencyError:
            return await self._afresh(keys, envelopes, known)
        except NOT_STORABLE:
            return await self._one_by_one(keys, envelopes)
        if doubtful := _doubtful(keys, envelopes, outcomes, known):
            again = await self._afresh(
                [keys[index] for index in doubtful],
                [envelopes[index] for index in doubtful],
                {keys[index]: known[keys[index]] for index in doubtful},
            )
            for index, outcome in zip(doubtful, again, strict=True):
                outcomes[index] = outcome
        return outcomes

    async def _afresh(
        self, keys: Sequence[AggregateKey], envelopes: Sequence[Envelope], known: Known
    ) -> list[Outcome]:
        try:
            known = await self._aggregates.refreshed(known)
            return await self._attempt(keys, envelopes, known)
        except (ConcurrencyError, *NOT_STORABLE):
            return await self._one_by_one(keys, envelopes)

    async def _one_by_one(
        self, keys: Sequence[AggregateKey], envelopes: Sequence[Envelope]
    ) -> list[Outcome]:
        """Settle each aggregate by itself, for the log does not say which one stands in the way:
        somebody else writes it too, or it is more than the log takes. None holds up the rest."""
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
            except NOT_STORABLE as error:
                if len(envelopes) == 1:
                    return [Outcome(key.id, error=error)]
                alone = [await self._stubbornly(key, [envelope]) for envelope in envelopes]
                return [outcome for outcomes in alone for outcome in outcomes]
        conflict = ConcurrencyError(f"a {key.category} changed {CONFLICTS_BORNE} times running")
        return [Outcome(key.id, error=conflict) for _ in envelopes]

    async def _attempt(
        self,
        keys: Sequence[AggregateKey],
        envelopes: Sequence[Envelope],
        known: Known,
        sent: Callable[[], None] = nobody_listens,
    ) -> list[Outcome]:
        """Decide everything on copies, append, and only then remember."""
        working = {key: each.copy() for key, each in known.items() if isinstance(each, Folded)}
        decided = Decided(self._now())
        drafts: list[Outcome | Draft] = []
        for key, envelope in zip(keys, envelopes, strict=True):
            unknown = known[key]
            if isinstance(unknown, Exception):
                drafts.append(Outcome(key.id, error=unknown))
                continue
            try:
                drafts.append(self._decide(key, envelope, working[key], decided))
            except Exception as error:  # noqa: BLE001  one bad command must not cost the others
                drafts.append(Outcome(key.id, working[key].sequence, error=error))
        expected = {key: folded.sequence for key, folded in working.items()}
        sequences = await append_all(self._store, expected, decided.fresh, sent)
        for (key, events), first in zip(decided.fresh, sequences, strict=True):
            for sequence, new in enumerate(events, first):
                working[key].add(new.id, sequence, new.cause)
        for key, folded in working.items():
            await self._aggregates.remember(key, folded)
        return [
            draft
            if isinstance(draft, Outcome)
            else Outcome(
                draft.key.id,
                sequences[draft.place] + draft.offset,
                draft.new_events,
                draft.duplicate,
                stream=draft.key.stream,
            )
            for draft in drafts
        ]

    def _decide(
        self, key: AggregateKey, envelope: Envelope, folded: Folded, decided: Decided
    ) -> Outcome | Draft:
        """All events of a command or none: the state changes only when every one of them folds."""
        first_id = event_id(key.id, envelope.id, 0)
        if earlier := _earlier(key, envelope, folded):
            there, again = earlier.sequence, not earlier.same_cause
            return Outcome(key.id, there, duplicate=again, stream=key.stream)
        if (place := decided.first.get(first_id)) is not None:
            return Draft(key, place, duplicate=True)
        decider = self._aggregates.decider(key)
        events = decider.decide(envelope.command, folded.state)
        if not events:
            if (place := decided.newest.get(key)) is None:
                return Outcome(key.id, folded.sequence, duplicate=True, stream=key.stream)
            return Draft(key, place, len(decided.fresh[place][1]) - 1, duplicate=True)
        state, recorded_at = folded.state, max(envelope.at or decided.now, decided.now)
        news, actor = [], envelope.actor.text
        for index, event in enumerate(events):
            state = decider.evolve(state, event)
            news.append(
                NewEvent(
                    first_id if index == 0 else event_id(key.id, envelope.id, index),
                    event,
                    folded.revision + index + 1,
                    recorded_at,
                    envelope.correlation_id,
                    envelope.causation_id,
                    envelope.cause,
                    actor=actor,
                )
            )
        folded.state, folded.revision = state, folded.revision + len(news)
        return Draft(key, decided.add(key, news), new_events=len(news))


def _doubtful(
    keys: Sequence[AggregateKey],
    envelopes: Sequence[Envelope],
    outcomes: Sequence[Outcome],
    known: Known,
) -> list[int]:
    """What was refused or changed nothing, by a remembered state that no append has proven: others
    may have written meanwhile."""
    proven = {key for key, outcome in zip(keys, outcomes, strict=True) if outcome.new_events}
    return [
        index
        for index, (key, outcome) in enumerate(zip(keys, outcomes, strict=True))
        if not outcome.new_events
        and key not in proven
        and isinstance(folded := known[key], Folded)
        and _earlier(key, envelopes[index], folded) is None
    ]


def _earlier(key: AggregateKey, envelope: Envelope, folded: Folded) -> Earlier | None:
    """What the command led to before, under the id that it has now or had in older versions."""
    if not folded.revision:
        return None
    ids = (envelope.id, envelope.former_id) if envelope.former_id else (envelope.id,)
    for each in ids:
        if found := folded.recorded.find(event_id(key.id, each, 0), envelope.cause):
            return found
    return None
