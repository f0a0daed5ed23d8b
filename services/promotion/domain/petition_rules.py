"""What is asked of whoever does something with a petition, and how supporters are told of."""

from services.promotion.domain.society_rules import MARGIN, STEPS
from shared.eventsourcing.errors import DomainError

MOST_SIGNERS = 20_000
"""A petition lives on one log and is held in memory as a whole; none needs more than half of it."""

MOST_ANSWERS = 10


class NoPetitionError(DomainError):
    pass


class NotOfThePlaceError(DomainError):
    pass


class NewcomerError(DomainError):
    """Their login or their home was not known so long before the petition began."""


class AnsweredError(DomainError):
    pass


class LapsedError(DomainError):
    pass


class NotReachedError(DomainError):
    pass


class TooManyAnswersError(DomainError):
    pass


class FullError(DomainError):
    pass


def step_of(many: int, counted: int, smallest: int) -> int:
    """The step that is told of its supporters, after `counted` was told; as societies' members are
    counted for others."""

    def is_told(step: int) -> bool:
        return many > step if step <= counted else many >= step + MARGIN

    return max((step for step in STEPS if step >= smallest and is_told(step)), default=0)
