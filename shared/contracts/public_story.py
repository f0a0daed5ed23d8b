"""What outsiders may see of stories; only publishing writes it."""

from typing import ClassVar

from shared.contracts.public import PublicEvent
from shared.contracts.society import Sectors
from shared.contracts.story import Sources, Tongue
from shared.contracts.values import Count, Day, Digest, Id, Line


class PublicStoryEvent(PublicEvent):
    """Who wrote and read it is told of nobody; what is written is on the story's page, where it can
    be taken away."""

    aggregate: ClassVar[str] = "story"
    key: ClassVar[str] = "story"

    story: Id
    on: Day


class PublicTextOfStory(PublicStoryEvent):
    """`sources` are the very events of this stream that it rests on."""

    number: Count
    words: Id
    digest: Digest
    tongue: Tongue
    size: Count
    sectors: Sectors
    sources: Sources


class StoryPublished(PublicTextOfStory):
    pass


class StoryCorrected(PublicTextOfStory):
    """In place of the text of before, which stays readable."""

    why: Line


class StoryWithdrawn(PublicStoryEvent):
    """Its words are gone; whoever has a copy is asked to delete it."""

    reason: Line
