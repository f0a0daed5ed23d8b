"""What checkings have made of a check so far, and what of it is decided by."""

from dataclasses import dataclass, replace
from datetime import datetime

from shared.contracts.check import DoneClaimed
from shared.contracts.checking import (
    CheckHalved,
    CheckingAwaited,
    CheckingReleased,
    ClaimRefuted,
    ClaimUnchecked,
    ClaimUpheld,
)

ClaimEvent = (
    DoneClaimed
    | ClaimUpheld
    | ClaimRefuted
    | ClaimUnchecked
    | CheckHalved
    | CheckingAwaited
    | CheckingReleased
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What checkings have made of a check. Not done as of `refuted_at`, so no later claim is about
    an earlier moment; `halved` where what is left of it goes on as another one. `awaited` is a
    claim whose words no editor has passed, `said_at` for when one is that takes effect when it was
    said, until it is upheld. It is `unchecked` where nobody could check the claim that stands."""

    refuted_at: datetime | None = None
    halved: bool = False
    awaited: datetime | None = None
    said_at: datetime | None = None
    unchecked: bool = False

    def after(self, event: ClaimEvent) -> "Checked":
        match event:
            case DoneClaimed():
                return replace(self, said_at=event.said_at, unchecked=False)
            case ClaimUpheld():
                return replace(self, said_at=None, unchecked=False)
            case ClaimUnchecked():
                return replace(self, unchecked=True)
            case ClaimRefuted():
                return replace(self, refuted_at=event.refuted_at, said_at=None)
            case CheckHalved():
                return replace(self, halved=True)
            case CheckingAwaited():
                return replace(self, awaited=event.claimed_at)
            case CheckingReleased():
                return replace(self, awaited=None)

    def done_at(self, said: datetime) -> datetime:
        return max(said, self.refuted_at) if self.refuted_at else said


UNCHECKED = Checked()


def done_after(event: ClaimEvent, done_at: datetime | None) -> datetime | None:
    """When the check is done by now."""
    match event:
        case DoneClaimed() | ClaimUpheld():
            return event.done_at
        case ClaimRefuted() | CheckHalved():
            return None
        case _:
            return done_at


@dataclass(frozen=True, slots=True)
class Standing:
    source: str
    report_id: str | None
    task: str
    due_at: datetime
    overdue: bool
    done_at: datetime | None
    checked: Checked
    paused: bool = False

    @property
    def claimed_at(self) -> datetime | None:
        """Which claim stands, by the moment that it is about."""
        return self.checked.said_at or self.done_at
