"""What becomes of a check whose claim of done was checked: it stands, or its clock runs on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from shared.contracts.check import (
    CheckEvent,
    CheckOverdue,
    CheckWordsPassed,
    OverdueWithdrawn,
)
from shared.contracts.checking import (
    CheckHalved,
    CheckingAsked,
    CheckingAwaited,
    CheckingReleased,
    CheckingTerms,
    ClaimRefuted,
    ClaimUpheld,
    Verdict,
)
from shared.contracts.values import Id, SourceId, UtcInstant

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SettleClaim:
    """`claimed_at` tells which claim; `undecided` where nobody was left to be drawn."""

    check_id: Id
    checking_id: Id
    claimed_at: UtcInstant
    verdict: Verdict
    undecided: bool
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class HalveCheck:
    """It is final that half is done: the rest is a commitment of its own, due at `rest_due_at`, or
    when the check is, if that has not come."""

    check_id: Id
    checking_id: Id
    rest_id: Id
    rest_source_id: SourceId
    rest_due_at: UtcInstant
    now: UtcInstant


ClaimChecking = SettleClaim | HalveCheck

# --- State and what is decided --------------------------------------------


@dataclass(frozen=True, slots=True)
class Checked:
    """What checkings have made of a check. Not done as of `refuted_at`, so no later claim is about
    an earlier moment; `halved` where what is left of it goes on as another one. `awaited` is a
    claim whose words no editor has passed."""

    refuted_at: datetime | None = None
    halved: bool = False
    awaited: datetime | None = None

    def after(
        self, event: ClaimRefuted | CheckHalved | CheckingAwaited | CheckingReleased
    ) -> "Checked":
        match event:
            case ClaimRefuted():
                return replace(self, refuted_at=event.refuted_at)
            case CheckHalved():
                return replace(self, halved=True)
            case CheckingAwaited():
                return replace(self, awaited=event.claimed_at)
            case CheckingReleased():
                return replace(self, awaited=None)

    def done_at(self, said: datetime) -> datetime:
        return max(said, self.refuted_at) if self.refuted_at else said


UNCHECKED = Checked()


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


def asked(
    told: Mapping[str, Any], terms: CheckingTerms | None, more: Mapping[str, Any]
) -> list[CheckEvent]:
    """Checkers are shown owner and task: so nothing is asked where these are confidential, and
    where they wait for an editor it is asked for once they are passed."""
    if terms is None or told["confidential"]:
        return []
    common = {name: told[name] for name in CheckEvent.model_fields}
    asks = CheckingAsked if told["passed"] else CheckingAwaited
    return [asks(**common, **more, terms=terms)]


def released(
    words: Sequence[CheckWordsPassed], awaited: datetime | None
) -> Sequence[CheckWordsPassed | CheckingReleased]:
    """`awaited` is the claim that waits for these words."""
    if not words or awaited is None:
        return words
    common = {name: getattr(words[0], name) for name in CheckEvent.model_fields}
    at = words[0].passed_at
    return [*words, CheckingReleased(**common, claimed_at=awaited, released_at=at)]


def settled(
    command: ClaimChecking, told: Mapping[str, Any], standing: Standing
) -> list[CheckEvent]:
    """`told` is what all events of the check say."""
    if standing.checked.halved:
        return []
    said = _without_passed(told) | {"checking_id": command.checking_id}
    if isinstance(command, HalveCheck):
        if standing.done_at is not None:
            return []  # it was claimed anew meanwhile: that is checked by itself
        return [*_raised(command, told, standing), _halved(command, told, standing)]
    if command.verdict == "done":
        return _upheld(command, told, said, standing)
    if command.verdict == "cannot tell" or standing.done_at != command.claimed_at:
        return []
    refuted = ClaimRefuted(
        **said, done_at=command.claimed_at, verdict=command.verdict, refuted_at=command.now
    )
    return [refuted, *_raised(command, told, standing)]


def _halved(command: HalveCheck, told: Mapping[str, Any], standing: Standing) -> CheckHalved:
    """Its owner, its due date and whether it may be public are as they are by now, and not as they
    were claimed."""
    is_to_come = standing.due_at > command.now
    return CheckHalved(
        **told,
        checking_id=command.checking_id,
        source=standing.source,
        task=standing.task,
        report_id=standing.report_id,
        rest_id=command.rest_id,
        rest_source_id=command.rest_source_id,
        rest_due_at=standing.due_at if is_to_come else command.rest_due_at,
        halved_at=command.now,
    )


def _raised(
    command: ClaimChecking, told: Mapping[str, Any], standing: Standing
) -> list[CheckEvent]:
    """The sweep may have raised it for the same due date before, and raises it once; while its
    clock is paused it is not due."""
    if standing.overdue or standing.paused or command.now <= standing.due_at:
        return []
    return [CheckOverdue(**told, task=standing.task)]


def _upheld(
    command: SettleClaim, told: Mapping[str, Any], said: Mapping[str, Any], standing: Standing
) -> list[CheckEvent]:
    done_at = command.claimed_at
    if standing.done_at is not None and standing.done_at < done_at:
        return []  # an earlier claim was upheld meanwhile
    late = done_at > standing.due_at and not standing.paused
    upheld = ClaimUpheld(**said, done_at=done_at, late=late, upheld_at=command.now)
    if late or not standing.overdue:
        return [upheld]
    return [upheld, OverdueWithdrawn(**told, done_at=done_at)]


def _without_passed(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if name != "passed"}
