"""What outsiders may see of petitions; only publishing writes it."""

from typing import ClassVar

from shared.contracts.public import PublicEvent
from shared.contracts.values import Count, Day, Id, Line, Sector


class PublicPetitionEvent(PublicEvent):
    """Of nobody who signed anything is told, and no words: these are on the petition's page, where
    they can be taken away."""

    aggregate: ClassVar[str] = "petition"
    key: ClassVar[str] = "petition"

    petition: Id
    on: Day


class PetitionStarted(PublicPetitionEvent):
    """`page` is by which its page at promotion is called; `society` its society, by its public id,
    if it has one. It `needs` so many supporters until the end of the day `until`."""

    page: Id
    society: Id | None
    sector: Sector
    needs: Count
    until: Day


class PetitionCounted(PublicPetitionEvent):
    """At least so many support it, in rough steps; fewer than the charter's smallest figure are not
    told."""

    at_least: Count | None


class PetitionReached(PublicPetitionEvent):
    """As many support it as it needs; `check` controls the answer that is owed."""

    check: Id
    sector: Sector
    owner: Line


class AnswerOwed(PublicPetitionEvent):
    """By that day, as it was when the check was opened; if it is moved, the check tells."""

    due_on: Day


class PetitionAnswered(PublicPetitionEvent):
    pass


class PetitionLapsed(PublicPetitionEvent):
    pass


class PetitionHidden(PublicPetitionEvent):
    reason: Line
