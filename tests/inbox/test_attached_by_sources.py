"""Sources send files with what they file, or before it, and name them; by either road they are the
same."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from files_made import MARK, photograph
from kept_files import Kept, kept_in
from nats.aio.client import Client
from over_http import CHARTER, Door, door, envelope

from services.intake.files.cleaning import MOST_BYTES
from shared.contracts.identity import aggregate_id
from shared.contracts.report import FileAttached, ReportFiled
from shared.eventsourcing.event_store import AggregateKey
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.streams import InboxLimits, declare, suite_streams
from shared.testing.examples import ROXBURY

PICTURE = photograph()
STRUCTURED = {"Content-Type": "application/cloudevents+json", "Prefer": "wait=5"}
GOOD = {"service_code": "street-lights", "address_id": ROXBURY}
REQUESTS = "/open311/v2/requests.json"


@pytest.fixture
async def kept(nats: Client, tmp_path: Path) -> AsyncIterator[Kept]:
    async with kept_in(nats, tmp_path) as found:
        yield found


@pytest.fixture
async def here(nats: Client, kept: Kept) -> AsyncIterator[Door]:
    await declare(nats.jetstream(), suite_streams({"chicago": InboxLimits(max_bytes=64 * 1024**2)}))
    taken = {"places": CHARTER.places, "sectors": CHARTER.sectors, "files": kept.files}
    async with door(nats, **taken) as opened:
        yield opened


def parts(*contents: bytes) -> Any:
    return [("media", (f"{MARK.decode()}.jpg", each, "image/jpeg")) for each in contents]


async def uploads(
    here: Door, key: str, *contents: bytes, report: str = "7", **more: str
) -> httpx.Response:
    headers = {"Authorization": f"Bearer {key}"}
    data = {"report": report} | more
    return await here.client.post(
        "/attachments", data=data, files=parts(*contents), headers=headers
    )


async def attached(here: Door, source: str, name: str) -> list[FileAttached]:
    key = AggregateKey("intake", "report", aggregate_id("report", source, name))
    events = await JetStreamEventStore(here.nats).load(key)
    assert isinstance(events[0].event, ReportFiled)
    return [each.event for each in events if isinstance(each.event, FileAttached)]


async def test_what_was_uploaded_is_named_by_the_message(here: Door) -> None:
    key, _ = await here.key()
    answer = await uploads(here, key, PICTURE, photograph(kind="PNG"))
    assert answer.status_code == 201, answer.text
    told = answer.json()["attachments"]
    assert [each["type"] for each in told] == ["image/jpeg", "image/png"]
    assert (await uploads(here, key, PICTURE)).json()["attachments"] == told[:1]
    names = [each["attachment"] for each in told]
    for _ in range(2):
        sent = await here.send(key, envelope("7", attachments=[*names, names[0]]), STRUCTURED)
        assert sent.status_code == 200, sent.text
    assert [each.digest for each in await attached(here, "boston", "7")] == [
        name.partition(".")[0] for name in names
    ]


async def test_another_reports_files_and_other_sources_are_none_of_it(here: Door) -> None:
    key, _ = await here.key()
    other, _ = await here.key("chicago")
    (told,) = (await uploads(here, key, PICTURE)).json()["attachments"]
    for who, number in ((key, "8"), (other, "7")):
        sent = await here.send(who, envelope(number, attachments=[told["attachment"]]), STRUCTURED)
        assert sent.status_code == 422
        assert "No such file was uploaded" in sent.text
    many = [told["attachment"]] * 11
    assert (await here.send(key, envelope("7", attachments=many), STRUCTURED)).status_code == 422


async def test_a_file_that_is_named_too_late_is_refused_in_words(here: Door, kept: Kept) -> None:
    """But for a report that has it: what was taken in once may be taken in again."""
    key, _ = await here.key()
    names = {}
    for report in ("7", "8"):
        (told,) = (await uploads(here, key, PICTURE, report=report)).json()["attachments"]
        names[report] = told["attachment"]

    async def sends(report: str, ce_id: str) -> httpx.Response:
        said = envelope(report, ce_id, attachments=[names[report]])
        return await here.send(key, said, STRUCTURED)

    assert (await sends("7", "in time")).status_code == 200
    kept.days_on = 8
    assert (await sends("7", "again")).status_code == 200
    for ce_id in ("late", "later"):
        late = await sends("8", ce_id)
        assert (late.status_code, "more than a week ago" in late.text) == (409, True)
    (told,) = (await uploads(here, key, PICTURE, report="8")).json()["attachments"]
    assert told["attachment"].split(".")[0] == names["8"].split(".")[0], "the same file"
    names["8"] = told["attachment"]
    assert (await sends("8", "uploaded again")).status_code == 200
    assert [len(await attached(here, "boston", each)) for each in names] == [1, 1]


async def adds(here: Door, key: str, name: str, *names: str, ce_id: str = "") -> httpx.Response:
    said = envelope(name, ce_id or f"attached-{name}-{len(names)}")
    data = {"report": name, "attachments": names}
    return await here.send(key, said | {"type": "report.attached", "data": data}, STRUCTURED)


async def test_files_come_later_to_what_was_filed_before(here: Door, kept: Kept) -> None:
    """By a key that may do nothing else, too."""
    key, _ = await here.key()
    narrow, _ = await here.key(kinds=("report.attached",))
    (first,) = (await uploads(here, key, PICTURE)).json()["attachments"]
    (later,) = (await uploads(here, narrow, photograph(kind="PNG"))).json()["attachments"]
    names = [first["attachment"], later["attachment"]]
    early = await adds(here, narrow, "7", *names, ce_id="too early")
    assert (early.status_code, "filed before" in early.text) == (409, True)
    filed = await here.send(key, envelope("7", attachments=names[:1]), STRUCTURED)
    assert filed.status_code == 200
    for ce_id in ("one", "one", "two"):
        assert (await adds(here, narrow, "7", *names, ce_id=ce_id)).status_code == 200
    found = await attached(here, "boston", "7")
    assert [each.digest for each in found] == [name.partition(".")[0] for name in names]
    unknown = await adds(here, narrow, "8", *names)
    assert (unknown.status_code, "No such file was uploaded" in unknown.text) == (422, True)
    assert (await adds(here, narrow, "7")).status_code == 422, "no file at all"
    (third,) = (await uploads(here, narrow, photograph(kind="WEBP"))).json()["attachments"]
    kept.days_on = 8
    late = await adds(here, narrow, "7", *names, third["attachment"])
    assert (late.status_code, "more than a week ago" in late.text) == (409, True)
    assert (await adds(here, narrow, "7", *names, ce_id="three")).status_code == 200


async def test_who_may_not_send_uploads_nothing_and_what_is_wrong_is_told(
    here: Door,
) -> None:
    key, key_id = await here.key()
    assert (await uploads(here, "none", PICTURE)).status_code == 401
    assert (await here.client.post("/attachments", content=b"x")).status_code == 401
    headers = {"Authorization": f"Bearer {key}"}
    plain = await here.client.post("/attachments", data={"report": "7"}, headers=headers)
    assert plain.status_code == 415
    late = [("media", ("a", PICTURE, "image/jpeg")), ("report", (None, "7"))]
    answer = await here.client.post("/attachments", files=late, headers=headers)
    assert (answer.status_code, "come first" in answer.text) == (422, True)
    for wrong, words in ((b"GIF89a12", "GIF"), (bytes(MOST_BYTES + 1), "larger than 10 MB")):
        answer = await uploads(here, key, PICTURE, wrong, report="9")
        assert answer.status_code == 422
        assert words in answer.text
        assert "file 2" in answer.text
        assert MARK.decode() not in answer.text
    narrow, _ = await here.key(kinds=("report.resolved",))
    assert (await uploads(here, narrow, PICTURE)).status_code == 403
    await here.revoke(key, key_id)
    assert (await uploads(here, key, PICTURE)).status_code == 401


async def test_open311_takes_media_with_the_request(here: Door) -> None:
    key, _ = await here.key()
    data = {"api_key": key} | GOOD
    again = {"Idempotency-Key": "one"}
    for _ in range(2):
        answer = await here.client.post(REQUESTS, data=data, files=parts(PICTURE), headers=again)
        assert answer.status_code == 200, answer.text
    token = answer.json()[0]["token"]
    (file,) = await attached(here, "boston", token)
    assert file.protected
    wrong = await here.client.post(REQUESTS, data=data, files=parts(b"MZ"))
    assert wrong.status_code == 422
    assert "neither a picture" in wrong.text
    unknown = await here.client.post(
        REQUESTS, data=data | {"service_code": "x"}, files=parts(PICTURE)
    )
    assert unknown.status_code in (400, 404)


async def test_open311_reads_no_file_before_it_knows_whose_it_is(here: Door) -> None:
    key, _ = await here.key()
    late = [("media", ("a", PICTURE, "image/jpeg"))]
    late += [(name, (None, said)) for name, said in ({"api_key": key} | GOOD).items()]
    assert (await here.client.post(REQUESTS, files=late)).status_code == 403
    by_header = {"Authorization": f"Bearer {key}"}
    assert (await here.client.post(REQUESTS, files=late, headers=by_header)).status_code == 200
    by_address = f"{REQUESTS}?api_key={key}"
    assert (await here.client.post(by_address, data=GOOD, files=parts(PICTURE))).status_code == 200
