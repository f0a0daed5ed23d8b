"""A correspondent's beat: accredited, resting, handed over or ended; silent, and heard again.

Nobody decides over several correspondents at once, so each has a beat of their own, also where
several share a place and sector.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from services.intake.rhythm import Rest, Span, day_in, holds, judged, resumed, runs_out
from shared.contracts.beat import (
    BeatAccredited,
    BeatEnded,
    BeatEvent,
    BeatFellSilent,
    BeatHandedOver,
    BeatHeardAgain,
    BeatRested,
    BeatResumed,
)
from shared.contracts.values import Id, UtcInstant
from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.errors import DomainError

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AccreditCorrespondent:
    """Its fields are those of `BeatAccredited`. `today` is when it is said, where that is not the
    day from which on it counts."""

    accredited: BeatAccredited
    today: date | None = None

    @property
    def beat_id(self) -> Id:
        return self.accredited.beat_id


@dataclass(frozen=True, slots=True)
class RestBeat:
    beat_id: Id
    from_day: date
    until_day: date | None


@dataclass(frozen=True, slots=True)
class ResumeBeat:
    beat_id: Id
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class HandOverBeat:
    beat_id: Id
    successor: Id
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class EndBeat:
    beat_id: Id
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class JudgeBeat:
    """Sent by the sweep with what was heard as far as its rows know; on `holidays` nothing is
    expected of anybody. Decides from the beat itself since when it may be silent."""

    beat_id: Id
    heard: tuple[Span, ...]
    holidays: frozenset[date]
    now: UtcInstant


BeatCommand = AccreditCorrespondent | RestBeat | ResumeBeat | HandOverBeat | EndBeat | JudgeBeat

# --- State: only what a later decision needs ------------------------------


@dataclass(frozen=True, slots=True)
class Unknown:
    pass


@dataclass(frozen=True, slots=True)
class Held:
    """`clock` is the day after which days are counted, `ran_out` since when it is silent; `went_to`
    is who has it now, `times` how often somebody was accredited for it."""

    common: dict[str, Any]
    charge: dict[str, Any]
    clock: date
    rests: tuple[Rest, ...] = ()
    ran_out: date | None = None
    ended: bool = False
    went_to: str | None = None
    times: int = 1

    @property
    def rhythm_days(self) -> int:
        return int(self.charge["rhythm_days"])

    @property
    def zone(self) -> str:
        return str(self.charge["zone"])


Beat = Unknown | Held

MOST_RESTS = 200
"""Of one beat: days are gone through with all of them in hand."""


MOST_TIMES = 1_000
"""That one beat is accredited anew: it lives on one log, and is loaded as a whole."""


class NotHeldError(DomainError):
    pass


class OwnSuccessorError(DomainError):
    pass


class EndsBeforeItBeginsError(DomainError):
    pass


class TooManyRestsError(DomainError):
    pass


class TooManyTimesError(DomainError):
    pass


# --- Decide and evolve ----------------------------------------------------


def decide(command: BeatCommand, beat: Beat) -> list[BeatEvent]:
    match command, beat:
        case AccreditCorrespondent(accredited), Held(ended=False) if (
            accredited.rhythm_days == beat.rhythm_days
        ):
            return []  # a repeated command: it is already so
        case AccreditCorrespondent(accredited), _:
            return [_anew(command, beat) if isinstance(beat, Held) else accredited]
        case JudgeBeat(), Held(ended=False):
            return _said(command, beat)
        case JudgeBeat(), _:
            return []
        case _, Unknown():
            raise NotHeldError("Nobody was accredited for such a beat.")
        case _, Held():
            return _changed(command, beat)


def _anew(command: AccreditCorrespondent, beat: Held) -> BeatAccredited:
    """Whoever holds it is watched: another rhythm of theirs begins with the day on which it is
    told, for until a later one nobody would be."""
    if beat.times >= MOST_TIMES:
        raise TooManyTimesError("So often is enough for one correspondent, place and sector.")
    accredited, today = command.accredited, command.today
    if beat.ended or today is None:
        return accredited
    begins = max(today, beat.clock)  # a beat that is to begin yet does not begin any sooner
    return accredited.model_copy(update={"since": min(accredited.since, begins)})


def _changed(
    command: RestBeat | ResumeBeat | HandOverBeat | EndBeat, beat: Held
) -> list[BeatEvent]:
    match command:
        case EndBeat() if beat.ended:
            return []
        case HandOverBeat(successor=who) if who == beat.common["correspondent"]:
            raise OwnSuccessorError("A beat is handed over to somebody else.")
        case HandOverBeat(successor=who) if who == beat.went_to:
            return []
        case _ if beat.ended:
            raise NotHeldError("This beat has ended.")
        case RestBeat(from_day=first, until_day=last):
            if last is not None and last < first:
                raise EndsBeforeItBeginsError("The rest ends before it begins.")
            if (first, last) in beat.rests:
                return []
            if len(beat.rests) >= MOST_RESTS:
                raise TooManyRestsError("So many rests are enough: end it, and accredit anew.")
            return [BeatRested(**beat.common, from_day=first, until_day=last)]
        case ResumeBeat(now=now):
            today = day_in(beat.zone, now)
            is_resting = any(holds(rest, today) for rest in beat.rests)
            return [BeatResumed(**beat.common, resumed_on=today)] if is_resting else []
        case HandOverBeat(successor=who, now=now):
            today = day_in(beat.zone, now)
            said = {"successor": who, "handed_over_on": today}
            return [BeatHandedOver(**beat.common, **beat.charge, **said)]
        case EndBeat(now=now):
            return [BeatEnded(**beat.common, ended_on=day_in(beat.zone, now))]


def _said(command: JudgeBeat, beat: Held) -> list[BeatEvent]:
    ends = partial(runs_out, days=beat.rhythm_days, rests=beat.rests, holidays=command.holidays)
    today = day_in(beat.zone, command.now)
    return [
        BeatFellSilent(**beat.common, heard_on=heard, ran_out_on=end)
        if silent
        else BeatHeardAgain(**beat.common, heard_on=heard, in_time=heard <= end)
        for silent, heard, end in judged(beat.clock, beat.ran_out, command.heard, ends, today)
    ]


def evolve(beat: Beat, event: BeatEvent) -> Beat:
    match event, beat:
        case BeatAccredited(), _:
            common = event.model_dump(include={"beat_id", "correspondent", "place", "sector"})
            charge = event.model_dump(include={"source", "zone", "rhythm_days"})
            times = beat.times + 1 if isinstance(beat, Held) else 1
            return Held(common, charge, event.since, times=times)
        case BeatRested(), Held():
            return replace(beat, rests=(*beat.rests, (event.from_day, event.until_day)))
        case BeatResumed(), Held():
            return replace(beat, rests=resumed(beat.rests, event.resumed_on))
        case BeatHandedOver(), Held():
            return replace(beat, ended=True, went_to=event.successor)
        case BeatEnded(), Held():
            return replace(beat, ended=True)
        case BeatFellSilent(), Held():
            return replace(beat, clock=event.heard_on, ran_out=event.ran_out_on)
        case BeatHeardAgain(), Held():
            return replace(beat, clock=event.heard_on, ran_out=None)
        case _:
            return beat


category = Category(
    service="intake",
    name="beat",
    decider=Decider[BeatCommand, BeatEvent, Beat](
        initial_state=Unknown(), decide=decide, evolve=evolve
    ),
    commands=(),
    inner=(AccreditCorrespondent, RestBeat, ResumeBeat, HandOverBeat, EndBeat, JudgeBeat),
    key="beat_id",
)
