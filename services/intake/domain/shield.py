"""A check follows a confidential report: it is shielded, until an editor lifts that."""

from dataclasses import dataclass
from typing import Any

from services.intake.domain.words import NoEditorError
from shared.contracts.check import CheckOpened, CheckShielded, DoneTold, OverdueTold, ShieldLifted
from shared.contracts.roles import Role
from shared.contracts.values import Id, Line, UtcInstant
from shared.eventsourcing.errors import DomainError


@dataclass(frozen=True, slots=True)
class OpenFollowing:
    """What `OpenCheck` becomes where the report that it follows is confidential, or not there."""

    opened: CheckOpened
    is_confidential: bool

    @property
    def check_id(self) -> Id:
        return self.opened.check_id


@dataclass(frozen=True, slots=True)
class ShieldCheck:
    check_id: Id
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class LiftShield:
    check_id: Id
    role: Role
    reason: Line
    now: UtcInstant


LIFTERS: frozenset[Role] = frozenset(("editor",))
"""The roles that may let it be public."""


class NotShieldedError(DomainError):
    pass


@dataclass(frozen=True, slots=True)
class Shield:
    """`up` since its report was found to be confidential, also when it was `lifted` later."""

    up: bool = False
    lifted: bool = False

    @property
    def holds(self) -> bool:
        return self.up and not self.lifted


NO_SHIELD, SHIELDED = Shield(), Shield(up=True)


def shielded(
    command: ShieldCheck, common: dict[str, Any], source: str, task: str, shield: Shield
) -> list[CheckShielded]:
    """`common` are the fields that all of a check's events share. Where nothing is public there is
    nothing to shield."""
    if shield.up or common["confidential"]:
        return []
    return [CheckShielded(**common, source=source, task=task, shielded_at=command.now)]


@dataclass(frozen=True, slots=True)
class Standing:
    """Of a check, as it is told once its shield is lifted."""

    overdue: bool
    done: dict[str, Any] | None


def lifted(
    command: LiftShield, told: dict[str, Any], shield: Shield, standing: Standing
) -> list[ShieldLifted | OverdueTold | DoneTold]:
    """With what it has come to meanwhile. `told` are the fields of all these events."""
    if command.role not in LIFTERS:
        raise NoEditorError("Only editors let be public what follows a confidential report.")
    if not shield.up:
        raise NotShieldedError("No confidential report keeps it from being public.")
    if shield.lifted:
        return []
    said = {"role": command.role, "reason": command.reason, "lifted_at": command.now}
    events: list[ShieldLifted | OverdueTold | DoneTold] = [ShieldLifted(**told, **said)]
    if standing.overdue:
        events.append(OverdueTold(**told))
    if standing.done:
        events.append(DoneTold(**told, **standing.done))
    return events
