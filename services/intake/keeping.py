"""Retention: what was kept for as long as the charter says is announced, and then erased."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine

from services.intake.domain.person import AnnouncePersonsErasure, ErasePersonAsAnnounced
from services.intake.domain.protection import AnnounceErasure, EraseAsAnnounced
from services.intake.projections import kept, kept_due
from services.intake.projections.kept_due import Terms
from shared.eventsourcing.projections.database import run_in
from shared.eventsourcing.projections.serving import position
from shared.eventsourcing.timers.calendar import Due, Timers
from shared.runtime.charter_keeping import Term

LATE = timedelta(hours=1)
"""What is announced later than that is erased later, so that there is the time that was promised
to do something about it: after an outage, and where a charter has terms for the first time."""

Look = Callable[..., Any]
ANNOUNCES = {kept.REPORT: AnnounceErasure, kept.PERSON: AnnouncePersonsErasure}
ERASES = {kept.REPORT: EraseAsAnnounced, kept.PERSON: ErasePersonAsAnnounced}


@dataclass(frozen=True)
class KeptDues:
    """What is kept as entries of the calendar. The charter is asked whenever something is looked
    up: other terms count at once, also for what was there before them."""

    engine: Engine
    term: str
    due: Look
    following: Look

    @property
    def stream(self) -> str:
        return kept.read_model.stream

    @property
    def terms(self) -> frozenset[str]:
        return frozenset((self.term,))

    async def position(self) -> int:
        return await run_in(self.engine, self._ask, _position)

    async def page(self, now: datetime, after: Due | None) -> Sequence[Due]:
        found = await run_in(self.engine, self._ask, self.due, now, after)
        return [Due(at, thing, self.term) for at, thing in found]

    async def next(self, since: datetime) -> datetime | None:
        found: datetime | None = await run_in(self.engine, self._ask, self.following, since)
        return found

    def _ask(self, question: Look, *args: Any) -> Any:
        with self.engine.connect().execution_options(reads_only=True) as connection:
            return question(connection, *args)


def _position(connection: Connection) -> int:
    """It holds nothing while no rows are shown."""
    reached = position(connection, [kept.read_model], kept.read_model.stream)
    return reached.sequence if reached.is_shown else 0


def timers(engine: Engine, terms: Terms) -> Iterator[Timers]:
    """None where all is kept always. What is announced anew comes before what is erased."""
    for kind in (kept.REPORT, kept.PERSON) if terms else ():
        for each in sorted(set(terms.values())):
            yield from _announcing(engine, kind, each, terms)
        yield _erasing(engine, kind, terms)


def _announcing(engine: Engine, kind: str, term: Term, terms: Terms) -> Iterator[Timers]:
    def command(due: Due, now: datetime) -> Any:
        is_late = now - due.at > LATE
        return ANNOUNCES[kind](due.thing, (now if is_late else due.at) + term.remind, now)

    alike = [source for source, each in terms.items() if each == term]
    name = f"{kind}-reminder-{term.keep.days}-{term.remind.days}"
    first = kept_due.ToAnnounce(kind, term, alike)
    yield Timers(KeptDues(engine, name, first.page, first.next), command)

    def anew(due: Due, now: datetime) -> Any:
        return ANNOUNCES[kind](due.thing, now + term.remind, now)

    again = kept_due.ToAnnounceAnew(kind, term, alike)
    yield Timers(KeptDues(engine, f"{name}-again", again.page, again.next), anew)


def _erasing(engine: Engine, kind: str, terms: Terms) -> Timers:
    def command(due: Due, now: datetime) -> Any:
        return ERASES[kind](due.thing, now)

    asked = kept_due.ToErase(kind, terms)
    return Timers(KeptDues(engine, f"{kind}-retention", asked.page, asked.next), command)
