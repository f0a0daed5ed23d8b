"""An owner's appeal against the last verdict that a check was told."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from shared.contracts.check import CheckEvent
from shared.contracts.checking import (
    AppealAsked,
    CheckingAsked,
    CheckingAwaited,
    ClaimRefuted,
    ClaimUpheld,
)
from shared.contracts.values import Id, Line, UtcInstant
from shared.eventsourcing.errors import DomainError


@dataclass(frozen=True, slots=True)
class AskForAppeal:
    """`owner`, by any of its `names`, has it, or had it when it was claimed done. It was said at
    `came_at`, if that was before `now`: an inbox may have stood still."""

    check_id: Id
    owner: Line
    reason: Line
    now: UtcInstant
    names: tuple[Line, ...] = ()
    came_at: UtcInstant | None = None

    @property
    def said_at(self) -> UtcInstant:
        return min(self.came_at or self.now, self.now)


class NoVerdictError(DomainError):
    pass


@dataclass(frozen=True, slots=True)
class Told:
    """A verdict of a checking, on what was claimed done for `done_at`, told `at`; it is final after
    `until`, or once another one of the same checking is."""

    checking_id: str
    done_at: datetime
    at: datetime
    until: datetime
    final: bool = False


@dataclass(frozen=True, slots=True)
class Appeals:
    """`days` are those within which an appeal may be made, by the claim; `heard` are the checkings
    whose verdicts were told, and `asked` those against which an appeal was made here."""

    days: Mapping[datetime, int] = field(default_factory=dict)
    last: Told | None = None
    heard: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()

    def after(self, event: CheckEvent) -> "Appeals":
        match event:
            case CheckingAsked(claimed_at=at) | CheckingAwaited(claimed_at=at):
                return replace(self, days={**self.days, at: event.terms.appeal_days})
            case ClaimRefuted(refuted_at=at) | ClaimUpheld(upheld_at=at):
                until = at + timedelta(days=self.days.get(event.done_at, 0))
                return self._told(Told(event.checking_id, event.done_at, at, until))
            case AppealAsked():
                return replace(self, asked=self.asked | {event.checking_id})
            case _:
                return self

    def _told(self, told: Told) -> "Appeals":
        if told.checking_id not in self.heard:
            return replace(self, last=told, heard=self.heard | {told.checking_id})
        if self.last is None or self.last.checking_id != told.checking_id:
            return self  # an earlier claim's, after an appeal
        return replace(self, last=replace(told, final=True))


NO_APPEALS = Appeals()


def appealed(command: AskForAppeal, told: Mapping[str, Any], appeals: Appeals) -> list[AppealAsked]:
    """`told` is what all events of the check say. Once for each checking; whether whoever reported
    it has appealed before, the checking knows. What became confidential is shown to nobody."""
    last = appeals.last
    if last is not None and last.checking_id in appeals.asked:
        return []
    if last is None or last.final or command.said_at > last.until or told["confidential"]:
        raise NoVerdictError("There is no verdict that can be appealed against.")
    common = {name: told[name] for name in CheckEvent.model_fields}
    said = {"checking_id": last.checking_id, "reason": command.reason}
    asked_at = max(command.said_at, last.at)  # clocks differ a little
    return [AppealAsked(**common, **said, asked_at=asked_at)]
