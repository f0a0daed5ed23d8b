"""Shows the sealed words of a report to who may see them, erases them, and erases persons; all of
it is written down first."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from services.intake.by_staff import ByStaff
from services.intake.domain import person as domain
from services.intake.domain.protection import EraseReport, UnsealReport
from services.intake.files.keeping import Files
from shared.contracts.attachment import all_of
from shared.contracts.person import PersonErased
from shared.contracts.reference import Reference
from shared.contracts.report import ReportFiled
from shared.contracts.roles import Role
from shared.contracts.routing import inbox_of
from shared.contracts.sealed import CLOSED, sealed_fields
from shared.contracts.values import Id, Line
from shared.eventsourcing.errors import DomainError, TryLaterError
from shared.eventsourcing.event_store import AggregateKey, EventStore, RecordedEvent
from shared.eventsourcing.inbox.clearing import Clearing
from shared.runtime.clock import Clock
from shared.runtime.vault.erased import Erasure
from shared.runtime.vault.persons import behind
from shared.runtime.vault.vault import Vault

OPERATOR = "operator"


class Unseal(BaseModel):
    """`who` is somebody of the charter's staff, in one of their roles."""

    report_id: Id
    who: Line
    role: Role
    reason: Line


class Erase(BaseModel):
    report_id: Id
    reason: Line
    who: str = ""


class ErasePerson(BaseModel):
    person_id: Id
    reason: Line
    who: str = ""


class NobodyKnownError(DomainError):
    pass


class NotHereError(DomainError):
    pass


class NoSuchReportError(DomainError):
    pass


class InTheClearError(DomainError):
    """Nothing of it is sealed, so there is no key whose end would take anything back."""


@dataclass(frozen=True)
class AtHand:
    """What it works with: `closed` reads as whoever has no keys, `opened` as who may use them."""

    closed: EventStore
    opened: EventStore
    vault: Vault
    clearing_of: Callable[[str], Clearing]
    files: Files


