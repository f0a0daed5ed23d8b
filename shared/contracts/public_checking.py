"""What outsiders may see of what checkers made of a claim of done; only publishing writes it."""

from typing import ClassVar

from shared.contracts.checking import Verdict
from shared.contracts.public import PublicEvent
from shared.contracts.values import Day, Id, Sector, Truth


class PublicCheckingEvent(PublicEvent):
    """Who was drawn, who found what and in which words is told of nobody. `due_on` is as it was."""

    aggregate: ClassVar[str] = "check"
    key: ClassVar[str] = "check"

    check: Id
    sector: Sector
    due_on: Day
    on: Day


class ClaimRefuted(PublicCheckingEvent):
    """It was claimed done for `done_on`, and checkers did not find it so: that claim counts no
    more. Where the check had been late and was taken back, `CheckOverdue` comes again."""

    done_on: Day
    verdict: Verdict


class ClaimUpheld(PublicCheckingEvent):
    """Checkers found it done, as claimed for `done_on`; so it is, though refuted before."""

    done_on: Day
    late: Truth


class CheckHalved(PublicCheckingEvent):
    """It is final that half was done: the rest goes on as the check `rest`."""

    rest: Id


class PublicPictureEvent(PublicEvent):
    """Of a picture of what a checker found; `picture` names it, and nothing else."""

    aggregate: ClassVar[str] = "check"
    key: ClassVar[str] = "check"

    check: Id
    sector: Sector
    picture: Id
    on: Day


class PicturePassed(PublicPictureEvent):
    """It can be seen on the page of the check."""


class PictureTakenBack(PublicPictureEvent):
    """It can not be seen any more, and whoever has a copy is asked to delete it."""


class ClaimUnchecked(PublicEvent):
    """It was claimed done for `done_on`, and nobody could check that: the claim stands as its owner
    made it, unless `ClaimUpheld` or `ClaimRefuted` follows from an appeal. Read models from before
    it know nothing of it."""

    aggregate: ClassVar[str] = "check"
    key: ClassVar[str] = "check"

    check: Id
    sector: Sector
    due_on: Day
    on: Day
    done_on: Day
