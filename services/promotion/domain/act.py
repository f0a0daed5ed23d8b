"""A privileged act: somebody asks for it with a reason, and where the charter says so somebody else
has to allow it."""

from dataclasses import dataclass, replace

from shared.contracts.act import ActAllowed, ActDeclined, ActEvent, ActProposed, ActSupported
from shared.contracts.values import Id, Instant, Line
from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.errors import DomainError

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProposeAct:
    proposed: ActProposed

    @property
    def act_id(self) -> Id:
        return self.proposed.act_id


@dataclass(frozen=True, slots=True)
class AllowAct:
    act_id: Id
    by: Id
    at: Instant


@dataclass(frozen=True, slots=True)
class SupportAct:
    """The first yes to what nobody in particular asked for: who has the command line may be one of
    those who allow it."""

    act_id: Id
    by: Id
    at: Instant


@dataclass(frozen=True, slots=True)
class DeclineAct:
    """Who asked may take it back, too."""

    act_id: Id
    by: Id
    reason: Line


ActCommand = ProposeAct | SupportAct | AllowAct | DeclineAct

# --- State ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Act:
    """`settled` by whom, and whether it was allowed. `first` is who asked for it, or who said yes
    first where that is not known."""

    proposed: ActProposed | None = None
    first: Id | None = None
    settled: tuple[Id | None, bool] | None = None


# --- Errors ---------------------------------------------------------------


class NoActError(DomainError):
    pass


class SamePersonError(DomainError):
    pass


class UnsupportedError(DomainError):
    pass


class AboutThemselvesError(DomainError):
    pass


class SettledError(DomainError):
    pass


# --- Decide and evolve ----------------------------------------------------


def decide(command: ActCommand, act: Act) -> list[ActEvent]:
    match command:
        case ProposeAct(proposed):
            return [] if act.proposed else _proposed(proposed)
        case _ if act.proposed is None:
            raise NoActError("nobody asked for such an act")
        case AllowAct(by=by) if act.settled == (by, True):
            return []
        case DeclineAct(by=by) if act.settled == (by, False):
            return []
        case _ if act.settled:
            raise SettledError("it is settled already")
        case SupportAct() | AllowAct():
            return _said_yes(command, act.proposed, act.first)
        case DeclineAct(by=by, reason=reason):
            asked = act.proposed
            declined = ActDeclined(
                act_id=asked.act_id, kind=asked.kind, about=asked.about, by=by, reason=reason
            )
            return [declined]


def _proposed(proposed: ActProposed) -> list[ActEvent]:
    if proposed.second_person:
        return [proposed]
    return [proposed, _allowed(proposed, proposed.by, proposed.at)]


def _said_yes(said: SupportAct | AllowAct, asked: ActProposed, first: Id | None) -> list[ActEvent]:
    match said:
        case SupportAct(by=by) if by == first:
            return []
        case AllowAct(by=by) if by == first:
            raise SamePersonError("somebody else has to allow it")
        case _ if said.by == asked.about:
            raise AboutThemselvesError("it is about themselves")
        case SupportAct() if first:
            raise SettledError("it has its first yes already")
        case AllowAct() if first is None:
            raise UnsupportedError("nobody in particular asked for it, so two have to allow it")
        case AllowAct(by=by, at=at):
            return [_allowed(asked, by, at)]
        case SupportAct(by=by, at=at):
            supported = ActSupported(
                act_id=asked.act_id, kind=asked.kind, about=asked.about, by=by, at=at
            )
            return [supported]


def _allowed(proposed: ActProposed, by: Id | None, at: Instant) -> ActAllowed:
    return ActAllowed(
        act_id=proposed.act_id, kind=proposed.kind, about=proposed.about, by=by, at=at
    )


def evolve(act: Act, event: ActEvent) -> Act:
    match event:
        case ActProposed():
            return replace(act, proposed=event, first=event.by)
        case ActSupported(by=by):
            return replace(act, first=by)
        case ActAllowed(by=by):
            return replace(act, settled=(by, True))
        case ActDeclined(by=by):
            return replace(act, settled=(by, False))
        case _:
            return act


category = Category(
    service="promotion",
    name="act",
    decider=Decider[ActCommand, ActEvent, Act](initial_state=Act(), decide=decide, evolve=evolve),
    commands=(ProposeAct, SupportAct, AllowAct, DeclineAct),
    key="act_id",
)
