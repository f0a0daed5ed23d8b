"""One aggregate as far as we know it."""

from dataclasses import dataclass, field
from typing import Any

from shared.eventsourcing.recorded import Recorded


@dataclass(slots=True)
class Folded:
    """`last_id` is that of its newest event, `kept` the revision of its newest snapshot."""

    state: Any
    sequence: int = 0
    revision: int = 0
    recorded: Recorded = field(default_factory=Recorded)
    last_id: str = ""
    kept: int = 0

    def copy(self) -> "Folded":
        """To decide on; what is recorded is only added to once it is in the log."""
        return Folded(
            self.state, self.sequence, self.revision, self.recorded, self.last_id, self.kept
        )

    def add(self, event_id: str, sequence: int, cause: str) -> None:
        self.recorded.add(event_id, sequence, cause)
        self.sequence, self.last_id = sequence, event_id
