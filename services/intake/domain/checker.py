"""A member as a checker: whether they are ready to be drawn, and for whom and with whom not."""

from dataclasses import dataclass, replace
from datetime import timedelta

from shared.contracts.checking import (
    CheckerEvent,
    CheckerQualified,
    CheckerReady,
    CheckerSteppedBack,
    CheckerUnqualified,
)
from shared.contracts.place import EVERYWHERE
from shared.contracts.values import Id, UtcInstant
from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.errors import DomainError

MOST_IN_A_DAY = 10
"""So often somebody says that they may be drawn: each time is written down for good."""

_DAY = timedelta(days=1)

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NoteQualified:
    qualified: CheckerQualified

    @property
    def member_id(self) -> Id:
        return self.qualified.member_id


@dataclass(frozen=True, slots=True)
class NoteUnqualified:
    member_id: Id


@dataclass(frozen=True, slots=True)
class StandReady:
    """`place` of the event is that of the qualification, whatever the command says."""

    ready: CheckerReady

    @property
    def member_id(self) -> Id:
        return self.ready.member_id


@dataclass(frozen=True, slots=True)
class StepBack:
    member_id: Id
    now: UtcInstant


CheckerCommand = NoteQualified | NoteUnqualified | StandReady | StepBack

# --- State ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checker:
    place: str | None = None
    ready: CheckerReady | None = None
    said_at: tuple[UtcInstant, ...] = ()


# --- Errors ---------------------------------------------------------------


class TooOftenError(DomainError):
    """Stepping back is always possible."""


# --- Decide and evolve ----------------------------------------------------


def decide(command: CheckerCommand, checker: Checker, *, checks: bool = True) -> list[CheckerEvent]:
    """Where nothing is checked, as `checks` says, nobody is noted as a checker."""
    match command:
        case NoteQualified(qualified):
            return [] if checker.place == qualified.place or not checks else [qualified]
        case NoteUnqualified(who):
            if checker.place is None:
                return []
            return [CheckerUnqualified(member_id=who, place=checker.place)]
        case StandReady(ready):
            told = ready.model_copy(update={"place": checker.place or EVERYWHERE})
            if checker.ready and _same(checker.ready, told):
                return []
            _require_seldom(checker, told.ready_at)
            return [told]
        case StepBack(member_id=who, now=now):
            if checker.ready is None:
                return []
            place = checker.place or EVERYWHERE
            return [CheckerSteppedBack(member_id=who, place=place, stepped_back_at=now)]


def _require_seldom(checker: Checker, now: UtcInstant) -> None:
    """Raises TooOftenError."""
    if len([at for at in checker.said_at if at > now - _DAY]) >= MOST_IN_A_DAY:
        raise TooOftenError(
            f"Nobody says more than {MOST_IN_A_DAY} times a day that they are ready."
        )


def _same(ready: CheckerReady, told: CheckerReady) -> bool:
    return (ready.ties, ready.societies) == (told.ties, told.societies)


def evolve(checker: Checker, event: CheckerEvent) -> Checker:
    match event:
        case CheckerQualified():
            return replace(checker, place=event.place)
        case CheckerUnqualified():
            return replace(checker, place=None)
        case CheckerReady():
            said_at = (*checker.said_at, event.ready_at)[-MOST_IN_A_DAY:]
            return replace(checker, ready=event, said_at=said_at)
        case CheckerSteppedBack():
            return replace(checker, ready=None)
        case _:
            return checker


def category(*, checks: bool) -> Category:
    """All members, by a charter that has claims checked or not."""
    return Category(
        service="intake",
        name="checker",
        decider=Decider[CheckerCommand, CheckerEvent, Checker](
            initial_state=Checker(),
            decide=lambda command, checker: decide(command, checker, checks=checks),
            evolve=evolve,
        ),
        commands=(),
        inner=(NoteQualified, NoteUnqualified, StandReady, StepBack),
        key="member_id",
    )
