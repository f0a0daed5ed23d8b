"""Another charter moves what runs, once; and it can be told beforehand how many."""

from datetime import UTC, date, datetime
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from small_intake import Intake, check_id
from sqlalchemy import Engine

from deploy.commands.charter_diff import _take, would_move
from services.intake.domain.almanac import Almanac
from services.intake.domain.check import OpenCheck
from services.intake.domain.check_state import Check
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.due import DueRules, Rule
from services.intake.projections import beats, checks, reckoned
from services.intake.recounting import Recounting
from shared.contracts.check import CheckEvent
from shared.contracts.clock import DueDateMoved
from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.testing.examples import CHECK_OPENED, DAY, MONDAY, ROXBURY, STREET_LIGHTS, varied

OWNER = CHECK_OPENED.owner
MODELS = [checks.read_model, beats.read_model, reckoned.read_model]


def rules(*off: date, version: str, rule: int = 1, days: int = 5) -> DueRules:
    here = Almanac("here", version, ZoneInfo("UTC"), off=dict.fromkeys(off, "Ours"))
    return DueRules([Rule("lamps", rule, days)], {ROXBURY: here})


BEFORE = rules(version="1")
AFTER = rules(date(2030, 1, 9), version="2")


def opened(number: int, by: DueRules | None) -> OpenCheck:
    due = by.after(ROXBURY, STREET_LIGHTS, OWNER, MONDAY) if by else None
    fields = {"check_id": check_id(number), "report_id": None, "opened_at": MONDAY}
    fields |= {"reckoning": due and due.reckoning, "due_at": due.at if due else MONDAY + 8 * DAY}
    return OpenCheck(varied(CHECK_OPENED, **fields))


@pytest.fixture
async def intake(database: Engine) -> Intake:
    """Of five one is done, one was given its date, and one knows the new holiday already."""
    found = Intake(database)
    prepare(database, MODELS)
    found._projector = Projector(database, MODELS)
    await found.do(opened(1, BEFORE), opened(2, BEFORE), opened(3, BEFORE), opened(4, None))
    await found.do(opened(5, AFTER), ClaimDone(check_id(3), OWNER, MONDAY, MONDAY))
    found.clock.jump(MONDAY + DAY)
    return found


def moved(intake: Intake) -> list[tuple[str, datetime]]:
    events = [each.event for each in intake.store.streams["INTAKE"]]
    return [(each.check_id, each.due_at) for each in events if isinstance(each, DueDateMoved)]


async def recount(intake: Intake, by: DueRules) -> int:
    found = await Recounting(partial(ask_in, intake.engine), intake.handler, by, intake.clock)()
    intake.project()
    return found


async def test_what_runs_is_counted_by_the_new_charter_once(intake: Intake) -> None:
    assert await recount(intake, BEFORE) == 1, "the fifth knew of a holiday that is none"
    assert await recount(intake, AFTER) == 3
    due = datetime(2030, 1, 15, 23, 59, 59, tzinfo=UTC)
    assert sorted(moved(intake)[-3:]) == sorted((check_id(n), due) for n in (1, 2, 5))
    for _ in range(2):
        assert await recount(intake, AFTER) == 0


async def test_a_charter_that_comes_back_is_counted_by_again(intake: Intake) -> None:
    for by in (AFTER, BEFORE, AFTER, BEFORE):
        intake.clock.jump(intake.clock.now() + DAY / 24)
        assert await recount(intake, by) in (2, 3)
    assert {due for _, due in moved(intake)[-3:]} == {datetime(2030, 1, 14, 23, 59, 59, tzinfo=UTC)}


async def test_it_is_told_beforehand_how_many_would_move(intake: Intake) -> None:
    running: dict[str, Check] = {}
    for recorded in intake.store.streams["INTAKE"]:
        assert isinstance(recorded.event, CheckEvent)
        _take(running, recorded.event)
    assert sorted(running) == sorted(check_id(n) for n in (1, 2, 5))
    told = would_move(running, AFTER, intake.clock.now())
    assert len(told) == await recount(intake, AFTER) == 2
    assert {each.reason for each in told} == {"Almanac here, version 2"}


async def test_a_sweep_after_it_raises_what_is_due_by_then_alone(intake: Intake) -> None:
    await recount(intake, AFTER)
    intake.clock.jump(datetime(2030, 1, 15, 12, tzinfo=UTC))
    await intake.sweep()
    assert intake.overdue() == []
    intake.clock.jump(datetime(2030, 1, 16, tzinfo=UTC))
    await intake.sweep()
    assert sorted(intake.overdue()) == sorted(check_id(n) for n in (1, 2, 4, 5))
