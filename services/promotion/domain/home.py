"""A home: where a member says that they live, so that they sign there."""

from dataclasses import dataclass

from shared.contracts.home import HomeEvent, HomeSaid
from shared.contracts.values import Id
from shared.eventsourcing.decider import Category, Decider

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SayHome:
    said: HomeSaid

    @property
    def login_id(self) -> Id:
        return self.said.login_id


# --- State ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Home:
    place: str = ""


# --- Decide and evolve ----------------------------------------------------


def decide(command: SayHome, home: Home) -> list[HomeEvent]:
    """Saying the same again does not make it anew."""
    return [] if command.said.place == home.place else [command.said]


def evolve(home: Home, event: HomeEvent) -> Home:
    return Home(event.place) if isinstance(event, HomeSaid) else home


category = Category(
    service="promotion",
    name="home",
    decider=Decider[SayHome, HomeEvent, Home](initial_state=Home(), decide=decide, evolve=evolve),
    commands=(),
    inner=(SayHome,),
    key="login_id",
)
