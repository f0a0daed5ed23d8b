"""How a reaction becomes a command: its id is derived from the event, so that twice is harmless."""

from shared.contracts.identity import command_id
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.event_store import RecordedEvent


def reaction(service: str, recorded: RecordedEvent, command: object) -> Envelope:
    """The command that `service` gives itself because of an event."""
    return Envelope(
        command,
        id=command_id("reaction", service, recorded.id),
        correlation_id=recorded.correlation_id,
        causation_id=recorded.id,
        cause=f"{recorded.stream}/{recorded.sequence}",
    )
