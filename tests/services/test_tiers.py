"""Reminded before it is due, and passed up after: each once, by the terms of the charter."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_intake import Intake, check_id, opened
from sqlalchemy import Engine

from services.intake.app import calendar
from services.intake.domain import check, report
from services.intake.domain.almanac import Almanac
from services.intake.domain.check import OpenCheck
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.clock import RecountDue
from services.intake.domain.due import DueRules, Rule, end_of
from services.intake.domain.pausing import PauseCheck, ResumeCheck
from services.intake.domain.terms import Further, Reminder
from services.intake.projections import beats, checks, lateness, reminded, terms_rows
from services.intake.reminding import DueTerms
from services.intake.terms_due import TermsDue
from shared.contracts.check import CheckOverdue
from shared.contracts.clock import CheckReminded
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.timers.sweep import Sweep
from shared.testing.examples import CHECK_OPENED, DAY, DORCHESTER, MONDAY, ROXBURY, varied

HOLIDAY = (MONDAY + 9 * DAY).date()
ROXBURYS = Almanac("roxbury", "1", ZoneInfo("America/New_York"), off={HOLIDAY: "Ours"})
RULES = DueRules(almanacs={ROXBURY: ROXBURYS})
TERMS = DueTerms(
    RULES, Reminder(2), (Further(2, 2, "The mayor"), Further(3, 10, "The council", "calendar"))
)
DUE = end_of((MONDAY + 7 * DAY).date(), ROXBURYS)
MODELS = [checks.read_model, beats.read_model, lateness.read_model, reminded.read_model]


class Late(Intake):
    def __init__(self, engine: Engine, terms: DueTerms = TERMS) -> None:
        super().__init__(engine)
        prepare(engine, MODELS)
        self._projector = Projector(engine, MODELS)
        self.calendar = calendar(engine, due_terms=terms)
        self.sweep = Sweep(self.calendar, self.handler, self.clock.now)

    async def sweep_at(self, moment: datetime) -> None:
        self.clock.jump(moment)
        await self.sweep()
        self.project()

    def said(self) -> list[str]:
        """What the calendar led to, in order."""
        found = []
        for recorded in self.store.streams.get("INTAKE", []):
            if isinstance(event := recorded.event, CheckOverdue):
                found.append(f"tier {event.tier}" + (f" {event.to}" if event.to else ""))
            elif isinstance(event, CheckReminded):
                found.append("reminded")
        return found


@pytest.fixture
def intake(database: Engine) -> Late:
    return Late(database)


@pytest.mark.parametrize(
    ("days", "hours", "said"),
    [
        (3, 4, []),
        (3, 6, ["reminded"]),  # Thursday in Roxbury: Friday and Monday are left after it
        (8, 4, ["reminded"]),
        (8, 5, ["tier 1"]),
    ],
)
async def test_its_owner_is_reminded_until_it_is_due(
    intake: Late, days: int, hours: int, said: list[str]
) -> None:
    await intake.do(opened(1, DUE))
    await intake.sweep_at(MONDAY.replace(hour=0) + days * DAY + timedelta(hours=hours))
    assert intake.said() == said


async def test_it_goes_up_when_the_terms_are_over_and_says_since_when(intake: Late) -> None:
    """Due on Monday the 14th; Wednesday the 16th is off, so two days are over with Thursday."""
    await intake.do(opened(1, DUE))
    await intake.sweep_at(DUE + timedelta(hours=1))
    last = end_of((MONDAY + 10 * DAY).date(), ROXBURYS)
    for moment in (last, last + timedelta(seconds=1)):
        assert intake.said() == ["tier 1"]
        await intake.sweep_at(moment)
    assert intake.said() == ["tier 1", "tier 2 The mayor"]
    up = intake.store.streams["INTAKE"][-1].event
    assert isinstance(up, CheckOverdue)
    assert (up.over_since, up.due_at) == (last, DUE)
    for _ in range(2):
        await intake.sweep_at(DUE + 11 * DAY)
    assert intake.said() == ["tier 1", "tier 2 The mayor", "tier 3 The council"]


async def test_after_an_outage_all_tiers_come_one_after_the_other(intake: Late) -> None:
    await intake.do(opened(1, DUE))
    for _ in range(4):
        await intake.sweep_at(DUE + 40 * DAY)
    assert intake.said() == ["tier 1", "tier 2 The mayor", "tier 3 The council"]


async def test_two_replicas_that_sweep_at_once_raise_each_once(
    intake: Late, database: Engine
) -> None:
    """Each remembers states of its own, and a table that is behind."""
    await intake.do(*(opened(number, DUE) for number in range(20)))
    other = Late(database)
    other.store, other.clock = intake.store, intake.clock
    categories = [report.category, check.category]
    other.handler = CommandHandler(intake.store, categories, intake.clock.now)
    other.sweep = Sweep(other.calendar, other.handler, intake.clock.now)
    intake.clock.jump(DUE + 40 * DAY)
    for _ in range(4):
        await asyncio.gather(intake.sweep(), other.sweep())
        await other.sweep()
        intake.project()
    up = [r.event for r in intake.store.streams["INTAKE"] if isinstance(r.event, CheckOverdue)]
    assert sorted((each.check_id, each.tier) for each in up) == sorted(
        (check_id(number), tier) for number in range(20) for tier in (1, 2, 3)
    )
    assert not intake.sweep.failed
    assert not other.sweep.failed


async def test_a_place_has_the_days_of_its_own_almanac(intake: Late) -> None:
    """In Dorchester nobody has a day off on Wednesday."""
    of_dorchester = opened(1, DUE)
    there = varied(of_dorchester.opened, place=DORCHESTER)
    await intake.do(type(of_dorchester)(there), opened(2, DUE))
    for _ in range(2):
        await intake.sweep_at(DUE + 3 * DAY - timedelta(hours=2))
    ups = [r.event for r in intake.store.streams["INTAKE"] if isinstance(r.event, CheckOverdue)]
    assert [up.check_id for up in ups if up.tier == 2] == [check_id(1)]


async def test_rows_are_not_looked_through_again_before_they_or_the_days_go_on(
    intake: Late,
) -> None:
    """A million of them may wait, and each second asks."""
    ask, asked = partial(ask_in, intake.engine), list[Any]()

    async def listened(question: Any, *about: Any) -> Any:
        asked.append(question)
        return await ask(question, *about)

    dues = TermsDue(listened, TERMS.further[0], RULES)
    late = DUE + DAY
    await intake.do(opened(1, DUE))
    await intake.sweep_at(late)
    for _ in range(3):
        assert await dues.page(late, None) == []
    assert asked.count(terms_rows.to_pass_up) == 1
    await intake.do(opened(2, DUE))
    assert await dues.page(late, None) == []
    assert asked.count(terms_rows.to_pass_up) == 2, "the rows went on"
    for _ in range(2):
        (found,) = await dues.page(late + 3 * DAY, None)
        assert found.thing == check_id(1), "what is found is asked for until it is raised"
    assert dues.moments[found.thing] == end_of((MONDAY + 10 * DAY).date(), ROXBURYS)


async def test_the_next_moment_is_told_so_that_a_replay_can_jump_there(intake: Late) -> None:
    await intake.do(opened(1, DUE))
    wednesday = end_of((MONDAY + 2 * DAY).date(), ROXBURYS)
    assert await intake.calendar.next(MONDAY) == wednesday
    await intake.sweep_at(wednesday + timedelta(seconds=1))
    assert intake.said() == ["reminded"]
    assert await intake.calendar.next(wednesday + timedelta(seconds=1)) == DUE
    await intake.sweep_at(DUE + timedelta(seconds=1))
    assert await intake.calendar.next(DUE + DAY) == end_of((MONDAY + 10 * DAY).date(), ROXBURYS)


async def test_without_terms_there_is_the_first_tier_alone(database: Engine) -> None:
    intake = Late(database, DueTerms(RULES))
    await intake.do(opened(1, DUE))
    for _ in range(3):
        await intake.sweep_at(DUE + 90 * DAY)
    assert intake.said() == ["tier 1"]


steps = st.lists(
    st.tuples(
        st.sampled_from(["sweep", "sweep", "sweep", "again", "done", "pause", "resume", "behind"]),
        st.integers(0, 12),
    ),
    max_size=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(steps)
def test_whatever_happens_each_comes_once_for_each_start_and_never_for_what_is_settled_or_paused(
    database: Engine, steps: list[tuple[str, int]]
) -> None:
    asyncio.run(_any_history(database, steps))


async def _any_history(database: Engine, steps: list[tuple[str, int]]) -> None:
    intake = Late(database)
    with database.begin() as connection:
        for model in MODELS:
            connection.execute(model.table.delete())
    await intake.do(opened(1, DUE))
    now = MONDAY
    for what, days in steps:
        now += days * DAY
        intake.clock.jump(now)
        if what == "again":
            intake.sweep = Sweep(intake.calendar, intake.handler, intake.clock.now)
        if what in ("sweep", "again", "behind"):
            await intake.sweep()
            if what != "behind":
                intake.project()
            continue
        asked: Any = {
            "done": ClaimDone(check_id(1), "Public Works", now, now),
            "pause": PauseCheck(check_id(1), now, "They wait", now),
            "resume": ResumeCheck(check_id(1), now, "They have it", RULES, now),
        }[what]
        await intake.try_to(asked)
    _each_once(intake)


def _each_once(intake: Late) -> None:
    seen, state = set[tuple[datetime, str]](), "running"
    for recorded in intake.store.streams["INTAKE"]:
        event, name = recorded.event, type(recorded.event).__name__
        if isinstance(event, CheckOverdue | CheckReminded):
            about = f"{name} {getattr(event, 'tier', '')}"
            assert (event.due_at, about) not in seen
            seen.add((event.due_at, about))
            assert state == "running"
        state = {"CheckPaused": "paused", "CheckResumed": "running", "DoneClaimed": "done"}.get(
            name, state
        )


async def test_a_due_date_that_moved_away_and_back_again_is_reminded_of_each_time(
    intake: Late,
) -> None:
    """A holiday comes into the charter and goes: each time the clock has started anew."""
    without, with_one = (
        DueRules(
            (Rule("five", 1, 5),), {ROXBURY: replace(ROXBURYS, version=str(len(off)), off=off)}
        )
        for off in ({}, {(MONDAY + 7 * DAY).date(): "Of that year alone"})
    )
    due = without.after(ROXBURY, CHECK_OPENED.sector, CHECK_OPENED.owner, MONDAY)
    said = {"due_at": due.at, "reckoning": due.reckoning, "report_id": None}
    await intake.do(OpenCheck(varied(CHECK_OPENED, check_id=check_id(1), **said)))
    thursday = MONDAY.replace(hour=0) + 3 * DAY
    await intake.sweep_at(thursday + timedelta(hours=6))
    for number, (rules, hours) in enumerate([(with_one, 30), (without, 40)], start=2):
        moved = RecountDue(check_id(1), rules, intake.clock.now())
        await intake.do(moved)
        intake.project()
        for more in range(2):
            await intake.sweep_at(thursday + timedelta(hours=hours + more))
        assert intake.said() == ["reminded"] * number
