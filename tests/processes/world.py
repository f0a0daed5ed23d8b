"""Intake's reports and their process on a log in memory: whatever is delivered, in any order."""

from collections.abc import Iterable
from datetime import timedelta

from services.intake.domain import report
from services.intake.domain.duplicate import MarkDuplicate
from services.intake.domain.report import FileReport
from services.intake.processes import duplicates
from shared.contracts.report import DuplicateParted, DuplicateRefused, ReportMarkedDuplicate
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope, Outcome
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.in_memory import InMemoryEventStore
from shared.testing.examples import MONDAY, REPORT_FILED, varied

(REACTION,) = duplicates.process.reactions()


def report_id(number: int) -> str:
    return f"{number:032x}"


class World:
    """`position` is that of the reaction; `left` are events that it has left out so far."""

    def __init__(self) -> None:
        self.store = InMemoryEventStore()
        self.position = 0
        self.left: list[RecordedEvent] = []
        self.said = 0
        self.restart()

    def restart(self) -> None:
        """Nothing is remembered but the log."""
        categories = (report.category, duplicates.process.category)
        self._handler = CommandHandler(self.store, categories, lambda: MONDAY)

    @property
    def log(self) -> list[RecordedEvent]:
        return self.store.streams.get("INTAKE", [])

    async def file(self, number: int) -> None:
        await self._do(FileReport(varied(REPORT_FILED, report_id=report_id(number))))

    async def say(self, number: int, original: int) -> Outcome:
        at = MONDAY + timedelta(seconds=self.said)
        return await self._do(MarkDuplicate(report_id(number), report_id(original), at))

    async def _do(self, command: object) -> Outcome:
        self.said += 1
        (outcome,) = await self._handler.handle([Envelope(command, id=f"said {self.said}")])
        return outcome

    async def react(self, count: int) -> None:
        """To the next events, together."""
        events = self.log[self.position : self.position + count]
        self.position += len(events)
        await self._carry_out(events)

    async def leave(self) -> None:
        """The next event, until later: as if its message lay in DEAD."""
        self.left += self.log[self.position : self.position + 1]
        self.position = min(self.position + 1, len(self.log))

    async def repeat(self, sequence: int) -> None:
        """One event that came before, out of any order."""
        await self._carry_out(self.log[sequence % max(self.position, 1) :][:1])

    async def come_to_rest(self) -> None:
        while self.position < len(self.log) or self.left:
            await self.react(7)
            await self._carry_out([self.left.pop()] if self.left else [])

    async def _carry_out(self, events: Iterable[RecordedEvent]) -> None:
        handled = [event for event in events if isinstance(event.event, REACTION.handles)]
        asked = [one for event in handled for one in REACTION.ask(event)]
        outcomes = await self._handler.handle(asked)
        assert [outcome.error for outcome in outcomes if outcome.error] == []

    def heads(self) -> dict[int, int]:
        """Of each report that is marked, the last head it was marked with."""
        found: dict[int, int] = {}
        for recorded in self.log:
            match recorded.event:
                case ReportMarkedDuplicate(head=str(head)) as event:
                    found[int(event.report_id, 16)] = int(head, 16)
                case DuplicateRefused() | DuplicateParted() as event:
                    found.pop(int(event.report_id, 16), None)
        return found

    def refused(self) -> list[int]:
        return [
            int(recorded.event.report_id, 16)
            for recorded in self.log
            if isinstance(recorded.event, DuplicateRefused)
        ]
