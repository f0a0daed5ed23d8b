"""Due dates of whole histories against another implementation: business days as numpy has them."""

import random
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from services.intake.domain.almanac import Almanac
from services.intake.domain.check import CheckCommand, decider
from services.intake.domain.check_state import Opened
from services.intake.domain.clock import RecountDue
from services.intake.domain.due import DueRules, Rule
from services.intake.domain.more_time import AskForMoreTime, GrantMoreTime
from services.intake.domain.pausing import PauseCheck, ResumeCheck
from shared.contracts.check import CheckOpened
from shared.contracts.reckoning import Counted
from shared.eventsourcing.errors import DomainError
from shared.testing.examples import CHECK_ID, CHECK_OPENED, ROXBURY, STREET_LIGHTS

BEGIN, A_DAY = date(2026, 1, 1), timedelta(days=1)
ZONES = [ZoneInfo(name) for name in ("UTC", "America/New_York", "Asia/Kathmandu", "Africa/Cairo")]
OWNER = CHECK_OPENED.owner
TURNS = ("pause", "resume", "holiday", "more time")


@dataclass(frozen=True)
class Kept:
    """What numpy has to know: days left to count from a day, by which calendar; None left where a
    day was given. `due` is that day, `paused` since when."""

    since: date
    left: int | None
    every: bool
    due: date
    paused: date | None = None
    resumed: bool = False


@dataclass(frozen=True)
class World:
    """Weekend and days off, as numpy has them; `days` are those of the rule."""

    week: str
    off: tuple[date, ...]
    days: int
    every: bool

    def forward(self, day: date) -> date:
        return self._day(np.busday_offset(day, 0, "forward", self.week, self.off))

    def due(self, since: date, left: int, *, every: bool) -> date:
        if every or not left:
            return self.forward(since + left * A_DAY)
        before = np.busday_offset(since, 0, "backward", self.week, self.off)
        return self._day(np.busday_offset(before, left, "raise", self.week, self.off))

    def worked(self, after: date, until: date) -> int:
        """Of the days behind the one and up to the other."""
        span = after + A_DAY, until + A_DAY
        return max(int(np.busday_count(*span, self.week, self.off)), 0)

    @staticmethod
    def _day(told: np.datetime64) -> date:
        return date.fromisoformat(str(told))


def begun(world: World, day: date) -> Kept:
    due = world.due(day, world.days, every=world.every)
    return Kept(day, world.days, world.every, due)


def turned(kept: Kept, world: World, what: str, day: date, given: date, old: World) -> Kept:
    """`old` is the world by which it was counted last."""
    if what == "resume" and kept.paused:
        since = replace(kept, since=day, paused=None, resumed=True)
        if kept.left is None:
            return replace(since, due=kept.due + (day - kept.paused))
        passed = (kept.paused - kept.since).days
        worked = old.worked(max(kept.paused, kept.since), kept.due)
        left = max(kept.left - passed, 0) if kept.every else min(worked, kept.left)
        every = kept.every or not left
        return replace(since, left=left, every=every, due=world.due(day, left, every=every))
    if kept.paused or day > kept.due:
        return kept
    if what == "pause":
        return replace(kept, paused=day)
    if what == "more time" and given > kept.due:
        return replace(kept, left=None, due=given)
    if what == "holiday" and kept.left is not None:
        left, every = (kept.left, kept.every) if kept.resumed else (world.days, world.every)
        due = world.due(kept.since, left, every=every)
        return kept if due < day else replace(kept, due=due)
    return kept


class Ours:
    """The same, as the service has it."""

    def __init__(self, zone: ZoneInfo, hour: int) -> None:
        self.zone, self.hour = zone, hour
        self.state = decider.initial_state

    def moment(self, day: date) -> datetime:
        return datetime.combine(day, time(self.hour, 30), self.zone).astimezone(UTC)

    def rules(self, world: World, version: int) -> DueRules:
        weekend = frozenset(n for n, works in enumerate(world.week) if works == "0")
        off = dict.fromkeys(world.off, "off")
        almanac = Almanac("here", str(version), self.zone, weekend, off=off)
        counted: Counted = "calendar" if world.every else "working"
        return DueRules([Rule("any", 1, world.days, counted)], {ROXBURY: almanac})

    def open(self, rules: DueRules, day: date) -> None:
        made = self.moment(day)
        due = rules.after(ROXBURY, STREET_LIGHTS, OWNER, made)
        fields = {"due_at": due.at, "reckoning": due.reckoning, "opened_at": made}
        event = CheckOpened(**CHECK_OPENED.model_dump() | fields)
        self.state = decider.evolve(self.state, event)

    def do(self, *commands: CheckCommand) -> None:
        for command in commands:
            try:
                events = decider.decide(command, self.state)
            except DomainError:
                return
            for event in events:
                self.state = decider.evolve(self.state, event)

    def turn(self, what: str, day: date, given: date, rules: DueRules) -> None:
        now, why = self.moment(day), "Why"
        match what:
            case "pause":
                self.do(PauseCheck(CHECK_ID, now, why, now))
            case "resume":
                self.do(ResumeCheck(CHECK_ID, now, why, rules, now))
            case "holiday":
                self.do(RecountDue(CHECK_ID, rules, now))
            case "more time":
                asked = AskForMoreTime(CHECK_ID, OWNER, given, why, rules, now)
                self.do(asked, GrantMoreTime(CHECK_ID, "editor", why, now))

    @property
    def due(self) -> date:
        assert isinstance(self.state, Opened)
        return self.state.due_at.astimezone(self.zone).date()


def one(drawn: random.Random) -> list[str]:
    """A history; what was turned in it."""
    off = {BEGIN + drawn.randrange(400) * A_DAY for _ in range(drawn.randrange(12))}
    weekend = drawn.sample(range(7), drawn.randint(0, 3))
    week = "".join("0" if day in weekend else "1" for day in range(7))
    world = World(week, tuple(sorted(off)), drawn.randint(1, 40), drawn.random() < 0.3)
    ours, version = Ours(drawn.choice(ZONES), drawn.randrange(24)), 1
    day, counted_by = BEGIN + drawn.randrange(200) * A_DAY, world
    ours.open(ours.rules(world, version), day)
    kept, turns = begun(world, day), drawn.choices(TURNS, k=drawn.randint(0, 6))
    done = []
    for what in turns:
        day += drawn.randrange(12) * A_DAY
        given = day + drawn.randrange(60) * A_DAY
        if what == "holiday":
            version += 1
            more = day + drawn.randrange(30) * A_DAY
            world = replace(world, off=tuple(sorted({*world.off, more})))
        before, kept = kept, turned(kept, world, what, day, given, counted_by)
        is_resumed = bool(before.paused and not kept.paused)
        counted_by = world if is_resumed or kept.due != before.due else counted_by
        ours.turn(what, day, given, ours.rules(world, version))
        assert ours.due == kept.due, (what, day, given, world, before, kept)
        done += [what] if kept != before else []
    return done


def test_ten_thousand_are_due_as_numpy_counts_whatever_happens_meanwhile() -> None:
    """Pauses, resumptions, holidays that are added, and time that was asked for and granted."""
    drawn = random.Random(2032)
    done = [what for _ in range(10_000) for what in one(drawn)]
    assert {what: done.count(what) > 1_250 for what in TURNS} == dict.fromkeys(TURNS, True)
