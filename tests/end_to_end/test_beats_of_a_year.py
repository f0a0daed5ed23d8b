"""A year of beats in the real suite, two of intake: what is said is what the calendar says."""

import os
import shutil
import signal
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

import pytest
from beats_day_by_day import DayByDay
from real_suite import CHARTER, Home, home, started, swept, until

from deploy.embedded import Suite
from deploy.feeding.publish import publish
from deploy.looking.reading import messages
from shared.contracts.beat import BeatAccredited, BeatFellSilent, BeatHeardAgain
from shared.contracts.event import Event
from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.jetstream.connection import Client
from shared.mapping import UpstreamEvent
from shared.mapping.events import body_of, outgoing
from shared.runtime.clock_stream import set_clock

pytestmark = pytest.mark.deep

FIRST, ONE = date(2031, 1, 1), timedelta(days=1)
SOURCE = 'gateway = "Text messages of correspondents"\n'
CLOSED = {FIRST + ONE * day for day in (*range(100, 104), *range(355, 366))}
PEOPLE = {"ada": 7, "ben": 10, "cy": 14, "dee": 21}
WHERE = {"place": "us.ma.boston", "sector": "street-lights"}
STATIONS = (*range(0, 150, 6), 180, 187, 190, 195, 228, *range(235, 330, 8), 362, 380)
"""Days on which something is said; in between nobody is, twice for a month and more."""


class Year:
    def __init__(self, client: Client) -> None:
        self.client = client
        self.paper = DayByDay(CLOSED, FIRST + ONE * 3_000)
        self.random = Random(1_925)
        self.today = FIRST
        self.sent = 0
        self.said: list[UpstreamEvent] = []

    @property
    def now(self) -> datetime:
        return datetime.combine(self.today, time(17), UTC)

    def says(self, kind: str, who: str, **more: object) -> None:
        self._add(f"correspondent.{kind}", {"correspondent": who, **WHERE, **more})

    def reports(self, who: str, late: int) -> None:
        filed = self.now - timedelta(days=late)
        below = {"place": "us.ma.boston.roxbury", "sector": "street-lights"}
        named = {"report": str(self.sent), "correspondent": who, "filed_at": filed.isoformat()}
        self._add("report.submitted", named | below)
        self.paper.reports(who, filed.date())

    def _add(self, kind: str, body: dict[str, object]) -> None:
        ce_id, at = str(self.sent), self.now
        self.sent += 1
        written = outgoing("gateway", kind, ce_id, at, body_of(body))
        self.said.append(UpstreamEvent(at, kind, lambda: written))

    async def at(self, day: int) -> None:
        self.today = FIRST + ONE * day
        await set_clock(self.client, self.now)
        await swept(self.client, self.now)
        self.paper.looks(self.today)
        self._says_something(day)
        answered = await publish(self.client, "gateway", self.said, _moved)
        assert not answered.answered.refused, answered.answered
        self.said.clear()
        begun = sum(1 for each in await self.log() if isinstance(each, BeatAccredited))
        if day == 228 and begun == len(PEOPLE):
            await until(self._handed_over, "the successor has the beat")
        await swept(self.client, self.now)
        self.paper.looks(self.today)

    def _says_something(self, day: int) -> None:
        paper, today = self.paper, self.today
        match day:
            case 0:
                for who, rhythm in PEOPLE.items():
                    self.says("accredited", who, rhythm_days=rhythm)
                    paper.begins(who, rhythm, today)
                return
            case 180:
                first, last = today + ONE * 3, today + ONE * 40
                self.says("rested", "ada", from_day=f"{first}", until_day=f"{last}")
                paper.rests("ada", first, last)
                self.says("rested", "ben", from_day=f"{today}")
                paper.rests("ben", today, None)
            case 228:
                self.says("resumed", "ben")
                paper.resumes("ben", today)
                self.says("replaced", "cy", successor="eve")
                paper.hands_over("cy", "eve", today)
            case 299:
                self.says("ended", "dee")
                paper.ends("dee")
            case _:
                for who in sorted(paper.posts):
                    if self.random.random() < 0.45:
                        self.reports(who, self.random.choice((0, 0, 1, 4, 9)))

    async def _handed_over(self) -> bool:
        begun = [each for each in await self.log() if isinstance(each, BeatAccredited)]
        return len(begun) == len(PEOPLE) + 1

    async def log(self) -> list[Event]:
        found = [
            decode(m.headers, m.body, m.sequence) async for m in messages(self.client, "INTAKE")
        ]
        return [each.event for each in found]

    async def told(self) -> list[str]:
        """As on paper, by names in the order in which they were accredited."""
        log = await self.log()
        ids = [each.correspondent for each in log if isinstance(each, BeatAccredited)]
        names = dict(zip(ids, (*PEOPLE, "eve"), strict=True))
        found: list[tuple[object, ...]] = []
        for event in log:
            match event:
                case BeatFellSilent(correspondent=who):
                    found.append((names[who], "silent", event.heard_on, event.ran_out_on))
                case BeatHeardAgain(correspondent=who):
                    found.append((names[who], "heard", event.heard_on, event.in_time))
        return sorted(map(repr, found))


async def _moved(*_: object) -> None:
    pass


@pytest.fixture
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    charter = tmp_path / "charter"
    shutil.copytree(CHARTER, charter)
    with (charter / "sources.toml").open("a") as sources:
        sources.write(SOURCE)
    holidays = ", ".join(map(str, sorted(CLOSED)))
    with (charter / "body.toml").open("a") as body:
        body.write(f"[beats]\nholidays = [{holidays}]\n")
    return home(request, tmp_path / "data")


async def test_a_year_says_what_the_calendar_says_whoever_is_away(
    where: Home, tmp_path: Path
) -> None:
    made = where.suite(services=("intake",), replicas=2)
    made.charter_dir = tmp_path / "charter"
    async with started(made) as client:
        year = Year(client)
        for day in STATIONS:
            if day == 60:
                rebuilt = where.tribune("rebuild", "beats_v1")
                assert rebuilt.returncode == 0, rebuilt.stderr
            if day == 108:
                _kill(made)
            await year.at(day)
        said = sorted(map(repr, year.paper.said))
        assert await year.told() == said
        assert where.tribune("rebuild", "beats_v1").returncode == 0
        await swept(client, year.now)
        assert await year.told() == said, "rows made anew say nothing a second time"
        assert sum("silent" in each for each in said) > 5


def _kill(suite: Suite) -> None:
    """Whatever it owned the other one takes over."""
    os.kill(suite.pids["intake-1"], signal.SIGKILL)
