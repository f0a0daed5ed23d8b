"""A society as a public register states it: what is new of it, and what is the register's alone."""

import json
from dataclasses import dataclass, replace

from services.promotion.domain.society_state import Society, told_by
from shared.contracts.identity import aggregate_id
from shared.contracts.society import SocietyEvent, SocietyRegistered
from shared.contracts.values import EARLIEST, Id
from shared.eventsourcing.errors import DomainError


@dataclass(frozen=True, slots=True)
class Stated:
    """The words of a register."""

    name: str
    cause: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterSociety:
    """`stated` is kept beside the log before this is decided."""

    registered: SocietyRegistered
    stated: Stated

    @property
    def society_id(self) -> Id:
        return self.registered.society_id


def words_of(society_id: str, stated: Stated) -> str:
    """Their id: by what they are, so that the same are kept once."""
    said = json.dumps([stated.name, stated.cause, *stated.tags])
    return aggregate_id("words", society_id, said)


class OfRegisterError(DomainError):
    """Its name, and whether it has ended, are what the register says."""


def decide(command: RegisterSociety, society: Society) -> list[SocietyEvent]:
    """The same as before is nothing new; what was stated before the last comes too late."""
    said, last = command.registered, society.entry
    if last is None:
        return [said] if society.life == "unknown" else []
    if said.at < last.at or _bare(said) == _bare(last):
        return []
    left = {
        "left_places": _without(last.places, said.places),
        "left_sectors": _without(last.sectors, said.sectors),
        "left_federations": _without(last.federations, said.federations),
    }
    return [said.model_copy(update=left)]


def evolve(society: Society, event: SocietyRegistered) -> Society:
    """A suspension outlives what a register says meanwhile."""
    told = told_by(event)
    stated = replace(
        society,
        place=event.place,
        places=event.places,
        sectors=event.sectors,
        words=event.words,
        entry=event,
    )
    if society.life == "unknown":
        return replace(stated, life=told, founded_at=event.at)
    if society.life == "suspended":
        is_as_before = told == "active" and society.before in ("active", "dormant")
        return stated if is_as_before else replace(stated, before=told)
    if told == "active" and society.life in ("active", "dormant"):
        return stated
    return replace(stated, life=told, dormant_at=None)


def require_own_words(society: Society) -> None:
    """Raises OfRegisterError."""
    if society.entry:
        raise OfRegisterError("What it is called and whether it goes on is what its register says.")


def _bare(said: SocietyRegistered) -> SocietyRegistered:
    return said.model_copy(
        update={"at": EARLIEST, "left_places": (), "left_sectors": (), "left_federations": ()}
    )


def _without(before: tuple[str, ...], now: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each for each in before if each not in now)
