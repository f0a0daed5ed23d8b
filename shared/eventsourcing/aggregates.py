"""Folded states of aggregates: the newest ones from memory, the others from the log."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.event_store import AggregateKey, EventStore, Loaded


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


Known = dict[AggregateKey, Folded | Exception]
"""Or why an aggregate can't be known: that stands against its commands, and against no others."""


class Aggregates:
    """`remembered` is how many states stay in memory."""

    def __init__(self, store: EventStore, categories: Sequence[Category], remembered: int) -> None:
        self._store = store
        self._by_command = {
            command: category for category in categories for command in category.decides
        }
        self._by_name = {category.name: category for category in categories}
        self._remembered = remembered
        self._cache: OrderedDict[AggregateKey, Folded] = OrderedDict()

    def key(self, command: Any) -> AggregateKey:
        category = self._by_command[type(command)]
        return AggregateKey(category.service, category.name, getattr(command, category.key))

    async def known(self, keys: Sequence[AggregateKey], envelopes: Sequence[Envelope]) -> Known:
        """From the cache, then from the log; what is about to be opened counts as not there yet."""
        known: Known = {}
        missing = []
        for key, envelope in zip(keys, envelopes, strict=True):
            if key in known:
                continue
            category = self._by_command[type(envelope.command)]
            cached = self._cache.get(key)
            known[key] = cached or Folded(category.decider.initial_state)
            if cached is None and not category.opens(envelope.command):
                missing.append(key)
        return known | await self.load(missing)

    async def load(self, keys: Iterable[AggregateKey]) -> Known:
        """From the log, whatever is remembered."""
        found = await self._store.load_all(list(dict.fromkeys(keys))) if keys else {}
        known = {key: self._folded(key, loaded) for key, loaded in found.items()}
        for key, folded in known.items():
            if isinstance(folded, Folded):
                self.remember(key, folded)
        return known

    def _folded(self, key: AggregateKey, events: Loaded) -> Folded | Exception:
        if isinstance(events, Exception):
            return events
        try:
            state = self.decider(key).fold(recorded.event for recorded in events)
        except Exception as error:  # noqa: BLE001  a fold that fails costs this aggregate only
            return error
        return Folded(
            state=state,
            sequence=events[-1].sequence if events else 0,
            revision=events[-1].revision if events else 0,
            recorded={recorded.id: (recorded.sequence, recorded.cause) for recorded in events},
        )

    def decider(self, key: AggregateKey) -> Decider[Any, Any, Any]:
        return self._by_name[key.category].decider

    def remember(self, key: AggregateKey, folded: Folded) -> None:
        """Unless somebody in this process has learned more of it meanwhile."""
        cached = self._cache.get(key)
        if cached is None or cached.sequence <= folded.sequence:
            self._cache[key] = folded
        self._cache.move_to_end(key)
        if len(self._cache) > self._remembered:
            self._cache.popitem(last=False)
