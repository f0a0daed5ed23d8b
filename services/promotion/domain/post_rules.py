"""What a post refuses, each for a reason of its own."""

from shared.eventsourcing.errors import DomainError


class NoPostError(DomainError):
    """There is no such post."""


class ClosedPostError(DomainError):
    """The post is closed."""


class NotQualifiedForPostError(DomainError):
    """Who is to have it is not qualified on all its tracks."""


class NotTwiceError(DomainError):
    """They had the seat last."""


class NominatedThemselvesError(DomainError):
    """A nomination is another member's."""


class NoCandidateError(DomainError):
    """They are not among the candidates that were ranked."""


class NoSeatError(DomainError):
    """Nobody is wanted: each seat is filled, or somebody is asked for it."""


class ReasonWantedError(DomainError):
    """Who stands behind the first ones is chosen with a reason alone."""


class SameChooserError(DomainError):
    """Who chose them does not allow it."""


class NoOfferError(DomainError):
    """They were not asked, or not any more."""


class NotPlacedError(DomainError):
    """They have no seat."""


class NoRecallError(DomainError):
    """Nobody is recalled from this post."""


class NotOfThePlaceError(DomainError):
    """They are no member of the place."""


class OwnRecallError(DomainError):
    """Nobody recalls themselves."""


class StillPlacedError(DomainError):
    """Somebody is placed in it."""
