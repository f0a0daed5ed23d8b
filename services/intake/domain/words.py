"""Owner and task of a check wait until an editor passes them, unless their source is trusted."""

from dataclasses import dataclass
from typing import Any

from shared.contracts.check import CheckWordsPassed
from shared.contracts.roles import Role
from shared.contracts.values import Id, Line, UtcInstant
from shared.eventsourcing.errors import DomainError


@dataclass(frozen=True, slots=True)
class Shown:
    owner: Line
    task: Line


@dataclass(frozen=True, slots=True)
class PassWords:
    """Only these words, where it is said which were `shown`: it may be handed over meanwhile."""

    check_id: Id
    role: Role
    reason: Line
    now: UtcInstant
    shown: Shown | None = None


PASSERS: frozenset[Role] = frozenset(("editor",))
"""The roles that may let words be public."""


class NoEditorError(DomainError):
    pass


class NotToBePublicError(DomainError):
    pass


class OtherWordsError(DomainError):
    """They are others by now than were shown."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Of the check's words."""

    task: str
    overdue: bool
    confidential: bool
    withdrawn: bool
    passed: bool


def passed(
    command: PassWords, common: dict[str, Any], standing: Standing
) -> list[CheckWordsPassed]:
    """Nothing where they were passed before."""
    if command.role not in PASSERS:
        raise NoEditorError("Only editors let words be public.")
    if standing.confidential:
        raise NotToBePublicError("It is confidential: nothing of it is public.")
    if standing.withdrawn:
        raise NotToBePublicError("It is withdrawn: nothing of it is public any more.")
    said = {"role": command.role, "reason": command.reason, "passed_at": command.now}
    told = {"task": standing.task, "overdue": standing.overdue}
    if standing.passed:
        return []
    if command.shown not in (None, Shown(common["owner"], standing.task)):
        raise OtherWordsError("Owner or task are others by now than were read.")
    return [CheckWordsPassed(**common, **told, **said)]
