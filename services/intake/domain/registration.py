"""An entry of a public register of associations, as its register stated it last."""

from dataclasses import dataclass

from shared.contracts.registration import RegistrationStated
from shared.contracts.values import Id
from shared.eventsourcing.decider import Category, Decider

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StateRegistration:
    stated: RegistrationStated

    @property
    def registration_id(self) -> Id:
        return self.stated.registration_id


# --- State ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Registration:
    last: RegistrationStated | None = None


# --- Decide and evolve ----------------------------------------------------


def decide(command: StateRegistration, registration: Registration) -> list[RegistrationStated]:
    """The same as before is nothing new, whenever it is said; and what was stated before the last
    comes too late to count."""
    stated, last = command.stated, registration.last
    if last is None:
        return [stated]
    if stated.stated_at < last.stated_at:
        return []
    is_same = stated == last.model_copy(update={"stated_at": stated.stated_at})
    return [] if is_same else [stated]


def evolve(_: Registration, event: RegistrationStated) -> Registration:
    return Registration(event)


category = Category(
    service="intake",
    name="registration",
    decider=Decider[StateRegistration, RegistrationStated, Registration](
        initial_state=Registration(), decide=decide, evolve=evolve
    ),
    commands=(),
    inner=(StateRegistration,),
    key="registration_id",
    opens=lambda command: isinstance(command, StateRegistration),
)
