"""The events of one entry in a public register of associations; only intake writes them."""

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, StringConstraints

from shared.contracts.event import Event
from shared.contracts.society import Federations, Places, Sectors
from shared.contracts.values import (
    PROSE_PATTERN,
    GivenLine,
    Id,
    Instant,
    LongAgo,
    SourceCode,
    SourceId,
)

MOST_TAGS = 10
LONGEST_TAG, LONGEST_CAUSE = 40, 2_000


def _as_tags_are(tag: str) -> str:
    if len(tag) > LONGEST_TAG:
        raise ValueError(f"must have at most {LONGEST_TAG} signs")
    return tag.casefold()


Tag = Annotated[GivenLine, AfterValidator(_as_tags_are)]
Tags = Annotated[tuple[Tag, ...], Field(max_length=MOST_TAGS)]
Cause = Annotated[str, StringConstraints(max_length=LONGEST_CAUSE, pattern=PROSE_PATTERN)]


class RegistrationStated(Event):
    """All that the register `source` says of one association, by its `number` there; each later
    statement replaces the one before. A register is public, so its words stand here. `place` holds
    all `places`; `federations` and `merged_into` are entries of the same register by our ids."""

    service: ClassVar[str] = "intake"
    aggregate: ClassVar[str] = "registration"
    key: ClassVar[str] = "registration_id"

    registration_id: Id
    source: SourceCode
    number: SourceId
    name: GivenLine
    cause: Cause = ""
    tags: Tags = ()
    places: Places
    sectors: Sectors = ()
    stated_at: Instant
    founded_on: LongAgo | None = None
    ended_on: LongAgo | None = None
    federations: Federations = ()
    merged_into: Id | None = None
