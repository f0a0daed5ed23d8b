"""What of petitions falls due: their term ends, and who can not sign in is forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from services.promotion.domain.petition import EndPetition, ForgetStarter
from services.promotion.petitions.words import PetitionWords
from services.promotion.projections import petitions
from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.projections.due_column import DuesIn
from shared.eventsourcing.timers.calendar import Due, Timers

AT_ONCE = 200


@dataclass
class Gone:
    """Petitions whose starter's login is closed. What they wrote is erased before any event says
    so: who dies in between erases it again. Whoever begins to sweep erases once more what of all
    who were forgotten before is there: a backup may have been put back."""

    engine: Engine
    words: PetitionWords
    has_begun: bool = False

    @property
    def stream(self) -> str:
        return petitions.read_model.stream

    @property
    def terms(self) -> frozenset[str]:
        return frozenset((petitions.FORGOTTEN,))

    async def position(self) -> int:
        return await ask_in(self.engine, petitions.reached)

    async def page(self, now: datetime, after: Due | None) -> Sequence[Due]:
        found = await ask_in(self.engine, petitions.gone, now, after, AT_ONCE)
        logins = await ask_in(self.engine, petitions.starters, [due.thing for due in found])
        if not self.has_begun:
            logins |= await ask_in(self.engine, petitions.forgotten)
        await self.words.erase(sorted(logins))
        self.has_begun = True
        return found

    async def next(self, since: datetime) -> datetime | None:  # noqa: ARG002
        """Nobody is known to be gone before they are."""
        return None


def timers(engine: Engine, words: PetitionWords) -> tuple[Timers, Timers]:
    return (
        Timers(DuesIn(engine, petitions.due), _end),
        Timers(Gone(engine, words), _forget),
    )


def _end(due: Due, now: datetime) -> EndPetition:
    return EndPetition(due.thing, now)


def _forget(due: Due, now: datetime) -> ForgetStarter:
    return ForgetStarter(due.thing, now)
