"""The charter's day composes one issue, by however many replicas and with a kill in between."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from public_site import CHARTER
from sqlalchemy import Engine

from services.publishing.app import READ_MODELS
from services.publishing.domain import bulletin
from services.publishing.domain.bulletin import IssueBulletin, ReviewBulletin
from services.publishing.newsroom.bulletin_days import BulletinDays, timers
from services.publishing.newsroom.bulletins import (
    Bulletins,
    Composing,
    NothingToTellError,
    ToComeError,
    bulletin_id_of,
)
from services.publishing.newsroom.lines import Lines
from services.publishing.newsroom.material import Gathering
from services.publishing.projections import issues
from shared.contracts.bulletin import BulletinCalled, BulletinComposed
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.errors import LogUnavailableError
from shared.eventsourcing.event_store import AggregateKey, EventStore
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.projections.database import ask_in
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.runtime.charter_bulletins import BulletinsTold
from shared.testing.examples import PUBLIC_STORY_PUBLISHED, recorded, varied
from shared.web.sessions import begun

TOLD = BulletinsTold(within="us.ma.boston", centre=["us.ma.boston.fenway"], every="friday")
ZONE = ZoneInfo("America/New_York")
FRIDAY = datetime(2031, 3, 7, 11, tzinfo=UTC)
STORY = varied(PUBLIC_STORY_PUBLISHED, on=date(2031, 3, 5))
LATER = timedelta(minutes=5)


@dataclass
class Replica:
    """What one process of the site has of it; its memory is its own."""

    engine: Engine
    store: EventStore
    now: datetime = FRIDAY + LATER
    room: Bulletins = field(init=False)

    def __post_init__(self) -> None:
        handler = CommandHandler(self.store, (bulletin.category,), self.clock)
        terms = TOLD.terms
        assert terms
        gathering = Gathering(Lines(CHARTER.language, CHARTER.places, {}), terms)
        ask = partial(ask_in, self.engine)
        self.room = Bulletins(handler, self.store, ask, gathering, 12, self.clock)
        self.timers = timers(self.engine, TOLD, ZONE)
        self.handler = handler

    def clock(self) -> datetime:
        return self.now

    async def sweeps(self) -> None:
        for due in await self.timers.dues.page(self.now, None):
            await self.handler.carry_out(self.timers.wake(due, self.now))


@dataclass
class Away:
    """The log, to which nothing can be written."""

    store: EventStore

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)

    async def append(self, *_: object, **__: object) -> None:
        raise LogUnavailableError("away")


@dataclass
class Rows:
    """They hold what they are told of, and lag behind the log until then."""

    engine: Engine
    store: EventStore
    inside: int = 0

    def __post_init__(self) -> None:
        prepare(self.engine, READ_MODELS)
        public = [each for each in READ_MODELS if log_of("public") in each.streams]
        self.public = Projector(self.engine, public)
        self.issues = Projector(self.engine, [issues.read_model])

    def hear(self, *events: Event) -> None:
        first = self.public.begin() + 1
        heard = [recorded(event, first + at) for at, event in enumerate(events)]
        self.public.write(heard, heard[-1].sequence)

    async def follow(self) -> None:
        self.issues.begin()
        found = [each for number in (1, 2, 3) for each in await history(self.store, number)]
        news = sorted((each for each in found if each.sequence > self.inside), key=_sequence)
        if news:
            self.inside = news[-1].sequence
            self.issues.write(news, self.inside)


def _sequence(each: object) -> int:
    return int(getattr(each, "sequence"))  # noqa: B009


async def history(store: EventStore, number: int) -> Sequence[object]:
    return await store.load(AggregateKey("publishing", "bulletin", bulletin_id_of(number)))


async def events(store: EventStore, number: int) -> list[type[Event]]:
    return [type(each.event) for each in await history(store, number)]  # type: ignore[attr-defined]


@pytest.fixture
def store(nats: object) -> EventStore:
    return JetStreamEventStore(nats)  # type: ignore[arg-type]


@pytest.fixture
def rows(database: Engine, store: EventStore) -> Rows:
    found = Rows(database, store)
    found.hear(STORY)
    found.issues.begin()
    return found


async def test_two_replicas_compose_one_issue(rows: Rows, store: EventStore) -> None:
    both = Replica(rows.engine, store), Replica(rows.engine, store)
    await asyncio.gather(*(each.sweeps() for each in both))
    await both[0].sweeps()
    assert await events(store, 1) == [BulletinCalled]
    assert await events(store, 2) == [], "rows that lag call for no second one"
    await rows.follow()
    await asyncio.gather(*(each.room.compose_what_is_called() for each in both))
    assert await events(store, 1) == [BulletinCalled, BulletinComposed]
    await rows.follow()
    for each in both:
        await each.sweeps()
        await each.room.compose_what_is_called()
    assert [await events(store, number) for number in (1, 2)] == [
        [BulletinCalled, BulletinComposed],
        [],
    ]


async def test_who_is_killed_over_it_is_followed_by_another(rows: Rows, store: EventStore) -> None:
    """Between call and composing, and between composing and its row."""
    await Replica(rows.engine, store).sweeps()
    await rows.follow()
    await Replica(rows.engine, store).room.compose_what_is_called()
    await Replica(rows.engine, store, FRIDAY + 2 * LATER).room.compose_what_is_called()
    assert await events(store, 1) == [BulletinCalled, BulletinComposed]


async def test_it_is_of_the_days_before_and_after_weeks_away_of_all_of_them(
    rows: Rows, store: EventStore
) -> None:
    one = Replica(rows.engine, store)
    await one.sweeps()
    await rows.follow()
    await one.room.compose_what_is_called()
    await rows.follow()
    rows.hear(varied(STORY, story="0" * 30 + "77", on=date(2031, 3, 12)))
    weeks_later = Replica(rows.engine, store, FRIDAY + timedelta(days=21))
    await weeks_later.sweeps()
    await rows.follow()
    await weeks_later.room.compose_what_is_called()
    found = []
    for number in (1, 2):
        composed = (await history(store, number))[-1].event  # type: ignore[attr-defined]
        assert isinstance(composed, BulletinComposed)
        found.append((composed.first, composed.last, len(composed.items), composed.by))
    assert found == [
        (date(2031, 2, 28), date(2031, 3, 6), 1, None),
        (date(2031, 3, 7), date(2031, 3, 27), 1, None),
    ]
    assert await events(store, 3) == []


async def test_where_there_is_nothing_it_is_tried_another_day(
    database: Engine, store: EventStore
) -> None:
    rows = Rows(database, store)
    one = Replica(database, store)
    rows.hear(varied(STORY, on=date(2031, 1, 1)))
    await one.sweeps()
    await rows.follow()
    await one.room.compose_what_is_called()
    assert await events(store, 1) == [BulletinCalled]
    rows.hear(varied(STORY, story="0" * 30 + "77"))
    await one.room.compose_what_is_called()
    assert await events(store, 1) == [BulletinCalled], "it was tried today"
    one.now += timedelta(days=1)
    await one.room.compose_what_is_called()
    assert await events(store, 1) == [BulletinCalled, BulletinComposed]


async def test_what_failed_is_tried_again_the_same_day(rows: Rows, store: EventStore) -> None:
    one = Replica(rows.engine, store)
    await one.sweeps()
    await rows.follow()
    whole = one.room.handler
    stopped = CommandHandler(Away(store), (bulletin.category,), one.clock)  # type: ignore[arg-type]
    one.room = replace(one.room, handler=stopped)
    with pytest.raises(LogUnavailableError):
        await one.room.compose_what_is_called()
    one.room = replace(one.room, handler=whole)
    await one.room.compose_what_is_called()
    assert await events(store, 1) == [BulletinCalled, BulletinComposed]


async def test_no_issue_goes_up_to_a_day_to_come(rows: Rows, store: EventStore) -> None:
    """Else one slip of an editor's, withdrawn or not, would be the last that there is."""
    one = Replica(rows.engine, store)
    editor = begun("a" * 32, "staff", "eva", FRIDAY)
    too_far = Composing(date(2031, 3, 1), date(2031, 6, 3), 12)
    with pytest.raises(ToComeError):
        await one.room.compose(editor, "b" * 32, 1, 1, too_far)
    assert await events(store, 1) == []
    today = Composing(date(2031, 3, 1), FRIDAY.date(), 12)
    await one.room.compose(editor, "b" * 32, 1, 1, today)
    assert await events(store, 1) == [BulletinComposed]


