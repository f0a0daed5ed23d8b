"""What falls due in promotion: members of societies are asked, who can not sign in is forgotten,
and qualifications lapse."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from services.promotion.domain.member import EndGrace
from services.promotion.domain.society import ForgetMember, JudgeSociety
from services.promotion.posts import calendar as posts
from services.promotion.projections import societies, society_members, waverings
from services.promotion.societies.words import SocietyWords
from shared.eventsourcing.projections.database import ask_in, one_look
from shared.eventsourcing.projections.due_column import DuesIn
from shared.eventsourcing.timers.calendar import Calendar, Due, Timers

AT_ONCE = 200


@dataclass
class Gone:
    """Members whose logins are closed. What they wrote is erased before any event says so: who dies
    in between erases it again. Whoever begins to sweep erases once more what of all who were
    forgotten before is there: a backup may have been put back."""

    engine: Engine
    words: SocietyWords
    has_begun: bool = False

    @property
    def stream(self) -> str:
        return society_members.read_model.stream

    @property
    def terms(self) -> frozenset[str]:
        return frozenset((society_members.TERM,))

    async def position(self) -> int:
        return await ask_in(self.engine, society_members.reached)

    async def page(self, now: datetime, after: Due | None) -> Sequence[Due]:
        found = await ask_in(self.engine, society_members.gone, now, after, AT_ONCE)
        logins = {society_members.named(due.thing)[1] for due in found}
        if not self.has_begun:
            logins |= await ask_in(self.engine, society_members.forgotten)
        await self.words.erase(sorted(logins))
        self.has_begun = True
        return found

    async def next(self, since: datetime) -> datetime | None:  # noqa: ARG002
        """Nobody is known to be gone before they are."""
        return None


def calendar(engine: Engine, words: SocietyWords, *also: Timers) -> Calendar:
    """`also` is what falls due of others."""
    return Calendar(
        Timers(DuesIn(engine, societies.due), _judge),
        Timers(Gone(engine, words), _forget),
        posts.timers(engine),
        Timers(DuesIn(engine, waverings.due), _end_grace),
        *also,
        look=one_look,
    )


def _judge(due: Due, now: datetime) -> JudgeSociety:
    return JudgeSociety(due.thing, now)


def _forget(due: Due, now: datetime) -> ForgetMember:
    return ForgetMember(*society_members.named(due.thing), now)


def _end_grace(due: Due, _now: datetime) -> EndGrace:
    """By the day that the log named, whenever the sweep comes to it."""
    return EndGrace(due.thing.partition(":")[0], due.at.date())
