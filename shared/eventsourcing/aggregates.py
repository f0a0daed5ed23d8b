"""Folded states of aggregates: from memory, from a snapshot and what came since, from the log."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.event_store import (
    AggregateKey,
    EventStore,
    Loaded,
    RecordedEvent,
    Since,
)
from shared.eventsourcing.folded import Folded
from shared.eventsourcing.memory import Memory
from shared.eventsourcing.recorded import Recorded
from shared.eventsourcing.snapshots import Snapshot, Snapshots, form_of

Known = dict[AggregateKey, Folded | Exception]
"""Or why an aggregate can't be known: that stands against its commands, and against no others."""

SNAPSHOT_EVERY = 1_000


class Aggregates:
    """`remembered_bytes` is how much room states may take in memory, by estimate."""

    def __init__(
        self,
        store: EventStore,
        categories: Sequence[Category],
        snapshots: Snapshots,
        remembered_bytes: int,
    ) -> None:
        self._store = store
        self._by_command = {
            command: category for category in categories for command in category.decides
        }
        self._by_name = {category.name: category for category in categories}
        self._looks = {
            category.look.command: (category.service, category.look)
            for category in categories
            if category.look
        }
        self._check_looks()
        self._snapshots = snapshots
        self._memory = Memory(remembered_bytes)

    def key(self, command: Any) -> AggregateKey:
        category = self._by_command[type(command)]
        return AggregateKey(category.service, category.name, getattr(command, category.key))

    def looked_at(self, command: Any) -> AggregateKey | None:
        """The other aggregate that a command is decided with, if there is one."""
        if (found := self._looks.get(type(command))) is None:
            return None
        service, look = found
        other = look.at(command)
        return AggregateKey(service, look.category, other) if other else None

    def looked_at_by(self, envelopes: Sequence[Envelope]) -> set[AggregateKey]:
        commands = [each.command for each in envelopes if type(each.command) in self._looks]
        return {key for each in commands if (key := self.looked_at(each))}

    def seen(self, command: Any, other: Callable[[AggregateKey], Folded | Exception]) -> Any:
        """The command that is decided. Raises what keeps the other aggregate from being known."""
        if type(command) not in self._looks or (key := self.looked_at(command)) is None:
            return command
        if isinstance(found := other(key), Exception):
            raise found
        return self._looks[type(command)][1].seen(command, found.state)

    async def with_looks(self, known: Known, envelopes: Sequence[Envelope]) -> Known:
        """And the aggregates that commands are decided with: from memory what stays as it is, else
        loaded."""
        if not self._looks:
            return known
        missing = []
        for command in [each.command for each in envelopes if type(each.command) in self._looks]:
            if (key := self.looked_at(command)) is None or key in known:
                continue
            cached = self._memory.get(key)
            if cached and self._looks[type(command)][1].stays(cached.state):
                known[key] = cached
            else:
                missing.append(key)
        return known | await self.load(missing) if missing else known

    def _check_looks(self) -> None:
        """Raises ValueError: nobody is to find out by a command."""
        for _, look in self._looks.values():
            if look.category not in self._by_name:
                raise ValueError(f"{look.command.__name__} is decided with a {look.category}")

    async def known(self, keys: Sequence[AggregateKey], envelopes: Sequence[Envelope]) -> Known:
        """From memory, else loaded; what is about to be opened counts as not there yet."""
        known: Known = {}
        missing = []
        for key, envelope in zip(keys, envelopes, strict=True):
            if key in known:
                continue
            category = self._by_command[type(envelope.command)]
            cached = self._memory.get(key)
            known[key] = cached or Folded(category.decider.initial_state)
            if cached is None and not category.opens(envelope.command):
                missing.append(key)
        return known | await self.load(missing)

    def remembered(self, key: AggregateKey) -> Folded | None:
        return self._memory.get(key)

    async def refreshed(self, known: Known) -> Known:
        """The same, or loaded where the log has gone on; 500 remembered ones cost five questions,
        of which none reads an aggregate's history."""
        ends = await self._store.ends(list(known))
        stale = [
            key
            for key, folded in known.items()
            if not isinstance(folded, Folded) or ends.get(key) != (folded.sequence, folded.last_id)
        ]
        return known | await self.load(stale)

    async def load(self, keys: Iterable[AggregateKey]) -> Known:
        """From snapshots and the log, whatever is remembered."""
        wanted = list(dict.fromkeys(keys))
        known = await self._from_snapshots(wanted)
        rest = [key for key in wanted if key not in known]
        found = await self._store.load_all(rest) if rest else {}
        known |= {key: self._folded(key, loaded) for key, loaded in found.items()}
        for key, folded in known.items():
            if isinstance(folded, Folded):
                await self.remember(key, folded)
        return known

    async def _from_snapshots(self, keys: Sequence[AggregateKey]) -> Known:
        """Those of which the log says that what their snapshot knows is so."""
        known: Known = {}
        for category in self._by_name.values():
            own = [key for key in keys if key.category == category.name]
            if category.kept is None or not own:
                continue
            kept = await self._snapshots.read(own, form_of(category))
            found = await asyncio.gather(*(self._since(key, kept[key]) for key in kept))
            known |= {
                key: self._folded(key, loaded, kept[key])
                for key, loaded in zip(kept, found, strict=True)
                if loaded is not None
            }
        return known

    async def _since(
        self, key: AggregateKey, kept: Snapshot
    ) -> list[RecordedEvent] | Exception | None:
        since = Since(kept.sequence, kept.revision, kept.last_id)
        try:
            return await self._store.load_since(key, since)
        except Exception as error:  # noqa: BLE001  one that can't be loaded costs itself only
            return error

    def _folded(
        self, key: AggregateKey, events: Loaded, kept: Snapshot | None = None
    ) -> Folded | Exception:
        if isinstance(events, Exception):
            return events
        category = self._by_name[key.category]
        try:
            folded = _unpacked(category, kept) if kept else Folded(category.decider.initial_state)
            for recorded in events:
                folded.state = category.decider.evolve(folded.state, recorded.event)
        except Exception as error:  # noqa: BLE001  a fold that fails costs this aggregate only
            return error
        for recorded in events:
            folded.add(recorded.id, recorded.sequence, recorded.cause)
        folded.revision = events[-1].revision if events else folded.revision
        return folded

    def decider(self, key: AggregateKey) -> Decider[Any, Any, Any]:
        return self._by_name[key.category].decider

    async def remember(self, key: AggregateKey, folded: Folded) -> None:
        """Unless somebody in this process has learned more of it meanwhile."""
        category = self._by_name[key.category]
        if category.kept is None or folded.revision - folded.kept < SNAPSHOT_EVERY:
            self._memory.remember(key, folded)
        else:
            snapshot = Snapshot(
                folded.sequence,
                folded.revision,
                folded.last_id,
                category.kept.dump(folded.state),
                folded.recorded.pack(),
            )
            folded.state, folded.kept = category.kept.load(snapshot.state), folded.revision
            self._memory.remember(key, folded)
            await self._snapshots.write(key, form_of(category), snapshot)


def _unpacked(category: Category, kept: Snapshot) -> Folded:
    assert category.kept is not None  # noqa: S101
    return Folded(
        category.kept.load(kept.state),
        kept.sequence,
        kept.revision,
        Recorded(kept.recorded),
        kept.last_id,
        kept.revision,
    )
