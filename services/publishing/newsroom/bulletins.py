"""What editors do about bulletins, and what is done where the charter's day has come."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from services.publishing.domain.bulletin import ComposeBulletin, category
from services.publishing.domain.bulletin_state import Bulletin
from services.publishing.domain.ranking import Wanted, ranked
from services.publishing.newsroom.material import Gathering
from services.publishing.projections import issues
from shared.contracts.actor import Actor, suite
from shared.contracts.bulletin import BulletinComposed, IssueTerms
from shared.contracts.identity import aggregate_id, command_id
from shared.contracts.roles import Role
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.errors import DomainError
from shared.eventsourcing.event_store import AggregateKey, EventStore, RecordedEvent
from shared.web.sessions import Session

EDITOR: Role = "editor"
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)
TERM = "bulletin"
Ask = Callable[..., Awaitable[Any]]


class NothingToTellError(DomainError):
    """Of these days there is neither a story nor a check that no other issue has."""


class ToComeError(DomainError):
    """The issue would go up to a day that is still to come, and the charter's day calls for none
    before that."""


def bulletin_id_of(number: int) -> str:
    """By its number, so that no two issues have the same."""
    return aggregate_id("bulletin", "issue", str(number))


@dataclass(frozen=True)
class Composing:
    """What is asked of an issue."""

    first: date
    last: date
    items: int
    in_front: Sequence[str] = ()
    without: Collection[str] = ()


@dataclass(frozen=True)
class Bulletins:
    """`ask` asks the rows; so many `items` has an issue usually."""

    handler: CommandHandler
    store: EventStore
    ask: Ask
    gathering: Gathering
    items: int
    now: Callable[[], datetime]
    tried: dict[str, date] = field(default_factory=dict)

    @property
    def terms(self) -> IssueTerms:
        return self.gathering.terms

    async def one(self, number: int) -> tuple[Bulletin, Sequence[RecordedEvent]]:
        """As it is now, and how it came to be so; by the log, for another process may write."""
        key = AggregateKey("publishing", "bulletin", bulletin_id_of(number))
        history = await self.store.load(key)
        bulletin: Bulletin = category.decider.fold(each.event for each in history)
        return bulletin, history

    async def composed(
        self, number: int, edition: int, by: str | None, asked: Composing
    ) -> BulletinComposed:
        """Raises NothingToTellError."""
        bulletin_id = bulletin_id_of(number)
        there = await self.ask(self.gathering.gather, asked.first, asked.last, bulletin_id)
        wanted = Wanted(
            asked.first, asked.last, asked.items, asked.in_front, asked.without, there.owed
        )
        items = ranked(there.candidates, there.heard, self.terms, wanted)
        if not items:
            raise NothingToTellError
        return BulletinComposed(
            bulletin_id=bulletin_id,
            place=self.terms.within,
            number=number,
            at=self.now(),
            edition=edition,
            first=asked.first,
            last=asked.last,
            terms=self.terms,
            items=items,
            heard=there.heard,
            by=by,
        )

    async def compose(
        self, session: Session, once: str, number: int, edition: int, asked: Composing
    ) -> None:
        """Raises DomainError."""
        if asked.last > self.now().date() + A_DAY:  # today is over there somewhere
            raise ToComeError("its last day is still to come")
        composed = await self.composed(number, edition, session.login_id, asked)
        await self.give(ComposeBulletin(composed), session, once)

    async def give(self, command: object, session: Session, once: str = "") -> None:
        """Raises DomainError."""
        bulletin_id = str(getattr(command, "bulletin_id"))  # noqa: B009
        name = uuid4().hex
        if once:
            name = command_id(type(command).__name__, bulletin_id, session.login_id, once)
        actor = Actor(session.holder, EDITOR, session.login_id)
        await self.handler.carry_out(Envelope(command, name, name, actor=actor))

    async def compose_what_is_called(self) -> None:
        """Whoever does it twice does it once: of an issue that is composed nothing comes again.
        Where there is nothing to tell yet it is tried again on another day."""
        for row in await self.ask(issues.called):
            bulletin_id, number = row["bulletin_id"], row["number"]
            today = self.now().date()
            if self.tried.get(bulletin_id) == today:
                continue
            before = await self.ask(issues.last_day, number)
            first = before + A_DAY if before else row["last"] - A_WEEK + A_DAY
            asked = Composing(min(first, row["last"]), row["last"], self.items)
            with suppress(NothingToTellError):
                composed = await self.composed(number, 1, None, asked)
                name = command_id("ComposeBulletin", bulletin_id, TERM)
                command, actor = ComposeBulletin(composed), suite("timer", TERM)
                await self.handler.carry_out(Envelope(command, name, name, actor=actor))
            self.tried[bulletin_id] = today  # not before: what failed is tried again at once

    def composing(self, moved: asyncio.Event) -> Callable[[], Awaitable[None]]:
        """Until cancelled: whenever rows have moved."""

        async def run() -> None:
            while True:
                moved.clear()
                await self.compose_what_is_called()
                await moved.wait()

        return run
