"""A generated half year of issues: each meets its floor or prints its reason, and the meter equals
a recount from the public events alone."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random

from public_site import CHARTER, PublicSite, public_site
from sqlalchemy import Engine

from services.publishing.bulletins import told
from services.publishing.domain.bulletin import (
    BelowFloorError,
    ComposeBulletin,
    IssueBulletin,
    ReviewBulletin,
    category,
)
from services.publishing.domain.ranking import Wanted, ranked
from services.publishing.domain.share import lacking
from services.publishing.newsroom.bulletins import bulletin_id_of
from services.publishing.newsroom.lines import Lines
from services.publishing.newsroom.material import Gathering
from services.publishing.projections import issues
from shared.contracts import public_bulletin
from shared.contracts.bulletin import BulletinComposed, BulletinEvent, IssueTerms
from shared.contracts.event import Event
from shared.contracts.public import CheckOpened, CheckOverdue, PublicWithdrawn, ReportFiled
from shared.eventsourcing.projections.projector import Projector
from shared.testing.examples import (
    CITED,
    OPERATOR_ID,
    PUBLIC_CHECK_OVERDUE,
    PUBLIC_REPORT_FILED,
    PUBLIC_STORY_PUBLISHED,
    PUBLIC_WITHDRAWN,
    SECOND_ID,
    recorded,
    varied,
)

WITHIN = "us.ma.boston"
CENTRE = f"{WITHIN}.fenway"
REGIONS = [f"{WITHIN}.{name}" for name in ("allston", "mattapan", "roxbury", "west-end")]
NAMES = {place: place for place in ["everywhere", WITHIN, CENTRE, *REGIONS]}
TERMS = IssueTerms(version=1, within=WITHIN, centre=(CENTRE,), share=60, floor=1, leads=3)
BEGINS, WEEKS, A_WEEK = date(2031, 1, 6), 26, timedelta(days=7)
GATHERING = Gathering(Lines(CHARTER.language, NAMES, CHARTER.sectors), TERMS)


@dataclass
class Year:
    """The centre shouts: nine of ten reports and stories are its own, and some weeks nothing comes
    from anywhere else."""

    seed: int
    made: int = 0
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def week(self, monday: date) -> list[Event]:
        events = list(self._week(monday))
        self.events += events
        return events

    def _week(self, monday: date) -> Iterator[Event]:
        is_mute = self.random.random() < 0.15
        for place in [CENTRE] * 30 + [WITHIN] + ([] if is_mute else REGIONS):
            for _ in range(self.random.randint(0, 2)):
                day = monday + timedelta(days=self.random.randrange(7))
                yield varied(PUBLIC_REPORT_FILED, report=self.id(), place=place, on=day)
                if self.random.random() < 0.1:
                    gone = {"id": f"{self.made:032x}", "place": place, "on": day}
                    yield varied(PUBLIC_WITHDRAWN, what="report", **gone)
        for place in [CENTRE] * 8 + ([] if is_mute else self.random.sample(REGIONS, 2)):
            day = monday + timedelta(days=self.random.randrange(7))
            size = self.random.randint(50, 400)
            cited = CITED.model_copy(update={"id": self.id()})
            what = {"story": self.id(), "place": place, "on": day, "size": size}
            yield varied(PUBLIC_STORY_PUBLISHED, **what, sources=(cited,))
        for place in [] if is_mute else self.random.sample(REGIONS, 3):
            due = monday + timedelta(days=self.random.randrange(5))
            where = {"check": self.id(), "place": place, "due_on": due}
            where |= {"sector": "street-lights", "owner": None}
            yield CheckOpened(**where)
            told = {**where, "task": None, "tier": 1, "to": None}
            yield varied(PUBLIC_CHECK_OVERDUE, **told) if self.made % 2 else CheckOverdue(**told)

    def id(self) -> str:
        self.made += 1
        return f"{self.made:032x}"


def issued(number: int, site: PublicSite, monday: date) -> list[BulletinEvent]:
    """Composed by the timer on the Monday after, and read and issued by two people."""
    first, last = monday, monday + A_WEEK - timedelta(days=1)
    with site.engine.connect() as connection:
        there = GATHERING.gather(connection, first, last, bulletin_id_of(number))
    wanted = Wanted(first, last, 6, owed=there.owed)
    items = ranked(there.candidates, there.heard, TERMS, wanted)
    at = datetime.combine(monday + A_WEEK, datetime.min.time(), UTC)
    composed = BulletinComposed(
        bulletin_id=bulletin_id_of(number),
        place=WITHIN,
        number=number,
        at=at,
        edition=1,
        first=first,
        last=last,
        terms=TERMS,
        items=items,
        heard=there.heard,
        by=None,
    )
    events: list[BulletinEvent] = []
    for command in (
        ComposeBulletin(composed),
        ReviewBulletin(composed.bulletin_id, 1, OPERATOR_ID, at),
        IssueBulletin(composed.bulletin_id, 1, SECOND_ID, at),
    ):
        try:
            events += category.decider.decide(command, category.decider.fold(events))
        except BelowFloorError:
            said = IssueBulletin(composed.bulletin_id, 1, SECOND_ID, at, "Nobody else was heard")
            events += category.decider.decide(said, category.decider.fold(events))
    return events


async def test_half_a_year_of_issues(database: Engine) -> None:
    year, log = Year(seed=110), list[Event]()
    charter = CHARTER.__class__(
        directory=CHARTER.directory, name="T", notice="", places=NAMES, sectors={}, sources={}
    )
    async with public_site(database, charter=charter) as site:
        inside, written = Projector(site.engine, [issues.read_model]), 0
        for week in range(WEEKS):
            monday = BEGINS + week * A_WEEK
            events = year.week(monday)
            log += events
            site.writes(*events)
            made = issued(week + 1, site, monday)
            inside.begin()
            known = [recorded(event, written + 1 + at) for at, event in enumerate(made)]
            written += len(made)
            inside.write(known, written)
            public = told(made[-1], f"{week:032x}", UTC)
            assert public is not None
            log.append(public)
            site.writes(public)
        async with site.client() as client:
            answer = await client.get("/bulletins/share.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    found = {
        (int(row["bulletin"]), row["region"]): tuple(
            int(row[name]) for name in ("reports", "items", "words", "leads")
        )
        for row in rows
    }
    assert found == recounted(log)
    there = [each for each in log if isinstance(each, public_bulletin.BulletinIssued)]
    assert len(there) == WEEKS
    for issue in there:
        lacks = lacking(issue.items, issue.heard, issue.terms)
        assert bool(lacks) == (issue.reason is not None)
    below = [issue.number for issue in there if issue.reason]
    assert 0 < len(below) < WEEKS / 2, "some weeks there was nothing, most the regions led"
    ids = [item.id for issue in there for item in issue.items]
    assert len(set(ids)) == len(ids), "nothing stands in two issues"
    assert {row["below_floor"] for row in rows if int(row["bulletin"]) in below} == {"yes"}
    ours = sum(each[1] for (_, region), each in found.items() if region in REGIONS)
    heard = sum(each[0] for (_, region), each in found.items() if region in REGIONS)
    assert ours / len(ids) > 0.5 > heard / sum(each[0] for each in found.values())


def recounted(log: Sequence[Event]) -> dict[tuple[int, str], tuple[int, int, int, int]]:
    """By nothing of ours but the events: what was public when each issue appeared."""
    found = dict[tuple[int, str], tuple[int, int, int, int]]()
    reports = dict[str, tuple[str, date]]()
    for event in log:
        if isinstance(event, ReportFiled):
            reports[event.report] = (event.place, event.on)
        elif isinstance(event, PublicWithdrawn):
            reports.pop(event.id, None)
        elif isinstance(event, public_bulletin.BulletinIssued):
            figures = [Counter[str]() for _ in range(4)]
            for place, on in reports.values():
                if event.first <= on <= event.last:
                    figures[0][".".join(place.split(".")[:4])] += 1
            for at, item in enumerate(event.items):
                region = ".".join(item.place.split(".")[:4])
                figures[1][region] += 1
                figures[2][region] += item.size
                figures[3][region] += 1 if at < 3 else 0
            for region in set().union(*figures):
                one, two, three, four = (each[region] for each in figures)
                found[event.number, region] = (one, two, three, four)
    return found
