"""An opening: somebody of the staff asks to see sealed words with a reason, somebody else allows it
where the charter says so, and who asked is shown them once."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from services.intake.domain.protection import NotForThisRoleError
from shared.contracts.opening import (
    OpeningAllowed,
    OpeningAsked,
    OpeningDeclined,
    OpeningEvent,
    OpeningUsed,
)
from shared.contracts.roles import ALLOWERS, OPENERS, Role
from shared.contracts.values import Id, Line, UtcInstant
from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.errors import DomainError

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AskOpening:
    asked: OpeningAsked

    @property
    def opening_id(self) -> Id:
        return self.asked.opening_id


@dataclass(frozen=True, slots=True)
class _ByOneOfTheStaff:
    opening_id: Id
    by: Id
    role: Role
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class AllowOpening(_ByOneOfTheStaff):
    pass


@dataclass(frozen=True, slots=True)
class DeclineOpening(_ByOneOfTheStaff):
    """Who asked may take it back, too."""

    reason: Line


@dataclass(frozen=True, slots=True)
class UseOpening(_ByOneOfTheStaff):
    pass


OpeningCommand = AskOpening | AllowOpening | DeclineOpening | UseOpening

GOOD_FOR = timedelta(hours=24)
"""How long a yes holds: whoever said it had the reason of that day before them."""

# --- State ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Opening:
    """`settled` by whom, and whether it was allowed."""

    asked: OpeningAsked | None = None
    settled: tuple[Id, bool] | None = None
    good_from: datetime | None = None
    used_at: datetime | None = None


# --- Errors ---------------------------------------------------------------


class NoOpeningError(DomainError):
    pass


class SamePersonError(DomainError):
    pass


class SettledError(DomainError):
    pass


class NotWhoAskedError(DomainError):
    pass


class NotAllowedYetError(DomainError):
    pass


class UsedError(DomainError):
    pass


class TooOldError(DomainError):
    pass


# --- Decide and evolve ----------------------------------------------------


def decide(command: OpeningCommand, opening: Opening) -> list[OpeningEvent]:
    match command:
        case AskOpening(asked) if asked.role not in OPENERS:
            raise NotForThisRoleError("This role is not shown what is sealed.")
        case AskOpening(asked):
            return [] if opening.asked else [asked]
        case _ if opening.asked is None:
            raise NoOpeningError("Nobody asked for such an opening.")
        case UseOpening():
            return _used(command, opening, opening.asked)
        case _ if command.role not in ALLOWERS:
            raise NotForThisRoleError("This role has no say in what is sealed.")
        case AllowOpening():
            return _allowed(command, opening, opening.asked)
        case DeclineOpening():
            return _declined(command, opening, opening.asked)


def _allowed(said: AllowOpening, opening: Opening, asked: OpeningAsked) -> list[OpeningEvent]:
    if opening.settled == (said.by, True):
        return []
    if said.by == asked.by:
        raise SamePersonError("Somebody else has to allow it.")
    if opening.settled or not asked.second_person:
        raise SettledError("It is settled already.")
    return [OpeningAllowed(**_common(said, asked), allowed_at=said.now)]


def _declined(said: DeclineOpening, opening: Opening, asked: OpeningAsked) -> list[OpeningEvent]:
    """Also after a yes, as long as nobody was shown anything."""
    if opening.settled == (said.by, False):
        return []
    if opening.used_at or (opening.settled and not opening.settled[1]):
        raise SettledError("It is settled already.")
    declined = OpeningDeclined(**_common(said, asked), reason=said.reason, declined_at=said.now)
    return [declined]


def _used(command: UseOpening, opening: Opening, asked: OpeningAsked) -> list[OpeningEvent]:
    if command.by != asked.by or command.role != asked.role:
        raise NotWhoAskedError("Only who asked is shown the words, in the role they asked in.")
    if opening.used_at:
        if opening.used_at == command.now:
            return []
        raise UsedError("The words were shown already: ask once more, with a reason.")
    if opening.good_from is None:
        raise NotAllowedYetError("Nobody has allowed it.")
    if command.now > opening.good_from + GOOD_FOR:
        raise TooOldError("It was allowed too long ago: ask once more, with a reason.")
    return [OpeningUsed(**_common(command, asked), used_at=command.now)]


def _common(command: _ByOneOfTheStaff, asked: OpeningAsked) -> dict[str, Any]:
    return {
        "opening_id": asked.opening_id,
        "report_id": asked.report_id,
        "role": command.role,
        "by": command.by,
    }


def evolve(opening: Opening, event: OpeningEvent) -> Opening:
    match event:
        case OpeningAsked(second_person=second_person, asked_at=asked_at):
            return replace(opening, asked=event, good_from=None if second_person else asked_at)
        case OpeningAllowed(by=by, allowed_at=allowed_at):
            return replace(opening, settled=(by, True), good_from=allowed_at)
        case OpeningDeclined(by=by):
            return replace(opening, settled=(by, False), good_from=None)
        case OpeningUsed(used_at=used_at):
            return replace(opening, used_at=used_at)
        case _:
            return opening


category = Category(
    service="intake",
    name="opening",
    decider=Decider[OpeningCommand, OpeningEvent, Opening](
        initial_state=Opening(), decide=decide, evolve=evolve
    ),
    commands=(),
    inner=(AskOpening, AllowOpening, DeclineOpening, UseOpening),
    key="opening_id",
)
