"""A year of beats says exactly what somebody says who goes through the calendar day by day."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple

from beats_day_by_day import DayByDay
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

from services.intake.domain import beat
from services.intake.domain.beat_rules import BeatRules
from services.intake.projections import beats
from services.intake.projections.beats_due import BeatsDue
from services.intake.reactions.handovers import HANDOVERS
from shared.contracts.beat import BeatFellSilent, BeatHeardAgain
from shared.contracts.event import Event
from shared.contracts.inbox import (
    CorrespondentAccredited,
    CorrespondentEnded,
    CorrespondentReplaced,
    CorrespondentRested,
    CorrespondentResumed,
)
from shared.eventsourcing.errors import DomainError
from shared.eventsourcing.projections.read_model import Row, Rows
from shared.testing.examples import REPORT_FILED, recorded, report_id, varied

FIRST, ONE = date(2031, 1, 1), timedelta(days=1)
PEOPLE = {f"{number:032x}": name for number, name in enumerate(("ada", "ben", "cy", "dee"), 1)}
IDS = {name: person for person, name in PEOPLE.items()}
ZONE = "America/New_York"
WHERE = {"place": "us.ma.boston", "sector": "street-lights"}
BELOW = {"place": "us.ma.boston.roxbury", "sector": "street-lights"}


class Act(NamedTuple):
    day: int
    kind: str
    who: str
    one: int = 0
    other: int = 0


def moment(day: int, hour: int = 17) -> datetime:
    return datetime.combine(FIRST + ONE * day, time(hour), UTC)


class World:
    """The pure parts of intake beside each other: what is decided, folded, kept in rows and due."""

    def __init__(self, holidays: Iterable[date] = ()) -> None:
        self.log: list[Event] = []
        self.rows: Rows = {}
        self.states: dict[str, Any] = {}
        self.dues = BeatsDue(create_engine("sqlite://"), frozenset(holidays))
        self.rules = BeatRules(ZONE, 7)

    def tells(self, said: Any, now: datetime) -> None:
        who, successor = IDS[said.correspondent], IDS[getattr(said, "successor", "ada")]
        self.gives(self.rules.command(said, "gateway", who, successor, now), now)

    def gives(self, command: Any, now: datetime) -> None:
        state = self.states.get(command.beat_id, beat.Unknown())
        try:
            decided = beat.decide(command, state)
        except DomainError:
            return
        for event in decided:
            self.states[command.beat_id] = state = beat.evolve(state, event)
            self.records(event, now)

    def records(self, event: Event, now: datetime) -> None:
        self.log.append(event)
        stands = recorded(event, len(self.log))
        object.__setattr__(stands, "recorded_at", now)
        if beats.keys(event):
            beats.apply(self.rows, stands)
        if isinstance(event, HANDOVERS.handles):
            (asked,) = HANDOVERS.asks(stands)
            self.gives(asked.command, now)

    def files(self, who: str, filed_at: datetime, now: datetime) -> None:
        number = {"report_id": report_id(len(self.log)), "correspondent": IDS[who]}
        own = {"protected": True, "filed_at": filed_at}
        self.records(varied(REPORT_FILED, **number, **own, **BELOW), now)

    def sweeps(self, now: datetime) -> None:
        """Until nothing is due any more; all at once, and nothing a second time."""
        for row in self.due(now):
            heard, holidays = tuple(beats.spans_of(row)), frozenset(self.dues.holidays)
            self.gives(beat.JudgeBeat(row["beat_id"], heard, holidays, now), now)
        assert self.due(now) == []

    def due(self, now: datetime) -> list[Row]:
        """As the query looks for them."""
        by = (now + ONE).date().isoformat()
        waiting = [row for row in self.rows.values() if row["due_on"] and row["due_on"] <= by]
        return [row for row in waiting if self.dues._due(row, now)]

    @property
    def said(self) -> list[tuple[object, ...]]:
        found: list[tuple[object, ...]] = []
        for event in self.log:
            match event:
                case BeatFellSilent(correspondent=who):
                    found.append((PEOPLE[who], "silent", event.heard_on, event.ran_out_on))
                case BeatHeardAgain(correspondent=who):
                    found.append((PEOPLE[who], "heard", event.heard_on, event.in_time))
        return found


def happens(world: World, paper: DayByDay, act: Act) -> None:
    """The same in both."""
    now, today = moment(act.day), FIRST + ONE * act.day
    who = {"correspondent": act.who, **WHERE}
    match act.kind:
        case "accredited":
            world.tells(CorrespondentAccredited(**who, rhythm_days=act.one), now)
            paper.begins(act.who, act.one, today)
        case "rests":
            first, last = today + ONE * act.one, today + ONE * (act.one + act.other)
            world.tells(CorrespondentRested(**who, from_day=first, until_day=last), now)
            paper.rests(act.who, first, last)
        case "leaves":
            world.tells(CorrespondentRested(**who, from_day=today), now)
            paper.rests(act.who, today, None)
        case "resumes":
            world.tells(CorrespondentResumed(**who), now)
            paper.resumes(act.who, today)
        case "replaced":
            to = sorted(IDS)[act.one % len(IDS)]
            world.tells(CorrespondentReplaced(**who, successor=to), now)
            paper.hands_over(act.who, to, today)
        case "ended":
            world.tells(CorrespondentEnded(**who), now)
            paper.ends(act.who)
        case "reports":
            world.files(act.who, moment(act.day - act.one), now)
            paper.reports(act.who, today - ONE * act.one)


def a_year(acts: Iterable[Act], holidays: set[date], *, jumps: bool = False) -> World:
    """Day by day; or so that nobody looks before something happens."""
    world, paper = World(holidays), DayByDay(holidays, FIRST + ONE * 3_000)
    by_day: dict[int, list[Act]] = {}
    for act in acts:
        by_day.setdefault(act.day, []).append(act)
    for day in range(400):
        today, doing = FIRST + ONE * day, by_day.get(day, [])
        paper.looks(today)
        if doing or not jumps or day == 399:
            world.sweeps(moment(day, 6))
        for act in doing:
            happens(world, paper, act)
        paper.looks(today)
        if doing:
            world.sweeps(moment(day, 20))
    assert sorted(map(repr, world.said)) == sorted(map(repr, paper.said))
    return world


days, names = st.integers(0, 365), st.sampled_from(sorted(IDS))
acts = st.one_of(
    st.builds(Act, days, st.just("accredited"), names, st.integers(1, 60)),
    st.builds(Act, days, st.just("rests"), names, st.integers(-9, 40), st.integers(0, 40)),
    st.builds(Act, days, st.sampled_from(["leaves", "resumes", "ended"]), names),
    st.builds(Act, days, st.just("replaced"), names, st.integers(0, 3)),
    st.builds(Act, days, st.just("reports"), names, st.integers(0, 30)),
)
holidays = st.sets(days.map(lambda day: FIRST + ONE * day), max_size=30)


@settings(max_examples=max(25, settings().max_examples // 4))
@given(drawn=st.lists(acts, max_size=40), free=holidays, jumps=st.booleans())
def test_any_year_says_what_the_calendar_says(
    drawn: list[Act], free: set[date], *, jumps: bool
) -> None:
    begun = [Act(0, "accredited", name, 5 + 9 * at) for at, name in enumerate(sorted(IDS))]
    a_year([*begun, *sorted(drawn, key=lambda act: act.day)], free, jumps=jumps)


def a_usual_year(seed: int) -> list[Act]:
    """Four people who mostly report in their rhythm, rest in summer, and hand over once."""
    random = Random(seed)
    found = [
        Act(0, "accredited", name, rhythm)
        for name, rhythm in zip(IDS, (7, 10, 14, 21), strict=True)
    ]
    for name, rhythm in zip(IDS, (7, 10, 14, 21), strict=True):
        day = 0
        while (day := day + random.choice((rhythm // 2, rhythm - 1, rhythm, rhythm * 2))) < 390:
            found.append(Act(day, "reports", name, random.choice((0, 0, 0, 1, 3))))
    found += [
        Act(150, "rests", "ada", 10, 30),
        Act(170, "leaves", "ben"),
        Act(200, "resumes", "ben"),
        Act(220, "replaced", "cy", 1),
        Act(300, "ended", "dee"),
    ]
    return sorted(found, key=lambda act: act.day)


CLOSED = {FIRST + ONE * day for day in (*range(100, 104), *range(355, 366))}


def test_a_usual_year_has_silences_and_says_each_once_whoever_looks_when() -> None:
    for seed in range(5):
        usual = a_usual_year(seed)
        each_day, seldom = (a_year(usual, CLOSED, jumps=jumps) for jumps in (False, True))
        kinds = [said[1] for said in each_day.said]
        assert kinds.count("silent") > 3
        assert len({*map(repr, each_day.said)}) == len(each_day.said), "none twice"
        assert sorted(map(repr, each_day.said)) == sorted(map(repr, seldom.said))


def test_what_is_heard_of_a_beat_does_not_grow_with_the_years() -> None:
    world = World()
    world.tells(CorrespondentAccredited(correspondent="ada", **WHERE), moment(0))
    for day in range(0, 1_000, 5):
        world.files("ada", moment(day), moment(day))
    (row,) = world.rows.values()
    assert len(beats.spans_of(row)) == 1


def test_reports_that_all_come_late_together_say_the_same_as_one_by_one() -> None:
    """On the 30th day those of the 9th, the 19th and the 30th: never was it silent."""
    together = [Act(30, "reports", "ada", late) for late in (0, 11, 21)]
    for jumps in (False, True):
        world = a_year([Act(0, "accredited", "ada", 14), *together], set(), jumps=jumps)
        assert ("ada", "silent", FIRST + ONE * 9, FIRST + ONE * 23) not in world.said
