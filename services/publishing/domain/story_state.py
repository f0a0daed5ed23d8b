"""What a later decision about a story has to know of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from shared.contracts.story import (
    SafetyAsked,
    StoryCorrected,
    StoryDrafted,
    StoryEmbargoed,
    StoryEvent,
    StoryFoundSafe,
    StoryHeld,
    StoryProposed,
    StoryPublished,
    StoryReturned,
    StoryReviewed,
    StoryWithdrawn,
)

Stage = Literal["unknown", "proposed", "drafted", "reviewed", "done", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Story:
    """`draft` is the text that was written last, `published` the number of the one that readers
    see, 0 for none. `until` is when it appears by itself. `ask_at` stands while it is held; nobody
    was `asked` yet since then."""

    stage: Stage = "unknown"
    proposed: StoryProposed | None = None
    draft: StoryDrafted | None = None
    published: int = 0
    until: datetime | None = None
    ask_at: datetime | None = None
    asked: bool = False

    @property
    def is_held(self) -> bool:
        return self.ask_at is not None


def evolve(story: Story, event: StoryEvent) -> Story:
    match event:
        case StoryProposed():
            return replace(story, stage="proposed", proposed=event)
        case StoryDrafted():
            return replace(story, stage="drafted", draft=event, until=None)
        case StoryReviewed():
            return replace(story, stage="reviewed")
        case StoryReturned():
            return replace(story, stage="proposed", until=None)
        case StoryEmbargoed(until=until):
            return replace(story, until=until)
        case StoryHeld(ask_at=ask_at):
            return replace(story, ask_at=ask_at, asked=False)
        case SafetyAsked():
            return replace(story, asked=True)
        case StoryFoundSafe():
            return replace(story, ask_at=None, asked=False)
        case StoryPublished(number=number) | StoryCorrected(number=number):
            return replace(story, stage="done", published=number, until=None)
        case StoryWithdrawn():
            return replace(story, stage="withdrawn", until=None, ask_at=None)
        case _:
            return story
