"""The events of one bulletin, an issue of several pieces; only publishing writes them."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.contracts.event import Event
from shared.contracts.values import (
    Count,
    Day,
    Digest,
    Id,
    Instant,
    Line,
    Place,
    Sector,
    Sequence,
    Truth,
)

MOST_ITEMS, MOST_LEADS = 60, 10
MOST_REGIONS = 1_000
IN_ALL = 100
"""Percent."""

Percent = Annotated[int, Field(strict=True, ge=0, le=IN_ALL)]

ItemKind = Literal["story", "check"]
News = Literal["story", "raised", "overdue", "refuted", "upheld", "late", "done"]
"""What news an item is."""

Chosen = Literal["rank", "floor", "share", "lead", "hand"]
"""Why it is in, and stands where it does: by its rank alone, for the floor of its region, for the
share of the regions, for their share of the leading places, or because an editor put it there."""


class Item(BaseModel):
    """One piece of an issue, by its public id and the sequence in PUBLIC that tells of it. Of a
    story `words` and `digest` name the very text. It stands where it does because of `value`,
    `freshness`, `corroboration` and `local` weight, less what stands `crowd`ed above it from the
    same region."""

    model_config = ConfigDict(frozen=True)

    kind: ItemKind
    id: Id
    sequence: Sequence
    on: Day
    place: Place
    region: Place
    sector: Sector | None
    news: News
    words: Id | None
    digest: Digest | None
    size: Count
    value: Count
    freshness: Count
    corroboration: Count
    local: Count
    crowd: Count
    chosen: Chosen

    @property
    def total(self) -> int:
        return self.value + self.freshness + self.corroboration + self.local - self.crowd


class HeardFrom(BaseModel):
    """How many reports of a region are public of the days of an issue."""

    model_config = ConfigDict(frozen=True)

    region: Place
    reports: Count


class IssueTerms(BaseModel):
    """What the charter says of an issue: its regions are the places right below `within`, but for
    those that are its `centre`. Of the items, and of the first `leads`, at least so many percent
    are of the regions; each of these that reported has at least `floor` items."""

    model_config = ConfigDict(frozen=True)

    version: Count
    within: Place
    centre: Annotated[tuple[Place, ...], Field(max_length=MOST_REGIONS)]
    share: Percent
    floor: Count
    leads: Count


Items = Annotated[tuple[Item, ...], Field(min_length=1, max_length=MOST_ITEMS)]
Heard = Annotated[tuple[HeardFrom, ...], Field(max_length=MOST_REGIONS)]


class BulletinEvent(Event):
    """`number` is that of the issue, from 1 on; people are logins, whose ids say nothing of
    them."""

    service: ClassVar[str] = "publishing"
    aggregate: ClassVar[str] = "bulletin"
    key: ClassVar[str] = "bulletin_id"

    bulletin_id: Id
    number: Count
    at: Instant


class BulletinCalled(BulletinEvent):
    """The charter's day has come: an issue is to be composed of the days up to `last`."""

    last: Day


class ContentsOfBulletin(BulletinEvent):
    """All that is in the `edition`-th composing of an issue of the days from `first` to `last`."""

    edition: Count
    first: Day
    last: Day
    terms: IssueTerms
    items: Items
    heard: Heard


class BulletinComposed(ContentsOfBulletin):
    """`by` whom; nobody where the charter's day had come."""

    by: Id | None


class BulletinReviewed(BulletinEvent):
    """Somebody else than who composed it has read it."""

    edition: Count
    by: Id


class BulletinIssued(ContentsOfBulletin):
    """`reason`: why it is below what the terms say; printed in it."""

    by: Id
    reason: Line | None


class BulletinCorrected(ContentsOfBulletin):
    """In place of the edition of before; `why` is printed with it."""

    by: Id
    why: Line
    reason: Line | None


class BulletinWithdrawn(BulletinEvent):
    """For ever. `issued`: it had appeared, and that it did stays told, with the reason."""

    by: Id
    reason: Line
    issued: Truth
