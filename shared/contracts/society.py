"""The events of one society; only promotion writes them."""

from datetime import timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from shared.contracts.event import Event
from shared.contracts.values import (
    Count,
    Day,
    Id,
    Instant,
    Line,
    LongAgo,
    Place,
    Sector,
    SourceCode,
    SourceId,
)

SILENT_AFTER = timedelta(days=180)
"""Without a word of any member they are asked whether it goes on."""

MOST_PLACES, MOST_SECTORS, MOST_FEDERATIONS = 20, 10, 10

Places = Annotated[tuple[Place, ...], Field(min_length=1, max_length=MOST_PLACES)]
Sectors = Annotated[tuple[Sector, ...], Field(max_length=MOST_SECTORS)]
LeftPlaces = Annotated[tuple[Place, ...], Field(max_length=MOST_PLACES)]
Federations = Annotated[tuple[Id, ...], Field(max_length=MOST_FEDERATIONS)]

Office = Literal["deputy", "secretary", "treasurer"]
Succession = Literal["longest-standing", "deputy"]
"""Who leads once the leader has left: of the deputies, or of all, who has been there longest."""


class SocietyEvent(Event):
    """People are logins, whose ids say nothing of them. What somebody typed stands in no event:
    `words` names what promotion keeps beside the log, and can erase. `place` holds all places of
    the society."""

    service: ClassVar[str] = "promotion"
    aggregate: ClassVar[str] = "society"
    key: ClassVar[str] = "society_id"

    society_id: Id
    at: Instant


class SocietyFounded(SocietyEvent):
    """Nobody was asked. The founder is its first member, and leads it."""

    founder: Id
    words: Id
    places: Places
    sectors: Sectors


class SocietyReworded(SocietyEvent):
    """Its name, cause and tags are others, and theirs who wrote them."""

    by: Id
    words: Id


class SocietyJoined(SocietyEvent):
    member_id: Id


class SocietyLeft(SocietyEvent):
    member_id: Id


class MemberForgotten(SocietyEvent):
    """Who was a member can't sign in any more, and what they wrote for the society is erased."""

    member_id: Id


class LeaderFollowed(SocietyEvent):
    """`member_id` leads from now on, after `before`, who has left or handed over."""

    member_id: Id
    before: Id


class OfficeGiven(SocietyEvent):
    member_id: Id
    office: Office
    by: Id


class OfficeTaken(SocietyEvent):
    member_id: Id
    office: Office
    by: Id


class SuccessionRuled(SocietyEvent):
    rule: Succession
    by: Id


class ActivityHeld(SocietyEvent):
    """Something was held at `place` on a day, and so many came; `words` say what."""

    activity_id: Id
    by: Id
    words: Id
    on: Day
    came: Count


class SocietyCounted(SocietyEvent):
    """It has at least so many members now, and had not, or has no more; in rough steps."""

    at_least: Count


class MembersAsked(SocietyEvent):
    """Nothing was heard since `heard_at`: members are asked whether it goes on. If nobody says so
    it is dormant at `dormant_at`."""

    heard_at: Instant
    dormant_at: Instant


class MemberAnswered(SocietyEvent):
    """It goes on."""

    member_id: Id


class SocietyFellDormant(SocietyEvent):
    heard_at: Instant


class SocietyRevived(SocietyEvent):
    member_id: Id


class SocietySuspended(SocietyEvent):
    """Somebody of the staff has stopped it; `reason` is written for readers and names nobody."""

    by: Id
    reason: Line


class SuspensionAppealed(SocietyEvent):
    """A member asks for a second look."""

    by: Id
    words: Id


class AppealDeclined(SocietyEvent):
    by: Id
    reason: Line


class SocietyReinstated(SocietyEvent):
    by: Id
    reason: Line


class SocietyDissolved(SocietyEvent):
    """For ever: by its leader, or because nobody is left."""

    by: Id


class SocietyRegistered(SocietyEvent):
    """What a public register, the source `registry`, says of it, by its `number` there; a later one
    replaces all that one before said, of which `left_…` name what is so no more. Of members it says
    nothing. `federations` and `merged_into` are societies."""

    registry: SourceCode
    number: SourceId
    words: Id
    places: Places
    sectors: Sectors
    founded_on: LongAgo | None = None
    ended_on: LongAgo | None = None
    federations: Federations = ()
    merged_into: Id | None = None
    left_places: LeftPlaces = ()
    left_sectors: Sectors = ()
    left_federations: Federations = ()


class FederationEvent(SocietyEvent):
    """`federation_id` is a society, too."""

    federation_id: Id
    by: Id


class FederationAsked(FederationEvent):
    """It would like to be a member."""


class FederationJoined(FederationEvent):
    """Somebody who looks after the federation has admitted it."""


class FederationLeft(FederationEvent):
    """By either of them; or what was asked is taken back, or declined."""
