"""Taking back what is public of a report or check: by an editor, with a reason that readers get."""

from dataclasses import dataclass

from shared.contracts.roles import Role
from shared.contracts.values import Id, Line, UtcInstant
from shared.eventsourcing.errors import DomainError


@dataclass(frozen=True, slots=True)
class WithdrawReport:
    report_id: Id
    role: Role
    reason: Line
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class WithdrawCheck:
    check_id: Id
    role: Role
    reason: Line
    now: UtcInstant


WITHDRAWERS: frozenset[Role] = frozenset(("editor",))
"""The roles that may take back what is public."""


class NotAnEditorError(DomainError):
    pass


class NothingPublicError(DomainError):
    pass


class ToldTogetherError(DomainError):
    pass


def withdraws(
    command: WithdrawReport | WithdrawCheck,
    *,
    confidential: bool,
    before: bool,
    protected: bool = False,
) -> bool:
    """Whether there is anything to take back; nothing where it was taken back `before`. What is
    `protected` came out with others: that one less is told since would say which one it was."""
    if command.role not in WITHDRAWERS:
        raise NotAnEditorError("Only editors take back what is public.")
    if confidential:
        raise NothingPublicError("It is confidential: nothing of it is public.")
    if protected:
        raise ToldTogetherError(
            "Its source is protected: it was told together with others, under a day and a place"
            " that say nothing of it alone. Taking it back would single it out."
        )
    return not before