async def test_before_its_moment_nothing_is_due(rows: Rows) -> None:
    days = BulletinDays(rows.engine, TOLD, ZONE)
    never = BulletinDays(rows.engine, BulletinsTold(within="us.ma.boston"), ZONE)
    assert await never.page(FRIDAY, None) == []
    assert await never.next(FRIDAY) is None
    (due,) = await days.page(FRIDAY, None)
    assert due.at == FRIDAY
    assert await days.page(FRIDAY, due) == []
    assert await days.next(FRIDAY) == FRIDAY + timedelta(days=7) - timedelta(hours=1), "summer"


async def test_nothing_stands_in_two_issues(rows: Rows, store: EventStore) -> None:
    one = Replica(rows.engine, store)
    await one.sweeps()
    await rows.follow()
    await one.room.compose_what_is_called()
    await rows.follow()
    same = Composing(date(2031, 2, 28), date(2031, 3, 6), 12)
    with pytest.raises(NothingToTellError):
        await one.room.composed(2, 1, "a" * 32, same)
    again = await one.room.composed(1, 2, "a" * 32, same)
    assert [each.id for each in again.items] == [STORY.story], "its own it may have again"


async def test_what_readers_see_stays_in_its_issue_while_a_correction_is_made(
    rows: Rows, store: EventStore
) -> None:
    other = varied(STORY, story="0" * 30 + "77")
    one = Replica(rows.engine, store)
    days = Composing(date(2031, 2, 28), date(2031, 3, 6), 12)
    eva, edo = (begun(who * 32, "staff", who, FRIDAY) for who in "ab")
    await one.room.compose(eva, "1" * 32, 1, 1, days)
    await one.room.give(ReviewBulletin(bulletin_id_of(1), 1, edo.login_id, FRIDAY), edo)
    await one.room.give(IssueBulletin(bulletin_id_of(1), 1, edo.login_id, FRIDAY, "so"), edo)
    await rows.follow()
    rows.hear(other)
    without = Composing(days.first, days.last, 12, (), frozenset((STORY.story,)))
    await one.room.compose(eva, "2" * 32, 1, 2, without)
    await rows.follow()
    with pytest.raises(NothingToTellError):
        await one.room.composed(2, 1, eva.login_id, days)
    edition = 2, edo.login_id, FRIDAY
    await one.room.give(ReviewBulletin(bulletin_id_of(1), *edition), edo)
    await one.room.give(IssueBulletin(bulletin_id_of(1), *edition, "so", "It was wrong"), edo)
    await rows.follow()
    found = await one.room.composed(2, 1, eva.login_id, days)
    assert [each.id for each in found.items] == [STORY.story], "once readers see another one"
