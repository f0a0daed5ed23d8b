"""What outsiders may see of bulletins; only publishing writes it."""

from typing import ClassVar

from shared.contracts.bulletin import Heard, IssueTerms, Items
from shared.contracts.public import PublicEvent
from shared.contracts.values import Count, Day, Id, Line


class PublicBulletinEvent(PublicEvent):
    """Who composed and read it is told of nobody."""

    aggregate: ClassVar[str] = "bulletin"
    key: ClassVar[str] = "bulletin"

    bulletin: Id
    number: Count
    on: Day


class PublicContents(PublicBulletinEvent):
    """`items` name what they are about by ids of this stream; `heard` is how many reports of each
    region were public of its days; `reason` why it is below what its `terms` say."""

    edition: Count
    first: Day
    last: Day
    terms: IssueTerms
    items: Items
    heard: Heard
    reason: Line | None


class BulletinIssued(PublicContents):
    pass


class BulletinCorrected(PublicContents):
    why: Line


class BulletinWithdrawn(PublicBulletinEvent):
    reason: Line
