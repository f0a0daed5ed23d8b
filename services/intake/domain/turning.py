"""What keeps a clock from being turned: who may, how often, and while it runs."""

from datetime import datetime

from services.intake.domain.clock_state import Standing
from shared.contracts.roles import Role
from shared.eventsourcing.errors import DomainError


class NotRunningError(DomainError):
    pass


class AlreadyLateError(DomainError):
    pass


class NotAnEditorsActError(DomainError):
    pass


class TurnedTooOftenError(DomainError):
    pass


MOST_TURNS = 50
"""Each stands on the check's page for good, and anybody reads it."""


GRANTERS: frozenset[Role] = frozenset(("editor",))
"""The roles that may move a due date, pause and resume."""


def may(role: Role | None) -> None:
    if role is not None and role not in GRANTERS:
        raise NotAnEditorsActError("Only editors stop a clock, or give more time.")


def not_too_often(check: Standing) -> None:
    if check.clock.turns >= MOST_TURNS:
        raise TurnedTooOftenError(f"Its clock was turned {MOST_TURNS} times; that is enough.")


def runs(now: datetime, check: Standing) -> None:
    if check.done:
        raise NotRunningError("It is claimed done already.")
    if check.clock.tier or (not check.clock.paused_at and now > check.due_at):
        raise AlreadyLateError("Its due date has passed: what is late stays late.")
    if check.clock.paused_at:
        raise NotRunningError("Its clock is paused; it has to be resumed first.")
