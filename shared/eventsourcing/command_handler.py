"""Handles many commands at once: load, decide, append one batch, try again on a conflict."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from shared.eventsourcing.aggregates import Aggregates, Known
from shared.eventsourcing.batches import LARGEST_BATCH, append_all
from shared.eventsourcing.decider import Category
from shared.eventsourcing.deciding import Decided, decide
from shared.eventsourcing.envelope import Envelope, Outcome
from shared.eventsourcing.errors import ConcurrencyError, RefusedAppendError, TooLargeError
from shared.eventsourcing.event_store import AggregateKey, EventStore, nobody_listens
from shared.eventsourcing.snapshots import NoSnapshots, Snapshots

CONFLICTS_BORNE = 8
REMEMBERED_BYTES = 64 * 1024 * 1024
NOT_STORABLE = (TooLargeError, RefusedAppendError)


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
        """The aggregates that the commands are for, or are decided with."""
        own = {self._aggregates.key(envelope.command) for envelope in envelopes}
        return own | self._aggregates.looked_at_by(envelopes)

    async def state_after(self, command: object) -> Any:
        """What the aggregate of a command is in by now: as remembered, unless the log has gone on,
        for other processes write it, too. Raises what keeps it from being loaded."""
        key = self._aggregates.key(command)
        if remembered := self._aggregates.remembered(key):
            folded = (await self._aggregates.refreshed({key: remembered}))[key]
        else:
            folded = (await self._aggregates.load([key]))[key]
        if isinstance(folded, Exception):
            raise folded
        return folded.state

    async def carry_out(self, envelope: Envelope) -> Outcome:
        """One command. Raises what it failed of."""
        (outcome,) = await self.handle([envelope])
        if outcome.error:
            raise outcome.error
        return outcome

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
        batch = await self._decided(keys, envelopes, known)
        try:
            outcomes = await self._carry_out(batch, sent)
        except ConcurrencyError:
            return await self._afresh(keys, envelopes, known)
        except NOT_STORABLE:
            return await self._apart(keys, envelopes)
        if doubtful := batch.unproven:
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
            return await self._apart(keys, envelopes)

    async def _apart(
        self, keys: Sequence[AggregateKey], envelopes: Sequence[Envelope]
    ) -> list[Outcome]:
        """The aggregates in halves, for the log does not say which one stands in the way: somebody
        else writes it too, or it is more than the log takes. It ends up alone, and the rest goes
        in as few appends as there may be."""
        positions: dict[AggregateKey, list[int]] = {}
        for index, key in enumerate(keys):
            positions.setdefault(key, []).append(index)
        if len(positions) == 1:
            return await self._stubbornly(keys[0], envelopes)
        groups = list(positions.values())
        outcomes: dict[int, Outcome] = {}
        for half in (groups[: len(groups) // 2], groups[len(groups) // 2 :]):
            indices = sorted(chain.from_iterable(half))
            settled = await self._half([keys[i] for i in indices], [envelopes[i] for i in indices])
            outcomes.update(zip(indices, settled, strict=True))
        return [outcomes[index] for index in range(len(envelopes))]

    async def _half(
        self, keys: Sequence[AggregateKey], envelopes: Sequence[Envelope]
    ) -> list[Outcome]:
        try:
            return await self._attempt(keys, envelopes, await self._aggregates.load(keys))
        except (ConcurrencyError, *NOT_STORABLE):
            return await self._apart(keys, envelopes)

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
        self, keys: Sequence[AggregateKey], envelopes: Sequence[Envelope], known: Known
    ) -> list[Outcome]:
        return await self._carry_out(await self._decided(keys, envelopes, known))

    async def _decided(
        self, keys: Sequence[AggregateKey], envelopes: Sequence[Envelope], known: Known
    ) -> Decided:
        known, of = await self._aggregates.with_looks(known, envelopes), self._aggregates
        return decide(keys, envelopes, known, of.decider, self._now(), of.seen)

    async def _carry_out(
        self, batch: Decided, sent: Callable[[], None] = nobody_listens
    ) -> list[Outcome]:
        """Append, and only then remember."""
        sequences = await append_all(self._store, batch.expected, batch.fresh, sent)
        for (key, events), first in zip(batch.fresh, sequences, strict=True):
            for sequence, new in enumerate(events, first):
                batch.states[key].add(new.id, sequence, new.cause)
        for key, folded in batch.states.items():
            await self._aggregates.remember(key, folded)
        return [
            draft if isinstance(draft, Outcome) else draft.outcome(sequences)
            for draft in batch.drafts
        ]
