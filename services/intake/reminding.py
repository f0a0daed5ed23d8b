"""The charter's terms before and after a due date, as timers of the calendar."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.clock import PassUp, RemindOfCheck
from services.intake.domain.due import DueRules
from services.intake.domain.terms import Further, Reminder
from services.intake.terms_due import Ask, TermsDue
from shared.contracts.party import NO_PARTIES, Parties
from shared.eventsourcing.timers.calendar import Due, Timers
from shared.runtime.charter import Charter


@dataclass(frozen=True)
class DueTerms:
    """None of them where the charter has none: then there is the first tier alone."""

    rules: DueRules
    reminder: Reminder | None = None
    further: Sequence[Further] = ()
    parties: Parties = NO_PARTIES


def due_terms(charter: Charter, rules: DueRules) -> DueTerms:
    """By its `rules`. Where a tier names nobody, it goes to the unit above the owner; to the body
    itself where there is none."""
    told = charter.due
    reminder = Reminder(told.reminder.days, told.reminder.counted) if told.reminder else None
    further = [
        Further(number, each.days, each.to or charter.name, each.counted, named=bool(each.to))
        for number, each in enumerate(told.tier, start=2)
    ]
    return DueTerms(rules, reminder, further, charter.parties)


def timers(ask: Ask, terms: DueTerms) -> Iterator[Timers]:
    for each in terms.further:
        yield _passing_up(TermsDue(ask, each, terms.rules), each, terms.parties)
    if terms.reminder:
        yield Timers(TermsDue(ask, terms.reminder, terms.rules), _remind, comes_again=True)


def _remind(due: Due, now: datetime) -> RemindOfCheck:
    return RemindOfCheck(due.thing, due.at, now)


def _passing_up(dues: TermsDue, further: Further, parties: Parties) -> Timers:
    units = NO_PARTIES if further.named else parties

    def command(due: Due, now: datetime) -> PassUp:
        since = dues.moments[due.thing]
        return PassUp(due.thing, due.at, further.tier, further.to, since, now, units)

    return Timers(dues, command)
