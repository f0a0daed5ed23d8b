"""A petition as its events left it: who supports it, what is owed, whether it is answered."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from rpds import HashTrieSet

from shared.contracts.place import EVERYWHERE

Life = Literal["unknown", "open", "answered", "lapsed"]

BYTES_A_SIGNER = 200
NEVER = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Petition:
    """It stays `reached` once it was; `hidden_for` is why its words are hidden, if they are."""

    life: Life = "unknown"
    place: str = EVERYWHERE
    sector: str = ""
    starter: str = ""
    society: str | None = None
    words: str = ""
    started_at: datetime = NEVER
    needs: int = 0
    until: datetime = NEVER
    known_since: datetime = NEVER
    owner: str = ""
    task: str = ""
    answer_days: int = 1
    signers: "HashTrieSet[str]" = field(default_factory=HashTrieSet)
    counted: int = 0
    reached: bool = False
    due_at: datetime | None = None
    answers: tuple[str, ...] = ()
    hidden_for: str = ""
    forgotten: bool = False

    @property
    def held_bytes(self) -> int:
        """One that is loaded from beside the log has few events and many signers."""
        return len(self.signers) * BYTES_A_SIGNER
