"""Whoever has the code of a report adds pictures to it later: sealed, cleaned, and told by day."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from files_made import MARK, document, photograph
from kept_files import Kept
from nats.aio.client import Client
from sqlalchemy import Engine
from street import LATER, SOURCE, Street, hidden, passer_by, reported, street, traced

from services.intake.domain.exchange import Inquire
from services.intake.domain.files_added import AddFiles
from services.intake.domain.protection import EraseReport
from services.intake.domain.report import CloseReport
from services.intake.files import uploading
from shared.contracts.attachment import Attached, files_of
from shared.contracts.exchange import ReplyGiven
from shared.contracts.identity import aggregate_id
from shared.contracts.report import FileAttached
from shared.contracts.sealed import CLOSED
from shared.eventsourcing.event_store import AggregateKey, RecordedEvent
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.testing.examples import MONDAY

PICTURE, PAPER = photograph(), document()
NEVER_FILED = "1234 5678 9012 3456"


@pytest.fixture
async def here(nats: Client, database: Engine, kept: Kept) -> AsyncIterator[Street]:
    async with street(nats, database, vault=kept.vault) as here:
        yield here


async def report_of(here: Street, code: str) -> str:
    return aggregate_id("report", SOURCE, await here.codes.name_of(code))


async def told_of(here: Street, code: str, what: str = "report") -> list[RecordedEvent]:
    events = await here.opened.load(AggregateKey("intake", what, await report_of(here, code)))
    return list(events)


async def attached(here: Street, code: str) -> list[FileAttached]:
    events = [each.event for each in await told_of(here, code)]
    return [each for each in events if isinstance(each, FileAttached)]


async def replies(here: Street, code: str) -> list[str]:
    said = [each.event for each in await told_of(here, code, "exchange")]
    return [each.words for each in said if isinstance(each, ReplyGiven)]


def parts(*contents: bytes) -> Any:
    return [("files", (f"{MARK.decode()}.exe", each, "text/html")) for each in contents]


async def adds(
    client: httpx.AsyncClient, code: str, *contents: bytes, words: str = ""
) -> httpx.Response:
    page = await traced(client, code)
    form = hidden(page) | {"words": words}
    if not contents:
        return await client.post("/trace/reply", data=form)
    for _ in range(2):  # a form that is sent twice is one
        answer = await client.post("/trace/reply", data=form, files=parts(*contents))
    return answer


async def test_files_come_with_a_reply_or_without_words(here: Street) -> None:
    async with passer_by(here) as client:
        code = await reported(client)
        await here.do(Inquire(await report_of(here, code), "inspector", "A picture?", MONDAY))
        answer = await adds(client, code, PICTURE, words="Here it is.")
        assert answer.status_code == 200
        assert "It is with the body now." in answer.text
        assert "1 file goes with it." in answer.text
        assert here.uploads.files.waiting
        assert here.uploads.files.waiting.of("192.0.2.1") == 0, "what is named waits no more"
        assert "More files were added to it." in answer.text
        alone = await adds(client, code, PAPER)
        asked = await client.get("/api/trace", headers={"Receipt-Code": code})
    assert alone.status_code == 200
    assert await replies(here, code) == ["Here it is.", "1 file was added."]
    found = await attached(here, code)
    assert [each.media_type for each in found] == ["image/jpeg", "application/pdf"]
    assert {each.attached_at for each in found} == {LATER}
    actors = {each.actor for each in await told_of(here, code) if each.event in found}
    assert actors == {f"source:sender:{SOURCE}"}, "nobody knows who has a code"
    assert asked.json()["attachments"] == 2
    assert [each["what"] for each in asked.json()["steps"]] == ["received", "files added"]
    for each in found:
        content = await here.files.whole(each.report_id, each.digest)
        assert content is not None
        assert MARK not in content
    sealed = await JetStreamEventStore(here.nats).load(
        AggregateKey("intake", "report", await report_of(here, code))
    )
    kinds = [each.event.media_type for each in sealed if isinstance(each.event, FileAttached)]
    assert kinds == [CLOSED, CLOSED]


async def test_what_is_not_taken_is_told_and_the_words_stay(here: Street) -> None:
    async with passer_by(here) as client:
        code = await reported(client)
        answer = await adds(client, code, PICTURE, b"GIF89a-film", words="Two of them.")
        assert answer.status_code == 422
        assert "GIF" in answer.text
        assert "Two of them." in answer.text
        assert "1 file goes with it." in answer.text
        assert await replies(here, code) == []
        nothing = await adds(client, code)
        assert nothing.status_code == 422
        assert await replies(here, code) == []


async def test_of_a_report_that_ended_none_is_taken_and_words_are(here: Street) -> None:
    async with passer_by(here) as client:
        code = await reported(client)
        await here.do(CloseReport(await report_of(here, code), "Mended", MONDAY))
        assert 'type="file"' not in (await traced(client, code)).text
        answer = await adds(client, code, PICTURE, words="Not quite.")
        assert answer.status_code == 422
        assert "The report has ended" in answer.text
        assert await attached(here, code) == []
        assert [each async for each in here.files.store.every()] == [], "nothing was cleaned"
        assert (await adds(client, code, words="Not quite.")).status_code == 200
    assert await replies(here, code) == ["Not quite."]


async def test_of_one_that_was_erased_nothing_is_taken(here: Street) -> None:
    async with passer_by(here) as client:
        code = await reported(client)
        form = hidden(await traced(client, code))
        report_id = await report_of(here, code)
        await here.do(EraseReport(report_id, "Asked for", MONDAY))
        answer = await client.post("/trace/reply", data=form | {"words": ""}, files=parts(PICTURE))
        assert answer.status_code == 422
        assert "The report was erased" in answer.text
        sent = {"Receipt-Code": code}
        api = await client.post("/api/trace/files", headers=sent, files=parts(PICTURE))
        assert api.status_code == 409
    assert await attached(here, code) == []
    assert here.files.vault.key_of(files_of(report_id)) is None


async def test_programs_add_files_and_are_told_how_many(here: Street) -> None:
    async with passer_by(here) as client:
        code = await reported(client)
        sent = {"Receipt-Code": code}
        for _ in range(2):
            answer = await client.post(
                "/api/trace/files", headers=sent, files=parts(PICTURE, PAPER)
            )
            assert (answer.status_code, answer.json()) == (200, {"attachments": 2})
        for files, status in ((parts(b"GIF89a"), 422), (None, 415)):
            wrong = await client.post("/api/trace/files", headers=sent, files=files)
            assert wrong.status_code == status
        nobodys = {"Receipt-Code": NEVER_FILED}
        none = await client.post("/api/trace/files", headers=nobodys, files=parts(PICTURE))
        assert none.status_code == 404
        others = [Attached(f"{number:032}", "jpeg", 1) for number in range(8)]
        await here.do(AddFiles(await report_of(here, code), tuple(others), MONDAY))
        eleventh = parts(photograph((40, 30)))
        more = await client.post("/api/trace/files", headers=sent, files=eleventh)
        assert more.status_code == 409
        assert "No more than 10 files" in more.text
        page = await traced(client, NEVER_FILED)
        forged = {"code": NEVER_FILED, "once": "a" * 32, "words": "x"}
        lost = await client.post("/trace/reply", data=hidden(page) | forged, files=parts(PICTURE))
        assert "No report has this code." in lost.text
    assert len(await attached(here, code)) == 10


async def test_while_all_places_are_taken_what_was_typed_stays(
    here: Street, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploading, "WAITS_S", 0.01)
    for _ in range(uploading.AT_ONCE):
        await here.uploads._places.acquire()
    async with passer_by(here) as client:
        code = await reported(client)
        busy = await adds(client, code, PICTURE, words="Here it is.")
        assert busy.status_code == 503
        assert "Here it is." in busy.text
        api = await client.post(
            "/api/trace/files", headers={"Receipt-Code": code}, files=parts(PICTURE)
        )
        assert api.status_code == 503
