"""What the tests of event stores append: reports of INTAKE, and the same as PUBLIC has them."""

from shared.contracts.event import Event
from shared.contracts.identity import aggregate_id
from shared.eventsourcing.event_store import AggregateKey, Append, NewEvent
from shared.testing.examples import new_event, varied

LARGEST_ATOMIC_BATCH = 1000


def report_key(number: int) -> AggregateKey:
    return AggregateKey("intake", "report", aggregate_id("report", "boston", str(number)))


def appending(key: AggregateKey, *events: Event, expected: int = 0, revision: int = 1) -> Append:
    own = [varied(event, report_id=key.id) for event in events]
    return Append(
        key,
        expected,
        [
            new_event(event, revision + index, f"command {revision}", index)
            for index, event in enumerate(own)
        ],
    )


ONE, TWO, THREE = report_key(1), report_key(2), report_key(3)


def released(key: AggregateKey, *events: Event, expected: int = 0) -> Append:
    """In PUBLIC, of the same kind and under the same id as in INTAKE."""
    own = [varied(event, report=key.id) for event in events]
    return Append(
        AggregateKey("public", "report", key.id),
        expected,
        [_numbered(event, index) for index, event in enumerate(own)],
    )


def _numbered(event: Event, index: int) -> NewEvent:
    new = new_event(event, command="release", index=index)
    new.revision = index + 1
    return new
