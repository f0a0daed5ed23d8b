"""A person who files reports: whether they were erased, or when they are to be; nothing else."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.intake.domain.protection import RETENTION, is_time
from shared.contracts.person import PersonErased, PersonErasureAnnounced, PersonEvent
from shared.contracts.values import Id, UtcInstant
from shared.eventsourcing.decider import Category, Decider

# --- Commands -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ErasePerson:
    erased: PersonErased

    @property
    def person_id(self) -> Id:
        return self.erased.person_id


@dataclass(frozen=True, slots=True)
class AnnouncePersonsErasure:
    """`until` is when nothing was heard of them for long enough."""

    person_id: Id
    until: UtcInstant
    now: UtcInstant


@dataclass(frozen=True, slots=True)
class ErasePersonAsAnnounced:
    person_id: Id
    now: UtcInstant


PersonCommand = ErasePerson | AnnouncePersonsErasure | ErasePersonAsAnnounced

# --- State ----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    erased: bool = False
    erase_at: datetime | None = None


# --- Decide and evolve ----------------------------------------------------


def decide(command: PersonCommand, person: Person) -> list[PersonEvent]:
    match command:
        case _ if person.erased:
            return []
        case ErasePerson():
            return [command.erased]
        case AnnouncePersonsErasure(person_id=who, until=until):
            told = PersonErasureAnnounced(person_id=who, erase_at=until, announced_at=command.now)
            return [told] if until != person.erase_at else []
        case ErasePersonAsAnnounced(person_id=who, now=now):
            said = {"reason": RETENTION, "erased_at": now, "may_return": True}
            done = PersonErased(person_id=who, **said)
            return [done] if is_time(person.erase_at, now) else []


def evolve(person: Person, event: PersonEvent) -> Person:
    if isinstance(event, PersonErasureAnnounced):
        return replace(person, erase_at=event.erase_at)
    return replace(person, erased=True)


category = Category(
    service="intake",
    name="person",
    decider=Decider[PersonCommand, PersonEvent, Person](
        initial_state=Person(), decide=decide, evolve=evolve
    ),
    commands=(),
    inner=(ErasePerson, AnnouncePersonsErasure, ErasePersonAsAnnounced),
    key="person_id",
)
