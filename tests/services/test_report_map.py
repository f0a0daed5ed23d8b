"""Where it is may be shown on a map, which is drawn here and pressed without any script."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from drawn_places import MIDDLE, NORTH, SOUTH, WEST, two_places
from nats.aio.client import Client
from sqlalchemy import Engine
from street import CODE, SOURCE, Street, hidden, passer_by, street, told

from services.intake.site.finding_places import places_called
from shared.contracts.identity import aggregate_id
from shared.contracts.point import Point, read
from shared.contracts.report import ReportFiled
from shared.contracts.sealed import CLOSED
from shared.eventsourcing.event_store import AggregateKey
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.testing.examples import DORCHESTER, ROXBURY

QUARTER = {"narrow.x": "72", "narrow.y": "144"}
CENTRE = Point((SOUTH + NORTH) / 2, (WEST + MIDDLE) / 2)
CHOSEN = re.compile(r'<option value="([^"]+)" selected>')


@pytest.fixture
async def here(nats: Client, database: Engine) -> AsyncIterator[Street]:
    async with street(nats, database, drawn=two_places()) as here:
        yield here


async def pressed(client: httpx.AsyncClient, page: httpx.Response, **more: str) -> httpx.Response:
    answer = await client.post("/report", data=hidden(page) | told(place="") | more)
    assert answer.headers["Cache-Control"] == "no-store"
    return answer


def shown(page: httpx.Response) -> Point:
    point = read(hidden(page)["point"])
    assert point
    return point


async def test_what_is_pressed_is_a_point_in_its_place_and_closer_the_second_time(
    here: Street,
) -> None:
    async with passer_by(here) as client:
        page = await client.get("/report")
        assert page.text.count("<path") == 3, "two places and a scale"
        once = await pressed(client, page, **QUARTER)
        assert once.status_code == 200
        assert tuple(shown(once)) == pytest.approx(tuple(CENTRE), abs=5e-3)
        assert ROXBURY in CHOSEN.findall(once.text)
        assert "The point is in Roxbury." in once.text
        assert await here.messages() == 0
        wide = {"wide.x": "216", "wide.y": "216"}
        twice = await pressed(client, once, **wide)
        assert tuple(shown(twice)) == pytest.approx(tuple(shown(once)), abs=1e-4), "its middle"
        assert hidden(twice)["zoom"] == "2"
        away = await pressed(client, twice, do="off")
        assert (hidden(away)["point"], hidden(away)["zoom"]) == ("", "0")


async def test_a_key_puts_it_into_the_middle_and_buttons_move_it(here: Street) -> None:
    async with passer_by(here) as client:
        page = await client.get("/report")
        once = await pressed(client, page, **{"narrow.x": "0", "narrow.y": "0"})
        start = shown(once)
        north = await pressed(client, once, do="north")
        assert shown(north).latitude > start.latitude
        assert shown(north).longitude == start.longitude
        west = await pressed(client, north, do="west")
        assert shown(west).longitude < start.longitude
        closer = await pressed(client, west, do="nearer")
        assert shown(closer) == shown(west)
        assert int(hidden(closer)["zoom"]) == int(hidden(west)["zoom"]) + 1


async def test_outside_of_all_places_there_is_no_point(here: Street) -> None:
    async with passer_by(here) as client:
        page = await client.get("/report")
        answer = await pressed(client, page, **{"narrow.x": "144", "narrow.y": "2"})
    assert answer.status_code == 422
    assert "No place of this map lies there." in answer.text
    assert hidden(answer)["point"] == ""


async def test_it_goes_with_the_report_and_is_sealed(here: Street) -> None:
    async with passer_by(here) as client:
        page = await pressed(client, await client.get("/report"), **QUARTER)
        wrong = await pressed(client, page, place=DORCHESTER)
        assert "lies in another place" in wrong.text
        assert await here.messages() == 0
        answer = await client.post("/report", data=hidden(page) | told())
        found = CODE.search(answer.text)
        assert found
    report = aggregate_id("report", SOURCE, await here.codes.name_of(found[1]))
    key = AggregateKey("intake", "report", report)
    points = []
    for store in (here.opened, JetStreamEventStore(here.nats)):
        event = (await store.load(key))[0].event
        assert isinstance(event, ReportFiled)
        points.append(event.point)
    assert read(points[0]) == shown(page)
    assert points[1] == CLOSED


@pytest.mark.parametrize("odd", ["", "x", "91,0", "1,1,1", "42.3,-71.15" + "0" * 40])
async def test_what_is_no_point_of_ours_is_none(here: Street, odd: str) -> None:
    async with passer_by(here) as client:
        fields = hidden(await client.get("/report")) | told()
        fields |= {"point": odd, "zoom": "x", "do": ""}
        answer = await client.post("/report", data=fields)
    assert answer.status_code in (200, 422)
    assert (answer.status_code == 200) == (CODE.search(answer.text) is not None)


async def test_without_a_map_no_point_is_taken(nats: Client, database: Engine) -> None:
    async with street(nats, database) as here, passer_by(here) as client:
        page = await client.get("/report")
        assert "<svg" not in page.text
        fields = hidden(page) | told() | {"point": "42.3,-71.15"}
        found = CODE.search((await client.post("/report", data=fields)).text)
        assert found
        report = aggregate_id("report", SOURCE, await here.codes.name_of(found[1]))
        event = (await here.opened.load(AggregateKey("intake", "report", report)))[0].event
        assert isinstance(event, ReportFiled)
        assert event.point == ""


NAMES = {"a": "São Paulo", "b": "Sao Bento", "c": "Roxbury", "d": "West Roxbury", "e": "Back Bay"}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", "abcde"),
        ("sao", "ab"),
        ("SÃO PAU", "a"),
        ("roxbury west", "d"),
        ("roxbery", "cd"),
        ("qqqq", ""),
    ],
)
def test_places_are_found_by_what_is_typed_of_their_names(typed: str, found: str) -> None:
    assert "".join(sorted(places_called(typed, NAMES))) == found
