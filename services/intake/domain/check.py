"""The control of one commitment: opened with an owner and a due date, claimed done, or overdue."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.intake.domain.withdrawal import WithdrawCheck, withdraws
from services.intake.domain.words import PassWords, Standing, passed
from shared.contracts.check import (
    CheckEvent,
    CheckOpened,
    CheckOverdue,
    CheckWithdrawn,
    CheckWordsPassed,
    DoneClaimed,
    OverdueWithdrawn,
)
from shared.contracts.values import Id, Line, UtcInstant
from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.errors import DomainError

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OpenCheck:
    """Its fields are those of `CheckOpened`."""

    opened: CheckOpened

    @property
    def check_id(self) -> Id:
        return self.opened.check_id


@dataclass(frozen=True, slots=True)
class ClaimDone:
    check_id: Id
    owner: Line
    done_at: UtcInstant
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class RaiseOverdue:
    """Sent by the sweep because `due_at` has passed; decides again from the check itself, so a
    stale sweep is harmless."""

    check_id: Id
    due_at: UtcInstant
    now: UtcInstant


CheckCommand = OpenCheck | ClaimDone | RaiseOverdue | WithdrawCheck | PassWords

# --- State: only what a later decision needs ------------------------------


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class Opened:
    """Once it is `withdrawn`, what follows is confidential: its owner and task are. Until they are
    `passed` these are public in nothing."""

    place: str
    sector: str
    confidential: bool
    owner: str
    task: str
    due_at: datetime
    overdue: bool = False
    done: bool = False
    withdrawn: bool = False
    passed: bool = False


Check = Unknown | Opened


class NotOpenedError(DomainError):
    pass


class NotTheOwnerError(DomainError):
    pass


class NotYetError(DomainError):
    pass


CLOCKS_DIFFER_BY = timedelta(minutes=5)


# --- Decide and evolve ----------------------------------------------------


def decide(command: CheckCommand, check: Check) -> list[CheckEvent]:
    if isinstance(check, Unknown):
        if isinstance(command, OpenCheck):
            return [command.opened]
        raise NotOpenedError("No such commitment was made before.")
    match command:
        case OpenCheck():
            return []  # a repeated command: it is already so
        case ClaimDone():
            if command.owner != check.owner:
                raise NotTheOwnerError("Only the owner of a commitment can claim it done.")
            if command.done_at > command.now + CLOCKS_DIFFER_BY:
                raise NotYetError("It is claimed done at a time that has not come yet.")
            return [] if check.done else _claimed(command, check)
        case RaiseOverdue():
            settled = check.done or check.overdue
            is_due = command.now > check.due_at == command.due_at
            return [_overdue(command.check_id, check)] if is_due and not settled else []
        case WithdrawCheck() | PassWords():
            return _of_what_is_public(command, check)


def _claimed(command: ClaimDone, check: Opened) -> list[CheckEvent]:
    """A claim from after the due date proves by itself that the date passed; one from before takes
    back what a sweep has raised meanwhile. One from a clock a little ahead of ours counts as of
    now: nothing is late before it is."""
    done_at = min(command.done_at, command.now)
    late = done_at > check.due_at
    claimed = DoneClaimed(**_told(command.check_id, check), done_at=done_at, late=late)
    if late and not check.overdue:
        return [_overdue(command.check_id, check), claimed]
    if not late and check.overdue:
        withdrawn = OverdueWithdrawn(**_told(command.check_id, check), done_at=done_at)
        return [claimed, withdrawn]
    return [claimed]


def _overdue(check_id: str, check: Opened) -> CheckOverdue:
    return CheckOverdue(**_told(check_id, check), task=check.task)


def _of_what_is_public(command: WithdrawCheck | PassWords, check: Opened) -> list[CheckEvent]:
    common = _common(command.check_id, check)
    if isinstance(command, PassWords):
        state = check.confidential, check.withdrawn, check.passed
        return [*passed(command, common, Standing(check.task, check.overdue, *state))]
    if not withdraws(command, confidential=check.confidential, before=check.withdrawn):
        return []
    said = {"role": command.role, "reason": command.reason, "withdrawn_at": command.now}
    return [CheckWithdrawn(**common, **said)]


def _told(check_id: str, check: Opened) -> dict[str, Any]:
    return _common(check_id, check) | {"passed": check.passed}


def _common(check_id: str, check: Opened) -> dict[str, Any]:
    return {
        "check_id": check_id,
        "place": check.place,
        "sector": check.sector,
        "owner": check.owner,
        "due_at": check.due_at,
        "confidential": check.confidential or check.withdrawn,
    }


def evolve(check: Check, event: CheckEvent) -> Check:
    match event, check:
        case CheckOpened(), _:
            return Opened(
                event.place,
                event.sector,
                event.confidential,
                event.owner,
                event.task,
                event.due_at,
                passed=event.passed,
            )
        case CheckOverdue(), Opened():
            return replace(check, overdue=True)
        case DoneClaimed(), Opened():
            return replace(check, done=True)
        case OverdueWithdrawn(), Opened():
            return replace(check, overdue=False)
        case CheckWithdrawn(), Opened():
            return replace(check, withdrawn=True)
        case CheckWordsPassed(), Opened():
            return replace(check, passed=True)
        case _:
            return check


decider = Decider[CheckCommand, CheckEvent, Check](
    initial_state=Unknown(), decide=decide, evolve=evolve
)

category = Category(
    service="intake",
    name="check",
    decider=decider,
    commands=(OpenCheck, ClaimDone, RaiseOverdue),
    inner=(WithdrawCheck, PassWords),
    key="check_id",
    opens=lambda command: isinstance(command, OpenCheck),
)
