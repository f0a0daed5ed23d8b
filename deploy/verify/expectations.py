"""Which events have to follow from which: what reactions ask for, and what passes into PUBLIC."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from deploy.programs import PROGRAMS, SERVICES
from deploy.suite import Flow, categories, passages, program_named, reactions
from services.publishing.release.releases import HANDLES, NAME
from shared.contracts.identity import event_id
from shared.contracts.routing import log_of
from shared.eventsourcing.decider import Category
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.event_store import AggregateKey, RecordedEvent
from shared.eventsourcing.reaction import Reaction
from shared.eventsourcing.relay import Passage
from shared.runtime.settings import Settings


@dataclass(frozen=True)
class Expectation:
    """`ids` are those of the events that must be in `flow.target` because of one that the flow
    handles; `asked` are the commands that a reaction asks for, with the aggregates they go to."""

    flow: Flow
    handles: frozenset[str]
    ids: Callable[[RecordedEvent], list[str]]
    asked: Callable[[RecordedEvent], list[tuple[AggregateKey, Envelope]]] | None = None


def expectations(settings: Settings) -> list[Expectation]:
    """Of all reactions, and of all relays if the release key is known."""
    found = []
    for service in SERVICES:
        found += [_of_reaction(service, reaction) for reaction in reactions(service)]
    for each in map(program_named, PROGRAMS):
        passed = passages(each.name, settings)
        found += [_of_passage(each.service, passage) for passage in passed]
        if passed:
            found.append(_of_releases(each.service))
    return found


def _of_releases(service: str) -> Expectation:
    """What a release lets out no single event tells; `note_releases` does."""
    flow = Flow(service, NAME, log_of("gate"), log_of("public"))
    return Expectation(flow, HANDLES, lambda _: [])


def _of_reaction(service: str, reaction: Reaction) -> Expectation:
    by_command = {command: each for each in categories(service) for command in each.decides}

    def asked(recorded: RecordedEvent) -> list[tuple[AggregateKey, Envelope]]:
        envelopes = reaction.ask(recorded)
        return [(_key(by_command[type(one.command)], one), one) for one in envelopes]

    def ids(recorded: RecordedEvent) -> list[str]:
        return [event_id(key.id, envelope.id, 0) for key, envelope in asked(recorded)]

    handles = _types(reaction.handles)
    flow = Flow(service, reaction.name, reaction.stream, log_of(service), reaction.filters)
    return Expectation(flow, handles, ids, asked)


def _of_passage(service: str, passage: Passage) -> Expectation:
    def ids(recorded: RecordedEvent) -> list[str]:
        public_id = passage.id_of(recorded)
        return [public_id] if public_id else []

    flow = Flow(service, passage.name, passage.stream, passage.target)
    return Expectation(flow, _types(passage.handles), ids)


def _key(category: Category, envelope: Envelope) -> AggregateKey:
    aggregate_id = getattr(envelope.command, category.key)
    return AggregateKey(category.service, category.name, aggregate_id)


def _types(handles: Sequence[type]) -> frozenset[str]:
    return frozenset(event_type.type_name() for event_type in handles)  # type: ignore[attr-defined]
