"""What the site shows is what a script that knows none of our code counts from public events."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from public_site import PublicSite, public_site
from sqlalchemy import Engine
from test_no_better_by_playing import UNSEEN, WITH_LEAVE, Move, Played, honestly, moves, to_public

from deploy.commands import recount
from shared.contracts.event import Event
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.database import open_database
from shared.testing.examples import (
    DAY,
    MONDAY,
    PUBLIC_MEMBER_QUALIFIED,
    PUBLIC_QUALIFICATION_LAPSED,
    PUBLIC_QUALIFICATION_REVOKED,
    PUBLIC_QUESTION_COUNTED,
    PUBLIC_REPORT_CONFIRMED,
    PUBLIC_REPORT_FILED,
    PUBLIC_REPORT_REFUTED,
    PUBLIC_REPORT_REOPENED,
    PUBLIC_SOCIETY_FOUNDED,
    PUBLIC_STORY_PUBLISHED,
    PUBLIC_WITHDRAWN,
    recorded,
    varied,
)

RAISED = 3
"""The last events of what is never done: in each tier."""
few = settings(max_examples=max(settings().max_examples // 4, 1))
COUNTING = recount.script()


async def differences(site: PublicSite, public: Sequence[RecordedEvent]) -> list[str]:
    """The script as it is, but that it asks the site without a socket."""
    count, loop = COUNTING.Count(), asyncio.get_running_loop()
    for each in public:
        body = each.event.model_dump(mode="json")
        count.take(type(each.event).__name__, each.recorded_at.isoformat(), body)
    async with site.client() as client:

        async def asked(what: str, given: dict[str, Any]) -> Any:
            return (await client.get(f"/api/{what}", params=given)).raise_for_status().json()

        def ask(_: str, what: str, **given: Any) -> Any:
            given = {name: value for name, value in given.items() if value}
            return asyncio.run_coroutine_threadsafe(asked(what, given), loop).result()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(COUNTING, "ask", ask)
            return await asyncio.to_thread(lambda: list(COUNTING.differences(count, "")))


async def shown(public: list[RecordedEvent], days_after: int) -> list[str]:
    with TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'rows.db'}")
        try:
            return await _shown(engine, public, days_after)
        finally:
            engine.dispose()


async def _shown(engine: Engine, public: list[RecordedEvent], days_after: int) -> list[str]:
    async with public_site(engine) as site:
        site.clock.jump(public[-1].recorded_at + timedelta(days=days_after))
        site._projector.write(public, public[-1].sequence)
        site.live.tell(len(public))
        return await differences(site, public)


def numbered(events: Iterable[tuple[Event | None, datetime]]) -> list[RecordedEvent]:
    """Those that are public, each recorded at the first moment of its day, as there."""
    told = [(event, midnight(at)) for event, at in events if event is not None]
    return [replace(recorded(event, n), recorded_at=at) for n, (event, at) in enumerate(told, 1)]


def midnight(moment: datetime) -> datetime:
    return datetime.combine(moment.date(), time(), UTC)


@few
@given(moves((*WITH_LEAVE, *UNSEEN)), honestly, st.integers(-60, 60))
def test_whatever_became_of_a_commitment(moves: list[Move], done: Any, days_after: int) -> None:
    public = numbered(
        [(to_public(each.event), each.recorded_at) for each in Played(moves, done).log]
    )
    assert asyncio.run(shown(public, days_after)) == []


PLACES = st.sampled_from(["us.ma.boston.roxbury", "us.ma.boston", "us.ma.salem", "everywhere"])
NAMES = st.integers(1, 5).map(lambda number: f"{number:032x}")
ENDS_OF_MEMBERS = (PUBLIC_QUALIFICATION_LAPSED, PUBLIC_QUALIFICATION_REVOKED)
OF_REPORTS = (PUBLIC_REPORT_CONFIRMED, PUBLIC_REPORT_REFUTED, PUBLIC_REPORT_REOPENED)


@st.composite
def told_of_reports(draw: st.DrawFn) -> list[Event]:
    places = {name: draw(PLACES) for name in (f"{number:032x}" for number in range(1, 6))}
    told: list[Event] = [
        varied(PUBLIC_REPORT_FILED, report=name, place=place) for name, place in places.items()
    ]
    for _ in range(draw(st.integers(0, 10))):
        name = draw(NAMES)
        match draw(st.sampled_from(["said", "said", "withdrawn", "qualified"])):
            case "said":
                said = {"report": name, "place": places[name]}
                told.append(varied(draw(st.sampled_from(OF_REPORTS)), **said))
            case "withdrawn":
                told.append(varied(PUBLIC_WITHDRAWN, what="report", id=name, place=places[name]))
            case _:
                tracks = st.sampled_from(["inspector", "correspondent"])
                said = {"member": name, "track": draw(tracks), "place": draw(PLACES)}
                kinds = (PUBLIC_MEMBER_QUALIFIED, *ENDS_OF_MEMBERS)
                told.append(varied(draw(st.sampled_from(kinds)), **said))
    return told


@few
@given(told_of_reports())
def test_whatever_became_of_reports_and_members(told: list[Event]) -> None:
    public = numbered([(event, MONDAY) for event in told])
    assert asyncio.run(shown(public, 1)) == []


@pytest.mark.parametrize(("shown", "counted"), [(-RAISED, None), (None, -RAISED)])
async def test_a_figure_that_is_not_true_is_told(shown: int | None, counted: int | None) -> None:
    """Of a check that was raised, which the site or the log does not know."""
    public = numbered([(to_public(each.event), each.recorded_at) for each in Played([], None).log])
    with TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'rows.db'}")
        async with public_site(engine) as site:
            site.clock.jump(public[-1].recorded_at + DAY)
            site._projector.write(public[:shown], public[-1].sequence)
            found = await differences(site, public[:counted])
        engine.dispose()
    by_public, by_site = (0, 1) if counted else (1, 0)
    overdue = f"overdue: {by_public} by PUBLIC, {by_site} by the site"
    assert f"figures of us.ma.boston.roxbury: {overdue}" in found
    assert f"figures of all places: {overdue}" in found
    assert any(": late on " in line for line in found)
    assert len(found) < 40


async def test_what_nobody_ever_said_is_told_where_the_site_shows_it() -> None:
    """A place of which PUBLIC knows nothing."""
    public = numbered([(to_public(each.event), each.recorded_at) for each in Played([], None).log])
    with TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'rows.db'}")
        async with public_site(engine) as site:
            site.clock.jump(public[-1].recorded_at + DAY)
            site._projector.write(public, public[-1].sequence)
            found = await differences(site, [])
        engine.dispose()
    assert "figures of us.ma.boston.roxbury: checks: 0 by PUBLIC, 2 by the site" in found


def test_what_is_in_no_figure_stops_no_recount() -> None:
    """PUBLIC tells of questions, stories and societies, too."""
    count = COUNTING.Count()
    others = (PUBLIC_QUESTION_COUNTED, PUBLIC_STORY_PUBLISHED, PUBLIC_SOCIETY_FOUNDED)
    for event in (*others, PUBLIC_MEMBER_QUALIFIED, PUBLIC_QUALIFICATION_LAPSED):
        body = event.model_dump(mode="json")
        count.take(type(event).__name__, "2030-01-07T12:00:00Z", body)
    assert count.things == {}
    assert count.qualified == {}
