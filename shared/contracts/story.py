"""The events of one story; only publishing writes them."""

from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.contracts.event import Event
from shared.contracts.society import Sectors
from shared.contracts.values import Count, Day, Digest, Id, Instant, Line, Sequence, Truth

MOST_SOURCES = 50

Tongue = Annotated[str, StringConstraints(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$")]
"""The language of a text, as HTML has it: `en`, `fr-CA`."""

CitedKind = Literal["report", "check", "society", "member"]


class Cited(BaseModel):
    """What a story rests on: of PUBLIC, the thing by its public id, and the very event by its
    `ce-id` and its sequence there."""

    model_config = ConfigDict(frozen=True)

    kind: CitedKind
    id: Id
    event: Id
    sequence: Sequence
    on: Day


Sources = Annotated[tuple[Cited, ...], Field(min_length=1, max_length=MOST_SOURCES)]


class StoryEvent(Event):
    """People are logins, whose ids say nothing of them. What somebody wrote stands in no event:
    `words` names what lies beside the log, and can be taken away."""

    service: ClassVar[str] = "publishing"
    aggregate: ClassVar[str] = "story"
    key: ClassVar[str] = "story_id"

    story_id: Id
    at: Instant


class StoryProposed(StoryEvent):
    """Something public is worth one; nothing is written yet."""

    by: Id
    sectors: Sectors
    sources: Sources


class TextOfStory(StoryEvent):
    """The `number`-th text of a story, with so many words. `digest` is the SHA-256 of the text with
    what lies beside it, so that nobody can put another in its place."""

    number: Count
    words: Id
    digest: Digest
    tongue: Tongue
    size: Count
    sectors: Sectors
    sources: Sources


class StoryDrafted(TextOfStory):
    by: Id


class StoryReviewed(StoryEvent):
    """Somebody else than who wrote it has read it, and it may appear."""

    number: Count
    by: Id


class StoryReturned(StoryEvent):
    """Somebody has read it, and it is to be written anew."""

    number: Count
    by: Id
    reason: Line


class StoryEmbargoed(StoryEvent):
    """It appears by itself at `until`, as it is."""

    number: Count
    by: Id
    until: Instant


class StoryHeld(StoryEvent):
    """Not before it is safe for somebody: it does not appear before somebody says so, and whoever
    has it is asked again at `ask_at`."""

    by: Id
    reason: Line
    ask_at: Instant


class SafetyAsked(StoryEvent):
    """Whether it is safe by now."""


class StoryFoundSafe(StoryEvent):
    by: Id


class StoryPublished(TextOfStory):
    """`by` whom; nobody where an embargo ended."""

    by: Id | None


class StoryCorrected(TextOfStory):
    """Its text is another one from now on, `why` is printed with it, and what stood there before
    stays readable."""

    by: Id
    why: Line


class StoryWithdrawn(StoryEvent):
    """For ever. `published`: it had appeared, and that it did stays told, with the reason."""

    by: Id
    reason: Line
    published: Truth
