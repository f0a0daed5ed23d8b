"""Does what somebody of the staff who may says of correspondents and their beats."""

import asyncio
from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from services.intake.by_staff import ByStaff
from services.intake.domain.beat_rules import BeatRules
from shared.contracts.inbox import (
    CorrespondentAccredited,
    CorrespondentEnded,
    CorrespondentReplaced,
    CorrespondentRested,
    CorrespondentResumed,
)
from shared.contracts.roles import Role
from shared.contracts.values import Line, SourceCode
from shared.eventsourcing.errors import DomainError
from shared.runtime.clock import Clock
from shared.runtime.vault.persons import Persons


class OfOneBeat(BaseModel):
    """`said` is as the source would say it in its inbox; `who` is somebody of the staff."""

    source: SourceCode
    who: Line
    said: (
        CorrespondentAccredited
        | CorrespondentRested
        | CorrespondentReplaced
        | CorrespondentResumed
        | CorrespondentEnded
    )


class Accredit(OfOneBeat):
    said: CorrespondentAccredited


class Rest(OfOneBeat):
    said: CorrespondentRested


class Resume(OfOneBeat):
    said: CorrespondentResumed


class HandOver(OfOneBeat):
    said: CorrespondentReplaced


class End(OfOneBeat):
    said: CorrespondentEnded


class NotInTheCharterError(DomainError):
    pass


class NobodysNameError(DomainError):
    """Who was erased is nobody any more, and nobody is made of them anew."""


@dataclass(frozen=True)
class Known:
    """Of the charter; `sources` are those that are not public, whose correspondents have beats."""

    places: Container[str]
    sectors: Container[str]
    sources: Container[str]
    role: Role


class Accrediting:
    def __init__(
        self, by_staff: ByStaff, persons: Persons, known: Known, rules: BeatRules, clock: Clock
    ) -> None:
        self._by_staff = by_staff
        self._persons = persons
        self._known = known
        self._rules = rules
        self._clock = clock

    async def carry_out(self, asked: OfOneBeat) -> dict[str, Any]:
        """`changed` is false where it was so before. Raises DomainError, VaultAwayError."""
        known, said = self._known, asked.said
        self._by_staff.require(asked.who, known.role)
        for what, where, name in (
            ("place", known.places, said.place),
            ("sector", known.sectors, said.sector),
            ("source that is not public", known.sources, asked.source),
        ):
            if name not in where:
                raise NotInTheCharterError(f"The charter has no {what} {name}.")
        successor = (
            said.successor if isinstance(said, CorrespondentReplaced) else said.correspondent
        )
        names = (said.correspondent, successor)
        who, then = [await self._id_of(asked.source, name) for name in names]
        command = self._rules.command(said, asked.source, who, then, self._clock.now())
        outcome = await self._by_staff.carry_out(command, known.role, asked.who)
        changed = not outcome.duplicate
        return {"id": outcome.aggregate_id, "sequence": outcome.sequence, "changed": changed}

    async def _id_of(self, source: str, name: str) -> str:
        found = await asyncio.to_thread(self._persons.id_of, source, name)
        if found is None:
            raise NobodysNameError("Who had this name was erased.")
        return found
