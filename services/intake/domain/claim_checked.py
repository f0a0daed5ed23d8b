"""What becomes of a check whose claim of done was checked: it stands, or its clock runs on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake.domain.claim_state import Standing
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
    ClaimUnchecked,
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

# --- What is decided ------------------------------------------------------


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
    if standing.claimed_at != command.claimed_at:
        return []
    if command.verdict == "cannot tell":
        return _unchecked(command, said, standing)
    refuted = ClaimRefuted(
        **said, done_at=command.claimed_at, verdict=command.verdict, refuted_at=command.now
    )
    return [refuted, *_raised(command, told, standing)]


def _halved(command: HalveCheck, told: Mapping[str, Any], standing: Standing) -> CheckHalved:
    """Its owner, its due date and whether it may be public are as they are by now, and not as they
    were claimed."""
    is_to_come = standing.due_at >= command.now
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


def _unchecked(
    command: SettleClaim, said: Mapping[str, Any], standing: Standing
) -> list[CheckEvent]:
    """Said once of a claim, also where nobody else could tell after an appeal."""
    if standing.checked.unchecked:
        return []
    at = {"done_at": command.claimed_at, "unchecked_at": command.now}
    return [ClaimUnchecked(**said, **at)]


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
