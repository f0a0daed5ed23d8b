"""What publishing does about everybody's events: releases what the gate lets through."""

from collections.abc import Callable

from services.publishing.domain.release import RELEASES
from services.publishing.public import Gate, gate, keyed
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.event_store import RecordedEvent

FILTERS: dict[str, tuple[str, ...]] = {
    "INTAKE": (),
    "PROMOTION": ("promotion.member.MemberQualified.>",),
}
"""What is read of each stream; nothing is left out of INTAKE."""


def reactions(release_key: bytes) -> Callable[[RecordedEvent], Envelope | None]:
    """The command ids are keyed, and nothing says which inner event stands behind a public one."""
    let_through: Gate = gate(release_key)

    def react(recorded: RecordedEvent) -> Envelope | None:
        event = let_through(recorded.event)
        if event is None:
            return None
        release = RELEASES[event.aggregate]
        return Envelope(
            release(event.aggregate_id, event), id=keyed(release_key, "release", recorded.id)
        )

    return react
