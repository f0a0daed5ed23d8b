"""What members and staff do in societies: words first, and then the command that names them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import uuid4

from services.promotion.domain.society import (
    FoundSociety,
    HoldActivity,
    JudgeSociety,
    RewordSociety,
)
from services.promotion.domain.society_state import Society
from services.promotion.domain.suspension import AppealSuspension
from services.promotion.signing.giving import OWN, actor_in
from services.promotion.societies.word_index import Said
from services.promotion.societies.words import NAMED, SAID, SocietyWords, Words
from shared.contracts.identity import aggregate_id, command_id
from shared.contracts.place import common_region
from shared.contracts.society import SocietyFounded
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.errors import DomainError
from shared.web.sessions import Session

MOST_A_DAY = 10
"""Societies that one member names: one who asks nobody may be a machine."""


MOST_SAID_A_DAY = 30
"""Activities and whatever else one member tells of societies."""


class TooManyADayError(DomainError):
    pass


class TooMuchADayError(DomainError):
    pass


@dataclass(frozen=True)
class Charter:
    """What a society says of itself in words."""

    name: str
    cause: str
    tags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Held:
    what: str
    place: str
    on: date
    came: int


@dataclass(frozen=True)
class Kept:
    society_id: str
    words_id: str
    is_new: bool


@dataclass(frozen=True)
class Societies:
    """`is_closed` tells of a login whether nobody signs in by it any more: what they wrote is shown
    to nobody, also where it was put back from a backup. The same form sent twice, which `once`
    tells, does it once."""

    handler: CommandHandler
    words: SocietyWords
    now: Callable[[], datetime]
    is_closed: Callable[[str], bool]

    async def one(self, society_id: str) -> Society:
        """As it is now; nobody has founded one whose life is unknown."""
        asked = JudgeSociety(society_id, self.now())
        society: Society = await self.handler.state_after(asked)
        return society

    async def said(self, ids: Collection[str]) -> Mapping[str, Words]:
        found = await self.words.some(ids)
        return {each: text for each, text in found.items() if not self.is_closed(text.author)}

    async def newest(self, typed: str, tag: str, before: int | None, most: int) -> list[Said]:
        """Of which societies this is said, those worded last first; also what is shown to nobody,
        for `before` goes by it."""
        return await self.words.newest(typed, tag, before, most)

    async def alike(self, said: str) -> list[str]:
        """The most alike first."""
        found = await self.words.alike(said)
        return [society for society, author in found if not self.is_closed(author)]

    async def own(self, session: Session, society_id: str) -> list[Words]:
        """What somebody wrote for it, whether they are in it still or not."""
        return await self.words.of_author(society_id, session.login_id)

    async def take_back(self, session: Session, words_id: str) -> bool:
        """No event names what was said, so none has to say that it is gone."""
        return await self.words.take_back(words_id, session.login_id)

    async def is_founded(self, session: Session, once: str) -> bool:
        """By this form, which is sent once more."""
        founded = aggregate_id("society", session.login_id, once)
        return (await self.one(founded)).life != "unknown"

    async def found(
        self,
        session: Session,
        once: str,
        charter: Charter,
        places: Collection[str],
        sectors: Collection[str],
    ) -> str:
        """Its id. Raises DomainError."""
        who, at = session.login_id, self.now()
        society_id = aggregate_id("society", who, once)
        kept = await self._keep_charter(session, society_id, once, charter)
        founded = SocietyFounded(
            society_id=society_id,
            place=common_region(places),
            at=at,
            founder=who,
            words=kept.words_id,
            places=tuple(places),
            sectors=tuple(sectors),
        )
        await self._once(FoundSociety(founded), session, once, kept)
        return society_id

    async def reword(self, session: Session, society_id: str, once: str, charter: Charter) -> None:
        """What was said before goes. Raises DomainError."""
        before = (await self.one(society_id)).words
        kept = await self._keep_charter(session, society_id, once, charter)
        command = RewordSociety(society_id, session.login_id, self.now(), kept.words_id)
        await self._once(command, session, once, kept)
        if before != kept.words_id:
            await self.words.drop(before)

    async def hold(self, session: Session, society_id: str, once: str, held: Held) -> None:
        """Raises DomainError."""
        who, at = session.login_id, self.now()
        kept = await self._keep_said(session, society_id, once, held.what)
        command = HoldActivity(
            *(society_id, who, at, aggregate_id("activity", society_id, once), kept.words_id),
            where=held.place,
            on=held.on,
            came=held.came,
        )
        await self._once(command, session, once, kept)

    async def appeal(self, session: Session, society_id: str, once: str, text: str) -> None:
        """Raises DomainError."""
        kept = await self._keep(session, society_id, once, text)
        command = AppealSuspension(society_id, session.login_id, kept.words_id, self.now())
        await self._once(command, session, once, kept)

    async def give(self, command: object, session: Session, role: str = OWN) -> None:
        """One without words. Raises DomainError."""
        name = uuid4().hex
        actor = actor_in(session, role)
        await self.handler.carry_out(Envelope(command, name, name, actor=actor))

    async def _once(self, command: object, session: Session, once: str, kept: Kept) -> None:
        """Of what is refused the words go, too, unless they were there before."""
        kind = type(command).__name__
        name = command_id(kind, kept.society_id, session.login_id, once)
        try:
            await self.handler.carry_out(Envelope(command, name, name, actor=actor_in(session)))
        except DomainError:
            if kept.is_new:
                await self.words.drop(kept.words_id)
            raise

    async def _keep_charter(
        self, session: Session, society_id: str, once: str, charter: Charter
    ) -> Kept:
        said = charter.cause, charter.name, charter.tags
        kept = await self._keep(session, society_id, once, *said)
        return await self._bounded(session, kept, NAMED, MOST_A_DAY, TooManyADayError)

    async def _bounded(
        self, session: Session, kept: Kept, kind: str, most: int, error: type[DomainError]
    ) -> Kept:
        since = self.now() - timedelta(days=1)
        if kept.is_new and await self.words.written_since(session.login_id, since, kind) > most:
            await self.words.drop(kept.words_id)
            raise error("So many a day are enough.")
        return kept

    async def _keep_said(self, session: Session, society_id: str, once: str, text: str) -> Kept:
        kept = await self._keep(session, society_id, once, text)
        return await self._bounded(session, kept, SAID, MOST_SAID_A_DAY, TooMuchADayError)

    async def _keep(
        self,
        session: Session,
        society_id: str,
        once: str,
        text: str,
        name: str = "",
        tags: tuple[str, ...] = (),
    ) -> Kept:
        who = session.login_id
        words_id = aggregate_id("words", society_id, f"{who}\n{once}")
        given = Words(words_id, society_id, who, text, self.now(), name, tags)
        return Kept(society_id, words_id, is_new=await self.words.keep(given))
