"""What the charter does not keep longer is announced, and then erased by the calendar alone."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from services.intake.app import calendar
from services.intake.domain import person, report
from services.intake.domain.report import FileReport
from services.intake.projections import beats, checkers, checkings, checks, filed_by, kept
from services.intake.projections.kept_told import told
from shared.contracts.event import Event
from shared.contracts.person import PersonErased, PersonErasureAnnounced
from shared.contracts.report import ErasureAnnounced, ReportErased
from shared.contracts.sealed import CLOSED
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.in_memory import InMemoryEventStore
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.timers.sweep import Sweep
from shared.runtime.charter_keeping import Term
from shared.runtime.clock import Clock
from shared.testing.examples import DAY, MEMBER_ID, MONDAY, REPORT_FILED, report_id, varied

MOMENT = timedelta(microseconds=1)
NEAR = 358 * DAY + MOMENT
YEAR = Term(365 * DAY, 7 * DAY)
TERMS = {"boston": YEAR, "chicago": Term(30 * DAY, 2 * DAY)}
MODELS = [each.read_model for each in (checks, kept, beats, checkings, checkers, filed_by)]


class Keeping:
    """Intake in small: the log in memory, what is kept in a real database, a clock that jumps."""

    def __init__(self, engine: Engine, terms: dict[str, Term]) -> None:
        self.engine = engine
        self.store = InMemoryEventStore()
        self.clock = Clock(MONDAY, speed=0)
        categories = [report.category, person.category]
        self.handler = CommandHandler(self.store, categories, self.clock.now)
        prepare(engine, MODELS)
        self._projector = Projector(engine, MODELS)
        self.says(terms)

    def says(self, terms: dict[str, Term]) -> None:
        """The charter, from now on."""
        self.terms = terms
        self.calendar = calendar(self.engine, terms)
        self.sweep = Sweep(self.calendar, self.handler, self.clock.now)

    async def files(self, number: int, who: str | None = None, source: str = "boston") -> None:
        filed = varied(
            REPORT_FILED,
            report_id=report_id(number),
            source=source,
            correspondent=who,
            text=CLOSED,
            protected=True,
            filed_at=self.clock.now(),
        )
        (outcome,) = await self.handler.handle([Envelope(FileReport(filed), id=f"file {number}")])
        assert outcome.error is None
        self.project()

    async def at(self, moment: datetime) -> list[Event]:
        """What a sweep then writes down; it comes twice, and once more when all is known."""
        before = len(self.log)
        self.clock.jump(moment)
        await self.sweep()
        await self.sweep()
        self.project()
        written = self.log[before:]
        await self.sweep()
        assert self.log[before:] == written
        assert not self.sweep.failed
        return written

    @property
    def log(self) -> list[Event]:
        return [each.event for each in self.store.streams.get("INTAKE", [])]

    def project(self) -> None:
        events = self.store.streams.get("INTAKE", [])
        self._projector.begin()
        self._projector.write(events, len(events))

    def told(self) -> dict[str, object]:
        return told(self.engine, self.terms)


@pytest.fixture
def keeping(database: Engine) -> Keeping:
    return Keeping(database, TERMS)


def names(events: list[Event]) -> list[str]:
    return [type(each).__name__ for each in events]


async def test_a_report_and_its_person_are_announced_and_erased_to_the_moment(
    keeping: Keeping,
) -> None:
    await keeping.files(1, MEMBER_ID)
    assert await keeping.at(MONDAY + 358 * DAY) == []
    announced, of_person = await keeping.at(MONDAY + 358 * DAY + MOMENT)
    assert isinstance(announced, ErasureAnnounced)
    assert isinstance(of_person, PersonErasureAnnounced)
    assert announced.erase_at == of_person.erase_at == MONDAY + 365 * DAY
    assert await keeping.at(MONDAY + 365 * DAY) == []
    erased, nobody = await keeping.at(MONDAY + 365 * DAY + MOMENT)
    assert isinstance(erased, ReportErased)
    assert isinstance(nobody, PersonErased)
    assert (erased.reason, nobody.reason, nobody.may_return) == ("retention", "retention", True)
    actors = [each.actor for each in keeping.store.streams["INTAKE"][1:]]
    assert actors == [
        "suite:timer:report-reminder-365-7",
        "suite:timer:person-reminder-365-7",
        "suite:timer:report-retention",
        "suite:timer:person-retention",
    ]
    assert await keeping.at(MONDAY + 3_650 * DAY) == []


async def test_each_source_has_its_own_term_and_some_have_none(keeping: Keeping) -> None:
    for number, source in enumerate(("boston", "chicago", "denver")):
        await keeping.files(number, source=source)
    announced = await keeping.at(MONDAY + 28 * DAY + MOMENT)
    assert [each.aggregate_id for each in announced] == [report_id(1)]
    assert names(await keeping.at(MONDAY + 31 * DAY)) == ["ReportErased"]
    assert await keeping.calendar.next(MONDAY + 31 * DAY) == MONDAY + 358 * DAY
    await keeping.at(MONDAY + NEAR)
    assert await keeping.calendar.next(MONDAY + NEAR) == MONDAY + 365 * DAY
    await keeping.at(MONDAY + 366 * DAY)
    assert await keeping.at(MONDAY + 9_000 * DAY) == []
    erased = {each.aggregate_id for each in keeping.log if isinstance(each, ReportErased)}
    assert erased == {report_id(0), report_id(1)}


async def test_a_charter_without_terms_erases_nothing(database: Engine) -> None:
    keeping = Keeping(database, {})
    await keeping.files(1, MEMBER_ID)
    assert await keeping.at(MONDAY + 9_000 * DAY) == []
    assert keeping.told() == {"sources": [], "falls_due": []}


async def test_nothing_is_erased_before_it_was_announced_for_as_long_as_was_promised(
    keeping: Keeping,
) -> None:
    """After an outage, and where a charter has terms for the first time, or one that is wrong."""
    await keeping.files(1)
    late = MONDAY + 4_000 * DAY
    (announced,) = await keeping.at(late)
    assert isinstance(announced, ErasureAnnounced)
    assert announced.erase_at == late + 7 * DAY
    assert await keeping.at(late + 7 * DAY) == []
    keeping.says({"boston": Term(9_000 * DAY, 7 * DAY)})
    assert await keeping.at(late + 8 * DAY) == [], "the charter was mended in time"
    assert names(await keeping.at(MONDAY + 8_993 * DAY + MOMENT)) == ["ErasureAnnounced"]
    assert names(await keeping.at(MONDAY + 9_001 * DAY)) == ["ReportErased"]


async def test_a_shorter_term_counts_at_once_for_what_was_announced_before(
    keeping: Keeping,
) -> None:
    await keeping.files(1)
    await keeping.at(MONDAY + NEAR)
    keeping.says({"boston": Term(9_000 * DAY, 7 * DAY)})
    assert await keeping.at(MONDAY + 400 * DAY) == []
    keeping.says({"boston": YEAR})
    assert names(await keeping.at(MONDAY + 401 * DAY)) == ["ReportErased"]


async def test_who_reports_again_is_kept_and_who_was_erased_begins_anew(keeping: Keeping) -> None:
    await keeping.files(1, MEMBER_ID)
    await keeping.at(MONDAY + NEAR)
    await keeping.files(2, MEMBER_ID)
    assert names(await keeping.at(MONDAY + 366 * DAY)) == ["ReportErased"]
    later = MONDAY + NEAR
    assert names(await keeping.at(later + NEAR)) == [
        "ErasureAnnounced",
        "PersonErasureAnnounced",
    ]
    assert names(await keeping.at(later + 366 * DAY)) == ["ReportErased", "PersonErased"]


async def test_many_are_erased_by_one_sweep_over_pages(keeping: Keeping) -> None:
    for number in range(1_100):
        await keeping.files(number, source=("boston", "chicago")[number % 2])
    await keeping.at(MONDAY + 360 * DAY)
    await keeping.at(MONDAY + 368 * DAY)
    erased = [each.aggregate_id for each in keeping.log if isinstance(each, ReportErased)]
    assert sorted(erased) == sorted(report_id(number) for number in range(1_100))


async def test_what_falls_due_is_told_by_day_and_number_alone(keeping: Keeping) -> None:
    for number in range(3):
        await keeping.files(number, MEMBER_ID)
    found = keeping.told()
    boston = found["sources"][0]  # type: ignore[index]
    assert boston["next_reminder"] == "2030-12-31"
    assert boston["reports"] == {"kept": 3, "announced": 0, "erased": 0, "clear": 0, "open": 0}
    await keeping.at(MONDAY + NEAR)
    found = keeping.told()
    assert found["falls_due"] == [
        {"day": "2031-01-07", "source": "boston", "kind": "person", "count": 1},
        {"day": "2031-01-07", "source": "boston", "kind": "report", "count": 3},
    ]
    assert found["sources"][0]["reports"]["open"] == 3  # type: ignore[index]
    assert MEMBER_ID not in repr(found)
    assert report_id(1) not in repr(found)
