"""What the tests of event stores append: reports of INTAKE, and members of PROMOTION."""

from shared.contracts.event import Event
from shared.contracts.identity import aggregate_id
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.testing.examples import REPORT_CREDITED, new_event, varied

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


def credited(key: AggregateKey, expected: int = 0) -> Append:
    """In PROMOTION, of a member with the same id as a report in INTAKE."""
    event = varied(REPORT_CREDITED, member_id=key.id)
    return Append(AggregateKey("promotion", "member", key.id), expected, [new_event(event)])
