"""What editors do about stories: words first, and then the command that names them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex
from uuid import uuid4

from services.publishing.domain.story import DraftStory, ProposeStory, WithdrawStory, category
from services.publishing.domain.story_state import Story
from services.publishing.newsroom.prose import size_of
from services.publishing.newsroom.words import StoryWords, Words
from shared.contracts.actor import Actor
from shared.contracts.identity import aggregate_id, command_id
from shared.contracts.place import common_region
from shared.contracts.roles import Role
from shared.contracts.story import Cited, StoryProposed
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.errors import DomainError
from shared.eventsourcing.event_store import AggregateKey, EventStore, RecordedEvent
from shared.web.sessions import Session

EDITOR: Role = "editor"


@dataclass(frozen=True)
class Text:
    title: str
    text: str
    tongue: str


@dataclass(frozen=True)
class Proposal:
    places: Sequence[str]
    sectors: Sequence[str]
    sources: Sequence[Cited]


@dataclass(frozen=True)
class Newsroom:
    """The same form sent twice, which `once` tells, does it once."""

    handler: CommandHandler
    store: EventStore
    words: StoryWords
    now: Callable[[], datetime]

    async def one(self, story_id: str) -> tuple[Story, Sequence[RecordedEvent]]:
        """As it is now, and how it came to be so; by the log, for another process may write."""
        history = await self.store.load(AggregateKey("publishing", "story", story_id))
        story: Story = category.decider.fold(each.event for each in history)
        return story, history

    async def propose(self, session: Session, once: str, proposal: Proposal) -> str:
        """Its id. Raises DomainError."""
        story_id = aggregate_id("story", session.login_id, once)
        proposed = StoryProposed(
            story_id=story_id,
            place=common_region(proposal.places),
            at=self.now(),
            by=session.login_id,
            sectors=tuple(dict.fromkeys(proposal.sectors)),
            sources=tuple(proposal.sources),
        )
        await self.give(ProposeStory(proposed), session, once)
        return story_id

    async def draft(self, session: Session, story_id: str, once: str, given: Text) -> None:
        """Raises DomainError; of what is refused the words go, too."""
        words_id = aggregate_id("words", story_id, f"{session.login_id}\n{once}")
        text = Words(words_id, story_id, given.title, given.text, token_hex(16), self.now())
        is_new = await self.words.keep(text)
        if not is_new:
            text = (await self.words.some([words_id]))[words_id]
        command = DraftStory(
            story_id,
            session.login_id,
            self.now(),
            words_id,
            text.digest,
            given.tongue,
            size_of(f"{text.title}\n\n{text.text}"),
        )
        try:
            await self.give(command, session, once)
        except DomainError:
            if is_new:
                await self.words.drop(words_id)
            raise

    async def withdraw(self, session: Session, story_id: str, reason: str) -> None:
        """The words go at once; whoever dies in between finds them gone at the next start."""
        command = WithdrawStory(story_id, session.login_id, self.now(), reason)
        await self.give(command, session)
        await self.words.erase([story_id])

    async def give(self, command: object, session: Session, once: str = "") -> None:
        """Raises DomainError."""
        story_id = str(getattr(command, "story_id"))  # noqa: B009
        name = uuid4().hex
        if once:
            name = command_id(type(command).__name__, story_id, session.login_id, once)
        actor = Actor(session.holder, EDITOR, session.login_id)
        await self.handler.carry_out(Envelope(command, name, name, actor=actor))