class Protection:
    def __init__(
        self,
        at_hand: AtHand,
        by_staff: ByStaff,
        clock: Clock,
        sources: Iterable[str],
        *,
        second_person: bool = False,
    ) -> None:
        self._at_hand = at_hand
        self._by_staff = by_staff
        self._clock = clock
        self._sources = sources
        self._second_person = second_person

    async def unseal(self, asked: Unseal) -> dict[str, Any]:
        """For the command line, which is nobody in particular: so no second person can be told from
        the first there. Raises DomainError."""
        if self._second_person:
            raise NotHereError(
                "The charter wants a second person for it (open-report): ask for it, signed in, on"
                " intake's page /openings"
            )
        return await self.shown(asked)

    async def require_filed(self, report_id: str) -> None:
        """Raises NoSuchReportError."""
        events = await self._at_hand.closed.load(_key(report_id))
        if not any(isinstance(each.event, ReportFiled) for each in events):
            raise NoSuchReportError("No such report was filed.")

    async def shown(self, asked: Unseal) -> dict[str, Any]:
        """The words, once it is in the log that they were asked for. Raises DomainError."""
        self._by_staff.require(asked.who, asked.role)
        now = self._clock.now()
        command = UnsealReport(asked.report_id, asked.role, asked.reason, now)
        outcome = await self._by_staff.carry_out(command, asked.role, asked.who)
        words = [
            {"event": type(each.event).__name__, "at": str(each.reference), **_words(each)}
            for each in await self._said_of(asked.report_id, self._at_hand.opened)
            if _words(each)
        ]
        return {"id": asked.report_id, "sequence": outcome.sequence, "words": words}

    async def erase(self, asked: Erase) -> dict[str, Any]:
        """First it is written down: whoever dies in between has it done by who starts next.

        `in_the_clear` are events that were not to be sealed, which nothing can take back; `kept`
        is an inbox that lets nothing be deleted. Raises DomainError.
        """
        events = await self._said_of(asked.report_id, self._at_hand.closed)
        words = {each.reference: _words(each).values() for each in events}
        clear = [str(at) for at, said in words.items() if any(each != CLOSED for each in said)]
        if clear and not any(each == CLOSED for said in words.values() for each in said):
            raise InTheClearError(
                f"The words of this report stand in the clear in {', '.join(clear)}: it is not"
                " confidential, or they came in before there was a vault, so they were not to be"
                " sealed. Nothing was done."
            )
        command = EraseReport(asked.report_id, asked.reason, self._clock.now())
        outcome = await self._by_staff.carry_out(command, OPERATOR, asked.who)
        self._at_hand.vault.destroy(all_of(asked.report_id))
        await self._list(Erasure("report", asked.report_id))
        kept = [
            inbox_of(source)
            for source in _sources(events)
            if not await self._clear_inbox(source, asked.report_id, events)
        ]
        await self._forget_files(asked.report_id)
        told = {"in_the_clear": clear, "kept": kept}
        return {"id": asked.report_id, "sequence": outcome.sequence, **told}

    async def _said_of(self, report_id: str, store: EventStore) -> list[RecordedEvent]:
        """The report's own events, and those of the exchange under its code."""
        own, exchange = _key(report_id), AggregateKey("intake", "exchange", report_id)
        return [*await store.load(own), *await store.load(exchange)]

    async def _list(self, erasure: Erasure) -> None:
        """Before it is reported as done: a log that is put back from before knows nothing of it."""
        await asyncio.to_thread(self._at_hand.vault.listed.add, [erasure])

    async def _clear_inbox(
        self, source: str, report_id: str, events: Iterable[RecordedEvent]
    ) -> bool:
        causes = [Reference.parse(each.cause) for each in events]
        known = [each.sequence for each in causes if each and each.stream == inbox_of(source)]
        return await self._at_hand.clearing_of(source).clear_at_once(report_id, known)

    async def erase_person(self, asked: ErasePerson) -> dict[str, Any]:
        """Written down first, too; whoever was erased is erased again. Pictures and points of what
        they found as a checker go with them. Raises DomainError."""
        vault, key = self._at_hand.vault, AggregateKey("intake", "person", asked.person_id)
        whose = await asyncio.to_thread(lambda: behind(vault.all_keys(), [asked.person_id]))
        if not whose and not await self._at_hand.closed.load(key):
            raise NobodyKnownError(
                "No key tells whom this id stands for: it is nobody's, or from before persons had"
                " keys. Nothing was done."
            )
        erased = PersonErased(
            person_id=asked.person_id, reason=asked.reason, erased_at=self._clock.now()
        )
        outcome = await self._by_staff.carry_out(domain.ErasePerson(erased), OPERATOR, asked.who)
        vault.destroy([*whose, *all_of(asked.person_id)], persons=[asked.person_id])
        await self._list(Erasure("person", asked.person_id))
        kept = [
            inbox_of(source)
            for source in self._sources
            for each in whose
            if not await self._at_hand.clearing_of(source).clear_at_once(each)
        ]
        await self._forget_files(asked.person_id)
        return {"id": asked.person_id, "sequence": outcome.sequence, "kept": kept}

    async def _forget_files(self, whose: str) -> None:
        with suppress(TryLaterError, OSError, TimeoutError):  # it is noise; a loop deletes it, too
            await self._at_hand.files.forget(whose)


def _key(report_id: str) -> AggregateKey:
    return AggregateKey("intake", "report", report_id)


def _sources(events: Iterable[RecordedEvent]) -> list[str]:
    return [each.event.source for each in events if isinstance(each.event, ReportFiled)]


def _words(recorded: RecordedEvent) -> dict[str, str]:
    """By field what was said in it, as far as it may be read here."""
    said = {field: getattr(recorded.event, field) for field in sealed_fields(type(recorded.event))}
    return {field: text for field, text in said.items() if text}
