"""Somebody sends pictures with the form: kept while something is missing, sealed, and counted."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from files_made import MARK, document, photograph
from kept_files import Kept
from nats.aio.client import Client
from sqlalchemy import Engine
from street import CODE, SOURCE, WORDS, Street, hidden, passer_by, street, told, traced

from services.intake.files import uploading
from services.intake.files.uploading import LIMITS
from shared.contracts.identity import aggregate_id
from shared.contracts.report import FileAttached
from shared.contracts.sealed import CLOSED
from shared.eventsourcing.event_store import AggregateKey
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.web.body_limit import MOST_WITH_FILES

PICTURE = photograph()


@pytest.fixture
async def here(nats: Client, database: Engine, kept: Kept) -> AsyncIterator[Street]:
    async with street(nats, database, vault=kept.vault) as here:
        yield here


def files(*contents: bytes) -> Any:
    return [("files", (f"{MARK.decode()}.exe", each, "text/html")) for each in contents]


async def sends(client: httpx.AsyncClient, *contents: bytes, **changes: str) -> httpx.Response:
    page = await client.get("/report")
    assert 'enctype="multipart/form-data"' in page.text
    return await client.post("/report", data=hidden(page) | told(**changes), files=files(*contents))


async def attached(here: Street, code: str, *, sealed: bool = False) -> list[FileAttached]:
    store = JetStreamEventStore(here.nats) if sealed else here.opened
    report_id = aggregate_id("report", SOURCE, await here.codes.name_of(code))
    events = await store.load(AggregateKey("intake", "report", report_id))
    return [each.event for each in events if isinstance(each.event, FileAttached)]


def code_in(page: httpx.Response) -> str:
    found = CODE.search(page.text)
    assert found, page.text
    return found[1]


async def test_pictures_and_a_document_go_with_a_report_and_are_counted(here: Street) -> None:
    async with passer_by(here) as client:
        answer = await sends(client, PICTURE, document(), PICTURE)
        code = code_in(answer)
        seen = await traced(client, code)
        asked = await client.get("/api/trace", headers={"Receipt-Code": code})
    found = await attached(here, code)
    assert [each.media_type for each in found] == ["image/jpeg", "application/pdf"]
    assert [each.media_type for each in await attached(here, code, sealed=True)] == [CLOSED] * 2
    for each in found:
        assert MARK not in each.model_dump_json().encode()
        content = await here.files.whole(each.report_id, each.digest)
        assert content is not None
        assert MARK not in content
    assert "2 files go with it." in seen.text
    assert asked.json()["attachments"] == 2


async def test_without_pictures_the_same_form_is_a_report_as_ever(here: Street) -> None:
    async with passer_by(here) as client:
        assert await attached(here, code_in(await sends(client, b""))) == []
        page = await client.get("/report")
        plain = await client.post("/report", data=hidden(page) | told())
        assert await attached(here, code_in(plain)) == []


async def test_what_came_is_kept_until_the_rest_is_there(here: Street) -> None:
    async with passer_by(here) as client:
        first = await sends(client, PICTURE, place="", text=WORDS)
        assert first.status_code == 422
        assert WORDS in first.text
        assert "1 file is kept with it." in first.text
        other = photograph(turned=1)
        again = hidden(first) | told()
        second = await client.post("/report", data=again | {"sector": ""}, files=files(other))
        assert "2 files are kept with it." in second.text
        code = code_in(await client.post("/report", data=hidden(second) | told()))
        third = await client.post("/report", data=hidden(second) | told())
        assert code_in(third) == code
        left_out = hidden(second) | told(leave_out="yes") | {"once": "e" * 32}
        none = await client.post("/report", data=left_out)
    assert len(await attached(here, code)) == 2
    assert await attached(here, code_in(none)) == []


async def test_of_a_form_that_lay_open_for_too_long_the_files_are_chosen_once_more(
    here: Street,
) -> None:
    async with passer_by(here) as client:
        first = await sends(client, PICTURE, place="")
        here.days_on = 8
        late = await client.post("/report", data=hidden(first) | told())
        assert (late.status_code, "Choose them once more" in late.text) == (422, True)
        assert WORDS in late.text
        assert "is kept with it" not in late.text
        code = code_in(
            await client.post("/report", data=hidden(late) | told(), files=files(PICTURE))
        )
    assert len(await attached(here, code)) == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x00\x00\x00\x18ftypheic" + bytes(99), "HEIC"),
        (b"MZ" + bytes(99), "neither a picture"),
        (PICTURE[:2000], "cut off"),
        (bytes(LIMITS.each + 1), "larger than 10 MB"),
    ],
    ids=["heic", "program", "cut off", "10 MB + 1"],
)
async def test_what_is_not_taken_is_told_and_the_rest_is_kept(
    here: Street, content: bytes, words: str
) -> None:
    async with passer_by(here) as client:
        answer = await sends(client, PICTURE, content)
    assert answer.status_code == 422
    assert words in answer.text
    assert WORDS in answer.text
    assert "1 file is kept with it." in answer.text
    assert MARK.decode() not in answer.text


async def test_no_more_than_ten_files_go_with_a_report(here: Street) -> None:
    each = [photograph((40 + n, 30)) for n in range(12)]
    async with passer_by(here) as client:
        many = await sends(client, *each, *each, PICTURE)
        assert many.status_code == 422
        assert "No more than 10 files" in many.text
        assert "10 files are kept with it." in many.text
        more = await client.post(
            "/report", data=hidden(many) | told(place=""), files=files(PICTURE)
        )
        assert "No more than 10 files" in more.text
        code = code_in(await client.post("/report", data=hidden(more) | told()))
    assert len(await attached(here, code)) == 10


async def test_more_than_there_is_room_for_in_memory_is_passed_over(here: Street) -> None:
    async with passer_by(here) as client:
        large = await sends(client, *[bytes(LIMITS.each)] * 4)
        assert large.status_code == 422
        assert WORDS in large.text
        page = await client.get("/report")
        huge = {"content-length": str(MOST_WITH_FILES + 1)} | {
            "content-type": "multipart/form-data; boundary=b"
        }
        assert (await client.post("/report", content=b"x", headers=huge)).status_code == 413
        assert page.status_code == 200


async def test_who_does_not_come_from_our_page_has_nothing_read(here: Street) -> None:
    async with passer_by(here) as client:
        page = await client.get("/report")
        forged = hidden(page) | told() | {"token": "none"}
        assert (await client.post("/report", data=forged, files=files(PICTURE))).status_code == 403
        twice = "multipart/form-data; boundary=b"
        body = b'--b\r\nContent-Disposition: form-data; name="once"\r\n\r\n1\r\n' * 2 + b"--b--\r\n"
        wrong = await client.post("/report", content=body, headers={"Content-Type": twice})
        assert wrong.status_code in (400, 403)
        broken = await client.post("/report", content=b"--b", headers={"Content-Type": twice})
        assert broken.status_code == 403
    assert [each async for each, _ in here.files.store.pieces()] == []


async def test_while_all_places_are_taken_people_are_told_and_keep_what_they_typed(
    here: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "WAITS_S", 0.01)
    for _ in range(uploading.AT_ONCE):
        await here.uploads._places.acquire()
    async with passer_by(here) as client:
        busy = await sends(client, PICTURE)
        assert busy.status_code == 503
        assert WORDS in busy.text
        assert code_in(await sends(client)), "without pictures nobody waits"


async def test_where_there_is_no_room_for_files_people_are_told_to_send_words_alone(
    here: Street,
) -> None:
    here.uploads.files = replace(here.uploads.files, most_bytes=1)
    async with passer_by(here) as client:
        full = await sends(client, PICTURE)
        assert full.status_code == 503
        assert "There is no room for files just now." in full.text
        assert WORDS in full.text
        assert code_in(await client.post("/report", data=hidden(full) | told()))


async def test_a_name_that_was_made_up_is_refused(here: Street) -> None:
    name = f"{'1' * 32}.jpeg.65536.99999.{'2' * 32}"
    async with passer_by(here) as client:
        page = await client.get("/report")
        form = hidden(page) | told()
        assert (await client.post("/report", data=form | {"attached": "x"})).status_code == 422
        answer = await client.post("/report", data=form | {"attached": name})
        assert "Choose them once more." in answer.text
        asked = await sends(client, PICTURE, text="")
        said, _, _ = hidden(asked)["attached"].rpartition(".")
        wrong = {"attached": f"{said}.{'2' * 32}"}
        answer = await client.post("/report", data=hidden(asked) | told() | wrong)
    assert "Choose them once more." in answer.text


async def test_files_that_made_room_meanwhile_are_asked_for_again(here: Street, kept: Kept) -> None:
    async with passer_by(here) as client:
        asked = await sends(client, PICTURE, text="")
        assert hidden(asked)["attached"]
        assert here.uploads.files.waiting
        assert here.uploads.files.waiting.of("192.0.2.1") > 0
        for each in [each async for each in kept.objects.every()]:
            await kept.objects.delete(each.name)
        gone = await client.post("/report", data=hidden(asked) | told())
        assert "Choose them once more." in gone.text
        assert WORDS in gone.text
        again = await client.post("/report", data=hidden(gone) | told(), files=files(PICTURE))
    assert len(await attached(here, code_in(again))) == 1
    assert here.uploads.files.waiting.of("192.0.2.1") == 0
