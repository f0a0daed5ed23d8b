"""What outsiders may see of societies; only publishing writes it."""

from typing import ClassVar

from shared.contracts.public import PublicEvent
from shared.contracts.society import Places, Sectors
from shared.contracts.values import Count, Day, Id, Line, LongAgo, SourceCode


class PublicSocietyEvent(PublicEvent):
    """Of no member anything is told, and no words: these are on the society's page, where they can
    be taken away."""

    aggregate: ClassVar[str] = "society"
    key: ClassVar[str] = "society"

    society: Id
    on: Day


class SocietyFounded(PublicSocietyEvent):
    """`page` is by which its page at promotion is called."""

    page: Id
    places: Places
    sectors: Sectors


class SocietyCounted(PublicSocietyEvent):
    """It has at least so many members, in rough steps; fewer than the charter's smallest figure are
    not told."""

    at_least: Count | None


class ActivityHeld(PublicSocietyEvent):
    """At `place`, on the day `on`; how many came is told as members are."""

    came: Count | None


class SocietyFellDormant(PublicSocietyEvent):
    pass


class SocietyRevived(PublicSocietyEvent):
    pass


class SocietySuspended(PublicSocietyEvent):
    reason: Line


class SocietyReinstated(PublicSocietyEvent):
    reason: Line


class SocietyDissolved(PublicSocietyEvent):
    pass


class SocietyRegistered(PublicSocietyEvent):
    """What a public register says of it, by that register's name here; a later one replaces all of
    it. Names are on its page. `merged_into` is by which the page of the one is called that goes on
    in its stead."""

    page: Id
    registry: SourceCode
    places: Places
    sectors: Sectors
    ended_on: LongAgo | None = None
    merged_into: Id | None = None
