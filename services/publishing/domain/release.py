"""Releasing a redacted event to the public; the command's id lets each be released only once."""

from dataclasses import dataclass

from shared.contracts import public
from shared.contracts.event import Event
from shared.eventsourcing.decider import Category, Decider

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReleaseReport:
    public_id: str
    event: Event


@dataclass(frozen=True, slots=True)
class ReleaseCheck:
    public_id: str
    event: Event


@dataclass(frozen=True, slots=True)
class ReleaseMember:
    public_id: str
    event: Event


ReleaseCommand = ReleaseReport | ReleaseCheck | ReleaseMember

RELEASES: dict[str, type[ReleaseCommand]] = {
    "report": ReleaseReport,
    "check": ReleaseCheck,
    "member": ReleaseMember,
}

# --- Decide and evolve: what may be released was decided at the gate --------


def decide(command: ReleaseCommand, _: None) -> list[Event]:
    return [command.event]


def evolve(_: None, __: Event) -> None:
    return None


decider = Decider[ReleaseCommand, Event, None](initial_state=None, decide=decide, evolve=evolve)


def _opens(command: ReleaseCommand) -> bool:
    return isinstance(command.event, public.ReportFiled | public.CheckOpened)


CATEGORIES = tuple(
    Category(
        service="public",
        name=name,
        decider=decider,
        commands=(command,),
        key="public_id",
        opens=_opens,
    )
    for name, command in RELEASES.items()
)
