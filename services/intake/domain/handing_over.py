"""A commitment goes from one owner to another: its clock goes on, and who had it when stays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.contracts.handing_over import CheckHandedOver
from shared.contracts.values import CLOCKS_DIFFER_BY, Id, Line, UtcInstant
from shared.eventsourcing.errors import DomainError

MOST_TIMES = 50
"""What goes round and round is nobody's."""


@dataclass(frozen=True, slots=True)
class HandOverCheck:
    """`owner`, by any of its `names`, has it until now. The name of `to` is `told` where it may be
    public without an editor, and `reason` is `explained` where that may."""

    check_id: Id
    owner: Line
    to: Line
    reason: Line
    handed_over_at: UtcInstant
    now: UtcInstant
    names: tuple[Line, ...] = ()
    told: bool = False
    explained: bool = False

    def is_of(self, owner: str) -> bool:
        return owner == self.owner or owner in self.names


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody had it until then."""

    owner: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Of the check: `held` are those who had it before, in their order."""

    source: str
    task: str
    owner: str
    overdue: bool
    done: bool
    held: Sequence[Held]


class NotTheOwnerError(DomainError):
    pass


class NotYetError(DomainError):
    pass


class DoneAlreadyError(DomainError):
    pass


class ToItselfError(DomainError):
    pass


class TooOftenError(DomainError):
    pass


def handed_over(
    command: HandOverCheck, told: dict[str, Any], standing: Standing
) -> list[CheckHandedOver]:
    """`told` are the fields that the check's events share. Nobody had it before the one from whom
    they got it gave it away, whatever is said."""
    if command.is_of(command.to):
        raise ToItselfError("Who has it, and who is to get it, are the same.")
    before = [each for each in standing.held if command.is_of(each.owner)]
    if standing.owner == command.to and before:
        return []
    if not command.is_of(standing.owner):
        raise NotTheOwnerError("Only the owner of a commitment can hand it over.")
    if standing.done:
        raise DoneAlreadyError("It is claimed done: nothing is left to hand over.")
    if command.handed_over_at > command.now + CLOCKS_DIFFER_BY:
        raise NotYetError("It is handed over at a time that has not come yet.")
    if len(standing.held) == MOST_TIMES:
        raise TooOftenError(f"It was handed over {MOST_TIMES} times; that is enough.")
    at = min(command.handed_over_at, command.now)
    return [
        CheckHandedOver(
            **told,
            source=standing.source,
            task=standing.task,
            to=command.to,
            overdue=standing.overdue,
            reason=command.reason,
            told=told["passed"] and command.told,
            explained=told["passed"] and command.explained,
            handed_over_at=max([at, *(each.until for each in standing.held)]),
            number=len(standing.held) + 1,
        )
    ]


def had_it(names: Sequence[str], at: datetime, held: Sequence[Held]) -> bool:
    """Whether somebody who has it no more had it at that time: what they did then they did."""
    since: datetime | None = None
    for each in held:
        if each.owner in names and at <= each.until and (since is None or at >= since):
            return True
        since = each.until
    return False
