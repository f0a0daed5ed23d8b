"""What a checking is in: who has a seat, what was found, and when to look at it next."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from rpds import HashTrieMap

from shared.contracts.checking import (
    AppealMade,
    CheckDisputed,
    CheckerAccepted,
    CheckerDeclined,
    CheckerLapsed,
    CheckersDrawn,
    CheckingBegun,
    CheckingClosed,
    CheckingEvent,
    CheckingOpened,
    CheckingTerms,
    FindingConflicted,
    FindingGiven,
    Stage,
    Verdict,
    VerdictReached,
)

DECISIVE: tuple[Verdict, ...] = ("done", "half done", "not done")


@dataclass(frozen=True, slots=True)
class Seat:
    """Of who was drawn; `until` they are to answer, or to find."""

    stage: Stage
    state: Literal["asked", "accepted", "found", "gone"]
    until: datetime
    verdict: Verdict | None = None

    @property
    def is_live(self) -> bool:
        return self.state in ("asked", "accepted")


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class Open:
    """`state` counts what changes what a finding rests on: verdicts, the appeal, the end. `seats`
    are of both stages: nobody is drawn twice for one claim. `kept` are conflicts, by member. It is
    `short` where nobody else may be drawn: only who was ready before the claim may, so nobody is
    to come. Until it has `begun` nobody is drawn."""

    opened: CheckingOpened
    begun: bool = True
    stage: Stage = "first"
    seats: "HashTrieMap[str, Seat]" = field(default_factory=HashTrieMap)
    verdict: Verdict | None = None
    undecided: bool = False
    first: VerdictReached | None = None
    reached_at: datetime | None = None
    disputed: bool = False
    short: bool = False
    state: int = 1
    closed: bool = False
    kept: Mapping[str, FindingConflicted] = field(default_factory=dict)

    @property
    def terms(self) -> CheckingTerms:
        return self.opened.terms

    @property
    def common(self) -> dict[str, Any]:
        event = self.opened
        names = ("checking_id", "check_id", "place", "sector")
        return {name: getattr(event, name) for name in names}

    def of_stage(self) -> dict[str, Seat]:
        return {who: seat for who, seat in self.seats.items() if seat.stage == self.stage}

    def live(self) -> dict[str, Seat]:
        return {who: seat for who, seat in self.of_stage().items() if seat.is_live}

    def found(self) -> "Counter[Verdict]":
        seats = self.of_stage().values()
        return Counter(seat.verdict for seat in seats if seat.verdict in DECISIVE)

    @property
    def wanted(self) -> int:
        """How many more have to be drawn, as far as that is allowed, so that enough may agree."""
        if self.verdict is not None or self.short:
            return 0
        leading = max(self.found().values(), default=0)
        room = self.terms.most_drawn - len(self.of_stage())
        return max(0, min(self.terms.agree - leading - len(self.live()), room))

    @property
    def is_spent(self) -> bool:
        """Nobody has a seat, and nobody may be drawn any more."""
        return self.verdict is None and not self.live() and not self.wanted

    def wake_at(self, now: datetime) -> datetime | None:
        """At once where somebody is to be drawn; else when the next one lapses, or the time for an
        appeal ends."""
        if self.closed:
            return None
        if self.verdict is not None and self.reached_at is not None:
            return self.reached_at + timedelta(days=self.terms.appeal_days)
        if self.wanted or self.is_spent:
            return now
        return min(seat.until for seat in self.live().values())


Checking = Unknown | Open


def evolve(checking: Checking, event: CheckingEvent) -> Checking:
    if isinstance(event, CheckingOpened):
        return Open(event, begun=event.wake_at is not None)
    return checking if isinstance(checking, Unknown) else changed(checking, event)


def changed(checking: Open, event: CheckingEvent) -> Open:
    match event:
        case CheckingBegun():
            return replace(checking, begun=True)
        case CheckersDrawn(stage=stage, answer_by=until):
            seats = {who: Seat(stage, "asked", until) for who in event.drawn}
            seats_then = checking.seats.update(seats)
            return replace(checking, seats=seats_then, short=event.missing > 0)
        case CheckerAccepted(member_id=who, find_by=until):
            return _seat(checking, who, state="accepted", until=until)
        case CheckerDeclined(member_id=who) | CheckerLapsed(member_id=who):
            return _seat(checking, who, state="gone")
        case FindingConflicted():
            return replace(checking, kept={**checking.kept, event.member_id: event})
        case FindingGiven(member_id=who):
            return _seat(checking, who, state="found", verdict=event.verdict)
        case CheckDisputed():
            return replace(checking, disputed=True)
        case VerdictReached():
            return replace(
                checking,
                verdict=event.verdict,
                undecided=event.undecided,
                first=event if event.stage == "first" else checking.first,
                reached_at=event.reached_at,
                state=checking.state + 1,
            )
        case AppealMade():
            anew = replace(checking, verdict=None, disputed=False, short=False)
            return replace(anew, stage="appeal", state=checking.state + 1)
        case CheckingClosed():
            return replace(checking, closed=True, state=checking.state + 1)
        case _:
            return checking


def _seat(checking: Open, who: str, **changed: Any) -> Open:
    seat = replace(checking.seats[who], **changed)
    return replace(checking, seats=checking.seats.insert(who, seat))
