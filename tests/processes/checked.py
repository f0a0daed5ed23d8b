"""Checks, checkers and their process on a log in memory, swept and delivered as a test wants it."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from services.intake.domain import check, checker, report
from services.intake.domain.check import OpenCheck, RaiseOverdue
from services.intake.domain.checker import NoteQualified, StandReady
from services.intake.domain.checking import AcceptChecking, DeclineChecking
from services.intake.domain.checking_looked import LookAtChecking
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.finding import GiveFinding
from services.intake.drawing import candidate
from services.intake.processes import checkings as process
from services.intake.projections import checkers, checkings, checks, seats
from shared.contracts.checking import (
    CheckerQualified,
    CheckerReady,
    CheckersDrawn,
    CheckingTerms,
    Verdict,
)
from shared.contracts.event import Event
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope, Outcome
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.in_memory import InMemoryEventStore
from shared.eventsourcing.projections.read_model import ReadModel, Row
from shared.eventsourcing.timers.calendar import Due, Timers
from shared.testing.examples import CHECK_ID, CHECK_OPENED, DAY, MONDAY, ROXBURY, varied

(REACTION,) = process.process.reactions()
OWNER = CHECK_OPENED.owner
OPENED = varied(CHECK_OPENED, passed=True, report_id=None)
DUE = OPENED.due_at
TERMS = CheckingTerms()
SECOND = timedelta(seconds=1)


def member(number: int) -> str:
    return f"{number:032x}"


class Checked:
    """`now` moves by what a test says; rows are made anew from the log whenever they are asked."""

    def __init__(self, terms: CheckingTerms | None = TERMS) -> None:
        self.store = InMemoryEventStore()
        self.now = MONDAY
        self.position = 0
        self.said = 0
        self._categories = (
            check.checked_by(terms),
            checker.category(checks=True),
            report.category,
            process.process.category,
        )
        self.restart()

    def restart(self) -> None:
        """Nothing is remembered but the log."""
        self._handler = CommandHandler(self.store, self._categories, lambda: self.now)

    @property
    def log(self) -> list[RecordedEvent]:
        return self.store.streams.get("INTAKE", [])

    def events(self, kind: type[Event]) -> list[Any]:
        return [each.event for each in self.log if isinstance(each.event, kind)]

    async def do(self, command: object, as_id: str = "") -> Outcome:
        self.said += 1
        (outcome,) = await self._handler.handle(
            [Envelope(command, id=as_id or f"said {self.said}")]
        )
        return outcome

    async def begin(self, people: int, **said: Any) -> None:
        """A commitment, and so many who are ready, all of whom qualified."""
        for number in range(1, people + 1):
            await self.ready(number, **said)
        await self.do(OpenCheck(OPENED))

    async def ready(self, number: int, place: str = ROXBURY, **said: Any) -> None:
        who = member(number)
        await self.do(NoteQualified(CheckerQualified(member_id=who, place=place)))
        told = {"ties": (), "societies": (), "ready_at": self.now} | said
        await self.do(StandReady(CheckerReady(member_id=who, place=place, **told)))

    async def claim(self, done_at: datetime | None = None) -> Outcome:
        return await self.do(ClaimDone(CHECK_ID, OWNER, done_at or self.now, self.now))

    async def answer(self, says: Callable[[str], Verdict | None]) -> None:
        """Whoever has a seat does what they say: None is to decline."""
        for row in self.seats():
            about = self.rows_by_key(checkings.read_model)[row["checking_id"]]
            ids = row["checking_id"], row["member_id"]
            verdict = says(row["member_id"])
            if row["state"] == "asked":
                if verdict is None:
                    await self.do(DeclineChecking(*ids, self.now))
                    continue
                await self.do(AcceptChecking(*ids, self.now))
            if row["state"] in ("asked", "accepted") and verdict is not None:
                await self.find(*ids, verdict, about["stands_at"])

    async def find(self, checking_id: str, who: str, verdict: Verdict, rests_on: int) -> Outcome:
        seen = "As I saw it", ROXBURY, self.now
        return await self.do(
            GiveFinding(checking_id, who, verdict, *seen, rests_on=rests_on, now=self.now)
        )

    async def settle(self) -> None:
        """Whatever is due now, until nothing is, and all that events ask for."""
        while True:
            before = len(self.log)
            await self.react()
            self.now += SECOND
            await self.sweep()
            if len(self.log) == before and self.position == before:
                return

    async def sweep(self) -> None:
        """By ids that follow from what is due, as the calendar's do; each is sent twice."""
        pool = self.rows(checkers.read_model)
        for row in self.rows(checkings.read_model):
            if row["wake_at"] and row["wake_at"] < self.now:
                since = self.now - timedelta(days=row["often_days"])
                ready = [candidate(each, since) for each in pool if _is_ready(each)]
                due = Due(row["wake_at"], row["checking_id"], "checking")
                ask = LookAtChecking(due.thing, ready, len(self.log), frozenset(), self.now)
                await self._twice(Timers(None, lambda _, __, ask=ask: ask).wake(due, self.now))  # type: ignore[arg-type,misc]
        for row in self.rows(checks.read_model):
            if row["state"] == "open" and row["due_at"] < self.now:
                due = Due(row["due_at"], row["check_id"], "overdue")
                raised = RaiseOverdue(due.thing, due.at, self.now)
                await self._twice(Timers(None, lambda _, __, ask=raised: ask).wake(due, self.now))  # type: ignore[arg-type,misc]

    async def _twice(self, envelope: Envelope) -> None:
        for _ in range(2):
            await self._handler.handle([envelope])

    async def react(self) -> None:
        while self.position < len(self.log):
            self.position += 1
            await self.repeat(self.position - 1)

    async def repeat(self, index: int) -> None:
        """What one event asks for."""
        recorded = self.log[index]
        if isinstance(recorded.event, REACTION.handles):
            outcomes = await self._handler.handle(REACTION.ask(recorded))
            assert [outcome.error for outcome in outcomes if outcome.error] == []

    async def days(self, number: float) -> None:
        self.now += number * DAY
        await self.settle()

    def rows(self, model: ReadModel) -> list[Row]:
        return list(self.rows_by_key(model).values())

    def rows_by_key(self, model: ReadModel) -> dict[str, Row]:
        rows: dict[str, Row] = {}
        for recorded in self.log:
            if (not model.takes or type(recorded.event) in model.takes) and model.keys(
                recorded.event
            ):
                model.apply(rows, recorded)
        return rows

    @property
    def row(self) -> Row:
        """Of the commitment that all begins with."""
        return self.rows_by_key(checks.read_model)[CHECK_ID]

    @property
    def checking(self) -> Row:
        return self.rows(checkings.read_model)[-1]

    def seats(self) -> list[Row]:
        """In the order in which they were drawn."""
        all_of_them = [each for row in self.rows(seats.read_model) for each in seats.taken(row)]
        by = {each["seat"]: each for each in all_of_them}
        drawn: Iterable[CheckersDrawn] = self.events(CheckersDrawn)
        named = [f"{each.checking_id}:{who}" for each in drawn for who in each.drawn]
        return [by[name] for name in named if name in by]

    def drawn(self) -> list[str]:
        drawn: Iterable[CheckersDrawn] = self.events(CheckersDrawn)
        return [who for each in drawn for who in each.drawn]


def _is_ready(row: Row) -> bool:
    return row["ready_in"] is not None and row["qualified_in"] is not None
