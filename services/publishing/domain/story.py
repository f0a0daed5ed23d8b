"""The life of a story: proposed, written, read by a second person, published, corrected."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.publishing.domain.story_state import Story, evolve
from shared.contracts.society import Sectors
from shared.contracts.story import (
    SafetyAsked,
    Sources,
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
    Tongue,
)
from shared.contracts.values import Count, Digest, Id, Instant, Line
from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.errors import DomainError

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProposeStory:
    proposed: StoryProposed

    @property
    def story_id(self) -> Id:
        return self.proposed.story_id


@dataclass(frozen=True, slots=True)
class DraftStory:
    """Also of a story that was published, to correct it; without `sectors` and `sources` they stay
    as they are."""

    story_id: Id
    by: Id
    at: Instant
    words: Id
    digest: Digest
    tongue: Tongue
    size: Count
    sectors: Sectors | None = None
    sources: Sources | None = None


@dataclass(frozen=True, slots=True)
class ReviewStory:
    """`number` is of the text that they have read."""

    story_id: Id
    number: Count
    by: Id
    at: Instant


@dataclass(frozen=True, slots=True)
class ReturnStory:
    story_id: Id
    number: Count
    by: Id
    at: Instant
    reason: Line


@dataclass(frozen=True, slots=True)
class PublishStory:
    """With `until` under an embargo; a correction says `why`."""

    story_id: Id
    number: Count
    by: Id
    at: Instant
    until: Instant | None = None
    why: Line | None = None


@dataclass(frozen=True, slots=True)
class HoldStory:
    story_id: Id
    by: Id
    at: Instant
    reason: Line
    ask_at: Instant


@dataclass(frozen=True, slots=True)
class FindStorySafe:
    story_id: Id
    by: Id
    at: Instant


@dataclass(frozen=True, slots=True)
class WakeStory:
    """An embargo has ended, or somebody is to be asked again whether it is safe."""

    story_id: Id
    at: Instant


@dataclass(frozen=True, slots=True)
class WithdrawStory:
    story_id: Id
    by: Id
    at: Instant
    reason: Line


Command = (
    ProposeStory
    | DraftStory
    | ReviewStory
    | ReturnStory
    | PublishStory
    | HoldStory
    | FindStorySafe
    | WakeStory
    | WithdrawStory
)

# --- Errors ---------------------------------------------------------------


class NoStoryError(DomainError):
    pass


class StoryWithdrawnError(DomainError):
    pass


class OldTextError(DomainError):
    """Somebody has written another text meanwhile."""


class OwnTextError(DomainError):
    pass


class NotReviewedError(DomainError):
    pass


class HeldError(DomainError):
    pass


class NotHeldError(DomainError):
    pass


class PastError(DomainError):
    pass


class NoReasonError(DomainError):
    pass


# --- Decide and evolve ----------------------------------------------------


def decide(command: Command, story: Story) -> list[StoryEvent]:
    if isinstance(command, ProposeStory):
        return [] if story.proposed else [command.proposed]
    if story.proposed is None:
        raise NoStoryError("nobody has proposed such a story")
    where = {"story_id": command.story_id, "place": story.proposed.place, "at": command.at}
    match command:
        case WithdrawStory(by=by, reason=reason):
            told = {"by": by, "reason": reason, "published": story.published > 0}
            return [] if story.stage == "withdrawn" else [StoryWithdrawn(**where, **told)]
        case WakeStory():
            return _woken(story, command.at, where)
        case _ if story.stage == "withdrawn":
            raise StoryWithdrawnError("it is withdrawn for ever")
        case DraftStory():
            return _drafted(command, story, story.proposed, where)
        case HoldStory():
            return _held(command, story, where)
        case FindStorySafe(by=by):
            if not story.is_held:
                raise NotHeldError("nobody holds it")
            safe = StoryFoundSafe(**where, by=by)
            return [safe, *_woken(evolve(story, safe), command.at, where)]
        case ReviewStory() | ReturnStory() | PublishStory():
            return _of_a_text(command, story, where)


def _drafted(
    command: DraftStory, story: Story, proposed: StoryProposed, where: dict[str, Any]
) -> list[StoryEvent]:
    before = story.draft
    if before and before.words == command.words:
        return []
    known = before or proposed
    text = {
        "number": before.number + 1 if before else 1,
        "words": command.words,
        "digest": command.digest,
        "tongue": command.tongue,
        "size": command.size,
        "sectors": known.sectors if command.sectors is None else command.sectors,
        "sources": known.sources if command.sources is None else command.sources,
    }
    return [StoryDrafted(**where, **text, by=command.by)]


def _held(command: HoldStory, story: Story, where: dict[str, Any]) -> list[StoryEvent]:
    if story.ask_at == command.ask_at:
        return []
    if command.ask_at <= command.at:
        raise PastError("that moment has passed")
    told = {"by": command.by, "reason": command.reason, "ask_at": command.ask_at}
    return [StoryHeld(**where, **told)]


def _of_a_text(
    command: ReviewStory | ReturnStory | PublishStory, story: Story, where: dict[str, Any]
) -> list[StoryEvent]:
    draft = story.draft
    if draft is None or draft.number != command.number:
        raise OldTextError("another text has been written meanwhile")
    given = {"number": command.number, "by": command.by}
    match command:
        case ReviewStory() if story.stage in ("reviewed", "done"):
            return []
        case ReviewStory() if story.stage != "drafted":
            raise OldTextError("it was returned, and is to be written anew")
        case ReviewStory(by=by) if by == draft.by:
            raise OwnTextError("who wrote it can not be the second person")
        case ReviewStory():
            return [StoryReviewed(**where, **given)]
        case ReturnStory() if story.stage == "proposed":
            return []
        case ReturnStory() if story.stage == "done":
            raise OldTextError("it has appeared; it can be corrected, or withdrawn")
        case ReturnStory(reason=reason):
            return [StoryReturned(**where, **given, reason=reason)]
        case PublishStory():
            return _published(command, story, draft, where)


def _published(
    command: PublishStory, story: Story, draft: StoryDrafted, where: dict[str, Any]
) -> list[StoryEvent]:
    if story.stage == "done":
        return []
    if story.stage != "reviewed":
        raise NotReviewedError("a second person has not read it yet")
    if story.published:
        if command.why is None:
            raise NoReasonError("a correction says why")
        if story.is_held:
            raise HeldError("it is held until somebody says that it is safe")
        return [StoryCorrected(**where, **_text(draft), by=command.by, why=command.why)]
    if command.until is not None:
        if command.until == story.until:
            return []
        if command.until <= command.at:
            raise PastError("that moment has passed")
        given = {"number": draft.number, "by": command.by, "until": command.until}
        return [StoryEmbargoed(**where, **given)]
    if story.is_held:
        raise HeldError("it is held until somebody says that it is safe")
    return [StoryPublished(**where, **_text(draft), by=command.by)]


def _woken(story: Story, now: datetime, where: dict[str, Any]) -> list[StoryEvent]:
    """A text that is held does not appear by itself, whatever moment has passed."""
    if story.is_held:
        is_due = story.ask_at is not None and story.ask_at <= now and not story.asked
        return [SafetyAsked(**where)] if is_due else []
    is_due = story.until is not None and story.until <= now and story.stage == "reviewed"
    if is_due and story.draft:
        return [StoryPublished(**where, **_text(story.draft), by=None)]
    return []


def _text(draft: StoryDrafted) -> dict[str, Any]:
    return {
        "number": draft.number,
        "words": draft.words,
        "digest": draft.digest,
        "tongue": draft.tongue,
        "size": draft.size,
        "sectors": draft.sectors,
        "sources": draft.sources,
    }


category = Category(
    service="publishing",
    name="story",
    decider=Decider[Command, StoryEvent, Story](
        initial_state=Story(), decide=decide, evolve=evolve
    ),
    commands=(
        ProposeStory,
        DraftStory,
        ReviewStory,
        ReturnStory,
        PublishStory,
        HoldStory,
        FindStorySafe,
        WithdrawStory,
    ),
    key="story_id",
    inner=(WakeStory,),
)
