"""`POST /servicerequestupdates`: what councils push about a report, repeated, late and wrong."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from nats.aio.client import Client
from over_http import CHARTER, Door, door, envelope
from spoken311 import FORMATS, values, wrong
from upstream import read_stream

from services.intake.api.open311.sent import Sent
from services.intake.api.open311.updating import OPEN, OUTCOMES, update_in
from services.intake.api.open311.wrong import WrongRequestError
from shared.contracts.inbox import ReportResolved
from shared.contracts.report import ReportClosed, ReportConfirmed
from shared.eventsourcing.cloudevents import decode

BOTH = pytest.mark.parametrize("form", FORMATS)
ADDRESS = "/open311/v2/servicerequestupdates"
NAME = "service_request_updates"
GOOD = {
    "service_request_id": "101",
    "update_id": "7",
    "status": "FIXED",
    "updated_datetime": "2030-01-08T12:00:00+01:00",
    "description": "A new lamp\r\nstands there.",
}


@pytest.fixture
async def here(nats: Client) -> AsyncIterator[Door]:
    async with door(nats, ("boston",), CHARTER.places, CHARTER.sectors) as opened:
        yield opened


async def post(here: Door, key: str, form: str = "json", **fields: str) -> httpx.Response:
    return await here.client.post(f"{ADDRESS}.{form}", data={"api_key": key} | GOOD | fields)


async def settled(here: Door) -> list[Any]:
    messages = await read_stream(here.nats, "INTAKE")
    events = [decode(each.headers, each.body, each.sequence).event for each in messages]
    return [each for each in events if isinstance(each, ReportConfirmed | ReportClosed)]


@BOTH
async def test_it_settles_the_report_once_however_often_it_comes(here: Door, form: str) -> None:
    key, _ = await here.key()
    filed = await here.send(
        key, envelope(101), prefer="wait=5", content_type="application/cloudevents+json"
    )
    assert filed.status_code == 200, filed.text
    for _ in range(2):
        answer = await post(here, key, form)
        assert answer.status_code == 200, answer.text
        assert values(answer, NAME) == [{"update_id": "7"}]
    told = await here.receipt(key, answer.headers["location"])
    assert (told["state"], told["accepted"]["duplicate"]) == ("accepted", True)
    (event,) = await settled(here)
    assert isinstance(event, ReportConfirmed)
    assert event.confirmed_at.isoformat() == "2030-01-08T11:00:00+00:00"
    assert event.reason == "A new lamp\nstands there."
    late = {"update_id": "6", "status": "closed", "updated_datetime": "2030-01-07T12:00:00Z"}
    (words,) = wrong(await post(here, key, form, **late), 409)
    assert "otherwise" in words
    assert await settled(here) == [event], "a late one changes nothing newer"


async def test_what_leaves_it_open_is_answered_and_goes_no_further(here: Door) -> None:
    key, _ = await here.key()
    answer = await post(here, key, status="In Progress")
    assert values(answer, NAME) == [{"update_id": "7"}]
    assert (await here.nats.jetstream().stream_info("INBOX_BOSTON")).state.messages == 0


async def test_it_wants_a_key_for_it_and_a_report_that_is_there(here: Door) -> None:
    narrow, _ = await here.key(kinds=("report.submitted",))
    wrong(await post(here, narrow), 403)
    wrong(await post(here, "another"), 403)
    key, _ = await here.key()
    (words,) = wrong(await post(here, key), 409)
    assert "No such report" in words


async def test_json_as_it_is_answered_is_read_too(here: Door) -> None:
    key, _ = await here.key()
    body = {NAME: [{"request_update": GOOD | {"status": "open", "api_key": key}}]}
    assert values(await here.client.post(f"{ADDRESS}.json", json=body), NAME) == [
        {"update_id": "7"}
    ]
    elsewhere = await here.client.get(f"{ADDRESS}.json?start_date=2030-01-01T00:00:00Z&api_key=1")
    assert elsewhere.status_code == 307, "what is public publishing tells"
    assert "api_key" not in elsewhere.headers["location"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"service_request_id": ""}, ["service_request_id is missing"]),
        ({"update_id": "", "status": ""}, ["update_id is missing", "status is missing"]),
        ({"update_id": "x" * 201}, ["update_id is one line"]),
        ({"status": "secret"}, ["status is one of"]),
        ({"updated_datetime": "2030-01-08"}, ["updated_datetime: "]),
        ({"updated_datetime": "secret", "status": "open"}, ["updated_datetime: "]),
        ({"description": "a\x07"}, ["description: "]),
        ({"service_request_id": "x" * 201}, ["service_request_id: "]),
    ],
)
def test_what_is_wrong_with_an_update(said: dict[str, str], words: list[str]) -> None:
    with pytest.raises(WrongRequestError) as error:
        update_in(Sent(GOOD | said, {}))
    assert len(error.value.words) == len(words)
    assert all(some in one for some, one in zip(words, error.value.words, strict=True))
    assert "secret" not in str(error.value)


def test_each_status_says_what_came_of_it() -> None:
    for status in OPEN:
        assert update_in(Sent(GOOD | {"status": status}, {})) is None
    for status, outcome in OUTCOMES.items():
        said = status.replace("_", " - ") if status == "unable_to_fix" else status.upper()
        found = update_in(Sent(GOOD | {"status": said}, {}))
        assert found is not None
        assert ReportResolved.model_validate_json(found.body).outcome == outcome


def test_updates_of_two_requests_are_two_also_by_one_number() -> None:
    ids = set()
    for request, update in (("1", "7"), ("2", "7"), ("1", "8"), ("1/1", "7"), ("1", "1/7")):
        found = update_in(Sent(GOOD | {"service_request_id": request, "update_id": update}, {}))
        assert found is not None
        ids.add(found.ce_id)
    assert len(ids) == 5
