"""A person who files reports: whether they were erased, and nothing else."""

from dataclasses import dataclass

from shared.contracts.person import PersonErased
from shared.contracts.values import Id
from shared.eventsourcing.decider import Category, Decider

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ErasePerson:
    erased: PersonErased

    @property
    def person_id(self) -> Id:
        return self.erased.person_id


# --- State ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    erased: bool = False


# --- Decide and evolve ----------------------------------------------------


def decide(command: ErasePerson, person: Person) -> list[PersonErased]:
    return [] if person.erased else [command.erased]


def evolve(person: Person, event: PersonErased) -> Person:  # noqa: ARG001
    return Person(erased=True)


category = Category(
    service="intake",
    name="person",
    decider=Decider[ErasePerson, PersonErased, Person](
        initial_state=Person(), decide=decide, evolve=evolve
    ),
    commands=(),
    inner=(ErasePerson,),
    key="person_id",
)
