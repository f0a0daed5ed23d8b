"""What passes into PUBLIC: what the gate lets through, under ids that tell nothing of inside."""

from services.publishing.public import gate
from shared.contracts import check, member, report
from shared.contracts.event import Event
from shared.contracts.identity import event_id, fingerprint, keyed
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.relay import Passage

KEY = "Tribune-Key"
TARGET = log_of("public")
HANDLES: dict[str, tuple[type[Event], ...]] = {
    log_of("intake"): (
        report.ReportFiled,
        report.ReportConfirmed,
        report.ReportRefuted,
        check.CheckOpened,
        check.DoneClaimed,
        check.CheckOverdue,
        check.OverdueWithdrawn,
    ),
    log_of("promotion"): (member.MemberQualified,),
}
"""What the gate looks at, by stream; it lets part of it through."""

RELAYS = {f"public-{stream.lower()}": (stream, TARGET) for stream in HANDLES}
"""The stream that each relay reads, and the one that it writes."""


def passages(release_key: bytes) -> tuple[Passage, ...]:
    """One from each stream. The ids are keyed: nothing says which inner event stands behind one."""
    let_through = gate(release_key)

    def release(recorded: RecordedEvent) -> tuple[str, Event] | None:
        event = let_through(recorded.event)
        if event is None:
            return None
        released = keyed(release_key, "release", recorded.id)
        return event_id(event.aggregate_id, released, 0), event

    mark = {KEY: fingerprint(release_key)}
    return tuple(
        Passage(name, stream, target, HANDLES[stream], release, mark)
        for name, (stream, target) in RELAYS.items()
    )
