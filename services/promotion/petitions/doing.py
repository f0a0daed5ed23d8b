"""What members and staff do with petitions: words first, and then the command that names them."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from services.promotion.domain.home import SayHome
from services.promotion.domain.petition import (
    AnswerPetition,
    EndPetition,
    SignPetition,
    StartPetition,
    WithdrawSignature,
)
from services.promotion.domain.petition_state import NEVER, Petition
from services.promotion.domain.society_rules import require_officer
from services.promotion.domain.society_state import Society
from services.promotion.petitions.words import OF_THE_BODY, PetitionWords, Words
from services.promotion.projections.homes import Dwelling
from services.promotion.signing.giving import OWN, actor_in
from shared.contracts.home import HomeSaid
from shared.contracts.identity import aggregate_id, command_id
from shared.contracts.petition import PetitionStarted
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.errors import DomainError
from shared.runtime.charter_petitions import PetitionsTold
from shared.web.sessions import Session

MOST_A_DAY = 3
"""Petitions that one member starts: one who asks nobody may be a machine."""


class TooManyADayError(DomainError):
    pass


class NoPetitionsError(DomainError):
    """The charter has none there."""


class NoHomeError(DomainError):
    """Who has not said where they live signs nowhere, nor does who said it a moment ago."""


@dataclass(frozen=True)
class Wanted:
    title: str
    text: str
    place: str
    sector: str
    society: str = ""


@dataclass(frozen=True)
class Petitions:
    """`is_closed` tells of a login whether nobody signs in by it any more: what they wrote is shown
    to nobody. The same form sent twice, which `once` tells, does it once. `lives` asks the rows
    where somebody does, `society` the log for one."""

    handler: CommandHandler
    words: PetitionWords
    terms: PetitionsTold
    now: Callable[[], datetime]
    is_closed: Callable[[str], bool]
    lives: Callable[[str], Awaitable[Dwelling | None]]
    society: Callable[[str], Awaitable[Society]]

    async def one(self, petition_id: str) -> Petition:
        """As it is now; nobody has started one whose life is unknown."""
        petition: Petition = await self.handler.state_after(EndPetition(petition_id, NEVER))
        return petition

    async def said(self, ids: Collection[str]) -> Mapping[str, Words]:
        found = await self.words.some(ids)
        return {each: text for each, text in found.items() if not self.is_closed(text.author)}

    async def start(self, session: Session, once: str, wanted: Wanted) -> str:
        """Its id. By the terms of now, which it keeps. Raises DomainError."""
        who, at, terms = session.login_id, self.now(), self.terms
        needs = terms.needed_at(wanted.place)
        if terms.owner is None or needs is None:
            raise NoPetitionsError("The charter has no petitions there.")
        if wanted.society:
            require_officer(await self.society(wanted.society), who)
        petition_id = aggregate_id("petition", who, once)
        words_id = aggregate_id("words", petition_id, f"{who}\n{once}")
        given = Words(words_id, who, wanted.title, wanted.text, at)
        is_new = await self._keep_few(given)
        started = PetitionStarted(
            petition_id=petition_id,
            place=wanted.place,
            at=at,
            by=who,
            society=wanted.society or None,
            words=words_id,
            sector=wanted.sector,
            needs=needs,
            until=at + timedelta(days=terms.term_days),
            known_since=at - timedelta(days=terms.known_days),
            owner=terms.owner,
            task=terms.task,
            answer_days=terms.answer_days,
            rule_version=terms.version,
        )
        name = command_id("StartPetition", petition_id, who, once)
        await self._with_words(StartPetition(started), name, session, OWN, words_id, is_new=is_new)
        return petition_id

    async def answer(
        self, session: Session, role: str, petition_id: str, once: str, text: str
    ) -> None:
        """Raises DomainError."""
        words_id = aggregate_id("words", petition_id, f"answer\n{once}")
        is_new = await self.words.keep(Words(words_id, OF_THE_BODY, "", text, self.now()))
        command = AnswerPetition(petition_id, session.login_id, self.now(), words_id)
        name = command_id("AnswerPetition", petition_id, session.login_id, once)
        await self._with_words(command, name, session, role, words_id, is_new=is_new)

    async def sign(self, session: Session, petition_id: str) -> None:
        """Raises DomainError."""
        lives = await self.lives(session.login_id)
        if lives is None:
            raise NoHomeError("Nobody knows yet where they live.")
        who = petition_id, session.login_id, self.now()
        await self.give(SignPetition(*who, lives.home, lives.known_since), session)

    async def withdraw(self, session: Session, petition_id: str) -> None:
        """Raises DomainError."""
        await self.give(WithdrawSignature(petition_id, session.login_id, self.now()), session)

    async def say_home(self, session: Session, place: str) -> None:
        said = HomeSaid(login_id=session.login_id, place=place, at=self.now())
        await self.give(SayHome(said), session)

    async def give(self, command: object, session: Session, role: str = OWN) -> None:
        """One without words. Raises DomainError."""
        name = uuid4().hex
        await self.handler.carry_out(Envelope(command, name, name, actor=actor_in(session, role)))

    async def _keep_few(self, given: Words) -> bool:
        is_new = await self.words.keep(given)
        since = given.written_at - timedelta(days=1)
        if await self.words.begun_since(given.author, since) > MOST_A_DAY:
            if is_new:
                await self.words.drop(given.words_id)
            raise TooManyADayError("So many a day are enough.")
        return is_new

    async def _with_words(
        self,
        command: object,
        name: str,
        session: Session,
        role: str,
        words_id: str,
        *,
        is_new: bool,
    ) -> None:
        """Of what is refused the words go, too, unless they were there before."""
        actor = actor_in(session, role)
        try:
            await self.handler.carry_out(Envelope(command, name, name, actor=actor))
        except DomainError:
            if is_new:
                await self.words.drop(words_id)
            raise
