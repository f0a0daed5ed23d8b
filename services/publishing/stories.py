"""The gate's part for stories: that they appeared, and on which public events they rest."""

from datetime import tzinfo
from typing import Any

from services.publishing.days import day
from shared.contracts import public_story, story
from shared.contracts.event import Event

TOLD = (story.StoryPublished, story.StoryCorrected, story.StoryWithdrawn)
"""What nobody has published stays inside, and who wrote or read it, too."""


def passes(event: story.StoryEvent) -> bool:
    return isinstance(event, TOLD) and getattr(event, "published", True)


def told(event: story.StoryEvent, public_id: str, zone: tzinfo) -> Event | None:
    what: dict[str, Any] = {"story": public_id, "place": event.place, "on": day(event.at, zone)}
    match event:
        case story.StoryPublished():
            return public_story.StoryPublished(**what, **_text(event))
        case story.StoryCorrected(why=why):
            return public_story.StoryCorrected(**what, **_text(event), why=why)
        case story.StoryWithdrawn(reason=reason, published=True):
            return public_story.StoryWithdrawn(**what, reason=reason)
        case _:
            return None


def _text(event: story.TextOfStory) -> dict[str, Any]:
    names = ("number", "words", "digest", "tongue", "size", "sectors", "sources")
    return {name: getattr(event, name) for name in names}
