"""What is asked of whoever does something in a society, and what they are told if it is not so."""

from services.promotion.domain.society_state import Society
from shared.contracts.steps import MARGIN, STEPS
from shared.eventsourcing.errors import DomainError

MOST_MEMBERS = 10_000
"""A society lives on one log and is held in memory as a whole."""

MOST_ACTIVITIES = 10_000
MOST_OFFICES = 20


class NoSocietyError(DomainError):
    pass


class DissolvedError(DomainError):
    pass


class SuspendedError(DomainError):
    pass


class NoMemberError(DomainError):
    pass


class NotForThemError(DomainError):
    """It is for who leads the society, or has an office in it."""


class NotAloneError(DomainError):
    """While it lives and has other members nobody ends it for them."""


class FullError(DomainError):
    pass


class TooManyActivitiesError(DomainError):
    pass


class TooManyOfficesError(DomainError):
    pass


class NotHeldYetError(DomainError):
    """What is to come is no activity held."""


class NoAppealError(DomainError):
    pass


class AppealedError(DomainError):
    """One appeal of one suspension, and it was declined."""


class SamePersonError(DomainError):
    """Who suspended a society does not decide about the appeal."""


def require_member(society: Society, who: str) -> None:
    """Raises NoMemberError."""
    if who not in society.members:
        raise NoMemberError("That is for members of the society.")


def require_leader(society: Society, who: str) -> None:
    """Raises NotForThemError."""
    if who != society.leader:
        raise NotForThemError("That is for who leads the society.")


def require_officer(society: Society, who: str) -> None:
    """Raises NotForThemError."""
    if who != society.leader and all(each != who for each, _ in society.offices):
        raise NotForThemError("That is for who leads the society, or has an office in it.")


def size_of(society: Society, smallest: int) -> int:
    """The step that is told of its members; 0 below the first that is no smaller than the
    `smallest`: also that nothing is told, told again, would count them."""
    many = len(society.members)
    told = (step for step in STEPS if step >= smallest and _is_told(step, many, society.counted))
    return max(told, default=0)


def _is_told(step: int, many: int, counted: int) -> bool:
    return many > step if step <= counted else many >= step + MARGIN
