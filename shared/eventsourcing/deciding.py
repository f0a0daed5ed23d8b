"""What a batch of commands leads to, decided on copies of what is known; the log is not asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from shared.contracts.identity import event_id
from shared.eventsourcing.aggregates import Known
from shared.eventsourcing.batches import Fresh
from shared.eventsourcing.decider import Decider
from shared.eventsourcing.envelope import Envelope, Outcome
from shared.eventsourcing.event_store import AggregateKey, NewEvent
from shared.eventsourcing.folded import Folded
from shared.eventsourcing.recorded import Earlier


class Draft(NamedTuple):
    """An outcome whose sequence is known once the batch is in the log: that of an event of what the
    command at `place` led to, counted from 0."""

    key: AggregateKey
    place: int
    offset: int = 0
    new_events: int = 0
    duplicate: bool = False

    def outcome(self, sequences: Sequence[int]) -> Outcome:
        """`sequences` are those of the first event of each command that led to any."""
        sequence = sequences[self.place] + self.offset
        key, news = self.key, self.new_events
        return Outcome(key.id, sequence, news, self.duplicate, stream=key.stream)


@dataclass(slots=True)
class Decided:
    """What a batch led to so far, all of it recorded at `now`: `drafts` in the order of the
    commands, and in `fresh` their events; `first` and `newest` tell where each is in it.

    `states` are decided on and change with the batch; `by_state` are the commands that a state
    alone refuses or calls repeated.
    """

    now: datetime
    states: dict[AggregateKey, Folded]
    drafts: list[Outcome | Draft] = field(default_factory=list)
    fresh: list[Fresh] = field(default_factory=list)
    first: dict[str, int] = field(default_factory=dict)
    newest: dict[AggregateKey, int] = field(default_factory=dict)
    by_state: list[tuple[int, AggregateKey]] = field(default_factory=list)

    @property
    def expected(self) -> dict[AggregateKey, int]:
        """The last sequence of each aggregate that this stands on."""
        return {key: folded.sequence for key, folded in self.states.items()}

    @property
    def unproven(self) -> list[int]:
        """What a state refuses or calls repeated that no append of this batch proves: it may be
        stale, and what was recorded beside it says nothing about that, for others add to it."""
        return [place for place, key in self.by_state if key not in self.newest]

    def add(self, key: AggregateKey, events: Sequence[NewEvent]) -> int:
        place = len(self.fresh)
        self.fresh.append((key, events))
        self.first[events[0].id] = self.newest[key] = place
        return place


Deciders = Callable[[AggregateKey], Decider[Any, Any, Any]]
Other = Callable[[AggregateKey], Folded | Exception]
Seen = Callable[[Any, Other], Any]
"""The command that is decided, with what another aggregate says to it."""


def _alone(command: Any, _: Other) -> Any:
    return command


def decide(
    keys: Sequence[AggregateKey],
    envelopes: Sequence[Envelope],
    known: Known,
    deciders: Deciders,
    now: datetime,
    seen: Seen = _alone,
) -> Decided:
    """What is known stays as it is."""
    states = {key: each.copy() for key, each in known.items() if isinstance(each, Folded)}
    batch = Decided(now, states)

    def other(key: AggregateKey) -> Folded | Exception:
        return states.get(key) or known[key]

    def with_others(command: Any) -> Any:
        return seen(command, other)

    for key, envelope in zip(keys, envelopes, strict=True):
        unknown = known[key]
        if isinstance(unknown, Exception):
            batch.drafts.append(Outcome(key.id, error=unknown))
            continue
        try:
            batch.drafts.append(_decide(key, envelope, deciders(key), batch, with_others))
        except Exception as error:  # noqa: BLE001  one bad command must not cost the others
            batch.by_state.append((len(batch.drafts), key))
            batch.drafts.append(Outcome(key.id, states[key].sequence, error=error))
    return batch


def _decide(
    key: AggregateKey,
    envelope: Envelope,
    decider: Decider[Any, Any, Any],
    batch: Decided,
    seen: Callable[[Any], Any],
) -> Outcome | Draft:
    """All events of a command or none: the state changes only when every one of them folds."""
    folded = batch.states[key]
    first_id = event_id(key.id, envelope.id, 0)
    if earlier := carried_out(key, envelope, folded):
        there, again = earlier.sequence, not earlier.same_cause
        return Outcome(key.id, there, duplicate=again, stream=key.stream)
    if (place := batch.first.get(first_id)) is not None:
        return Draft(key, place, duplicate=True)
    events = decider.decide(seen(envelope.command), folded.state)
    if not events:
        batch.by_state.append((len(batch.drafts), key))
        if (place := batch.newest.get(key)) is None:
            return Outcome(key.id, folded.sequence, duplicate=True, stream=key.stream)
        return Draft(key, place, len(batch.fresh[place][1]) - 1, duplicate=True)
    state, recorded_at = folded.state, max(envelope.at or batch.now, batch.now)
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
    return Draft(key, batch.add(key, news), new_events=len(news))


def carried_out(key: AggregateKey, envelope: Envelope, folded: Folded) -> Earlier | None:
    """What the command led to before, under the id that it has now or had in older versions."""
    if not folded.revision:
        return None
    ids = (envelope.id, envelope.former_id) if envelope.former_id else (envelope.id,)
    for each in ids:
        if found := folded.recorded.find(event_id(key.id, each, 0), envelope.cause):
            return found
    return None
