"""What is asked of whoever does something with a petition, and how supporters are told of."""

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
