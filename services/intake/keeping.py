"""Retention: what was kept for as long as the charter says is announced, and then erased."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from services.intake.domain.person import AnnouncePersonsErasure, ErasePersonAsAnnounced
from services.intake.domain.protection import AnnounceErasure, EraseAsAnnounced
from services.intake.projections import kept, kept_due
from services.intake.projections.kept_due import Terms
from services.intake.projections.kept_dues import KeptDues, Look
from shared.eventsourcing.timers.calendar import Due, Timers
from shared.runtime.charter_keeping import Term

LATE = timedelta(hours=1)
"""What is announced later than that is erased later, so that there is the time that was promised
to do something about it: after an outage, and where a charter has terms for the first time."""

ANNOUNCES = {kept.REPORT: AnnounceErasure, kept.PERSON: AnnouncePersonsErasure}
ERASES = {kept.REPORT: EraseAsAnnounced, kept.PERSON: ErasePersonAsAnnounced}


DuesOf = Callable[[str, Look, Look], KeptDues]
"""By the name of the timer: what is due, and what follows."""


def timers(dues: DuesOf, terms: Terms) -> Iterator[Timers]:
    """None where all is kept always. What is announced anew comes before what is erased."""
    for kind in (kept.REPORT, kept.PERSON) if terms else ():
        for each in sorted(set(terms.values())):
            yield from _announcing(dues, kind, each, terms)
        yield _erasing(dues, kind, terms)


def _announcing(dues: DuesOf, kind: str, term: Term, terms: Terms) -> Iterator[Timers]:
    def command(due: Due, now: datetime) -> Any:
        is_late = now - due.at > LATE
        return ANNOUNCES[kind](due.thing, (now if is_late else due.at) + term.remind, now)

    alike = [source for source, each in terms.items() if each == term]
    name = f"{kind}-reminder-{term.keep.days}-{term.remind.days}"
    first = kept_due.ToAnnounce(kind, term, alike)
    yield Timers(dues(name, first.page, first.next), command)

    def anew(due: Due, now: datetime) -> Any:
        return ANNOUNCES[kind](due.thing, now + term.remind, now)

    again = kept_due.ToAnnounceAnew(kind, term, alike)
    yield Timers(dues(f"{name}-again", again.page, again.next), anew)


def _erasing(dues: DuesOf, kind: str, terms: Terms) -> Timers:
    def command(due: Due, now: datetime) -> Any:
        return ERASES[kind](due.thing, now)

    asked = kept_due.ToErase(kind, terms)
    return Timers(dues(f"{kind}-retention", asked.page, asked.next), command)
