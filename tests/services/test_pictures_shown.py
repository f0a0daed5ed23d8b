"""A picture that an editor passes lies in the clear in the bucket that the site reads, and goes
from there when it is taken back, or its report is erased: whatever the bucket held before."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from files_made import MARK, photograph
from intake_site import IntakeSite
from nats.aio.client import Client
from own_vault import vault_in
from PIL import Image
from sealing import KeyRing
from signed_in import NOW
from sqlalchemy import Engine
from test_files_shown import filed
from test_openings_page import People, sessions

from services.intake.domain.check import OpenCheck
from services.intake.domain.person import ErasePerson
from services.intake.domain.pictures_passed import PassPicture
from services.intake.domain.protection import EraseReport
from services.intake.files.showing import Showing
from services.intake.files.with_them import WithThem
from services.intake.trail.steps import steps_of
from shared.contracts.finding_shown import PictureTakenBack
from shared.contracts.report import FilePassed
from shared.eventsourcing.codec import Codec
from shared.eventsourcing.event_store import AggregateKey
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.objects import PUBLIC_FILES, Objects
from shared.testing.examples import (
    CHECK_ID,
    CHECK_OPENED,
    CHECKING_ID,
    FILE_ATTACHED,
    FILE_PASSED,
    FILE_TAKEN_BACK,
    MEMBER_ID,
    MONDAY,
    PERSON_ERASED,
    REPORT_FILED,
    REPORT_ID,
    recorded,
    varied,
)

OPEN = {"confidential": False, "protected": False}


@pytest.fixture
async def site(database: Engine, nats: Client, tmp_path: Path) -> AsyncIterator[IntakeSite]:
    vault = vault_in(tmp_path)
    log = JetStreamEventStore(nats, Codec(KeyRing()))
    yield IntakeSite(
        database, sessions(), lambda: NOW, opened=log, second_person=False, vault=vault
    )
    vault.close()


@pytest.fixture
async def people(site: IntakeSite) -> AsyncIterator[People]:
    async with AsyncExitStack() as ends:
        yield People(site, ends)


@asynccontextmanager
async def showing(site: IntakeSite, nats: Client) -> AsyncIterator[Objects]:
    shown = Objects(nats, PUBLIC_FILES)
    goes = WithThem(site.handler, lambda: MONDAY)
    follows = Showing(nats, site.files, shown, "INTAKE", lambda: MONDAY, goes)
    task = asyncio.create_task(follows.run())
    try:
        yield shown
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def names(shown: Objects, wanted: int, without: str = "") -> list[str]:
    """Once there are so many, and one is gone."""
    async with asyncio.timeout(10):
        while True:
            found = [each.name async for each in shown.every()]
            if len(found) == wanted and without not in found:
                return found
            await asyncio.sleep(0.02)


async def of_report(site: IntakeSite) -> list[Any]:
    events = await site.opened.load(AggregateKey("intake", "report", REPORT_ID))
    return [each.event for each in events]


async def test_it_is_seen_once_passed_and_gone_once_taken_back(
    site: IntakeSite, people: People, nats: Client
) -> None:
    await filed(site, **OPEN)
    picture, paper = [each.digest for each in await of_report(site) if hasattr(each, "media_type")]
    first = f"/desk/{REPORT_ID}/files"
    async with showing(site, nats) as shown:
        assert "Show it to all" in await people.page("eva", f"/desk/{REPORT_ID}")
        assert "Show it to all" not in await people.page("ina", f"/desk/{REPORT_ID}")
        assert "what others have copied" in await people.page("eva", f"{first}/{picture}/show/ask")
        assert (await people.sends("ina", f"{first}/{picture}/show/ask")).status_code == 403
        assert (await people.sends("eva", f"{first}/{picture}/show/ask")).status_code == 422
        refused = await people.sends("eva", f"{first}/{paper}/show/ask", reason="Look")
        assert refused.status_code == 409
        assert "Only pictures are shown to all." in refused.text
        for _ in range(2):
            done = await people.sends("eva", f"{first}/{picture}/show/ask", reason="It shows it")
            assert done.status_code == 303
        (passed,) = [each for each in await of_report(site) if isinstance(each, FilePassed)]
        assert await names(shown, 1) == [passed.picture]
        content = await shown.get(passed.picture)
        assert content is not None
        assert MARK not in content
        assert Image.open(io.BytesIO(content)).format == "JPEG"
        assert "Take it back" in await people.page("eva", f"/desk/{REPORT_ID}")
        await people.sends("eva", f"{first}/{picture}/take-back/ask", reason="A face")
        await names(shown, 0)
        again = await people.sends("eva", f"{first}/{picture}/show/ask", reason="It shows it")
        assert again.status_code == 409
        assert "Show it to all" in await people.page("eva", f"/desk/{REPORT_ID}"), "the document"


async def test_a_bucket_that_says_otherwise_is_put_right(
    site: IntakeSite, people: People, nats: Client
) -> None:
    """Whoever died over it, or came back with an older copy of it."""
    await filed(site, **OPEN)
    picture = next(each.digest for each in await of_report(site) if hasattr(each, "media_type"))
    address = f"/desk/{REPORT_ID}/files/{picture}/show/ask"
    await people.sends("eva", address, reason="It shows it")
    shown = Objects(nats, PUBLIC_FILES)
    await shown.put("f" * 32, b"taken back long ago", MONDAY)
    async with showing(site, nats):
        await names(shown, 1, without="f" * 32)
        await site.do(EraseReport(REPORT_ID, "Asked for", MONDAY))
        await names(shown, 0)
    passed = next(each for each in await of_report(site) if isinstance(each, FilePassed))
    await shown.put(passed.picture, b"an older copy", MONDAY)
    async with showing(site, nats):
        await names(shown, 0)


@pytest.mark.parametrize("changes", [{"confidential": True}, {"protected": True}])
async def test_of_what_is_not_open_to_all_no_address_shows_a_file(
    site: IntakeSite, people: People, changes: dict[str, bool]
) -> None:
    await filed(site, **OPEN | changes)
    for each in await of_report(site):
        if digest := getattr(each, "digest", ""):
            address = f"/desk/{REPORT_ID}/files/{digest}/show/ask"
            assert (await people.sends("eva", address, reason="Look")).status_code == 404
    assert not [each for each in await of_report(site) if isinstance(each, FilePassed)]


def test_who_filed_it_is_told_that_it_is_shown_and_that_it_is_not_any_more() -> None:
    story = (varied(REPORT_FILED, protected=False), FILE_ATTACHED, FILE_PASSED, FILE_TAKEN_BACK)
    told = steps_of([recorded(event, number) for number, event in enumerate(story, 1)])
    assert told
    assert [each.what for each in told.steps] == ["received", "picture shown", "picture taken back"]
    assert not any(each.words for each in told.steps), "an editor's reason stays inside"


async def test_who_is_erased_takes_along_what_was_shown_of_theirs(
    site: IntakeSite, nats: Client
) -> None:
    """Once, however often the loop begins again; and nobody passes it afterwards."""
    taken = await site.files.take(MEMBER_ID, photograph())
    digest = taken.partition(".")[0]
    picture = await site.files.public_name(MEMBER_ID, digest, CHECKING_ID)
    assert picture
    assert picture != await site.files.public_name(MEMBER_ID, digest, "f" * 32)
    which = CHECK_ID, CHECKING_ID, MEMBER_ID, digest, picture
    said = {"may_be_shown": True, "role": "editor", "reason": "It shows it", "now": MONDAY}
    await site.do(OpenCheck(varied(CHECK_OPENED, passed=True)))
    await site.do(PassPicture(*which, **said))  # type: ignore[arg-type]
    async with showing(site, nats) as shown:
        assert await names(shown, 1) == [picture]
        await site.do(ErasePerson(varied(PERSON_ERASED, person_id=MEMBER_ID)))
        await names(shown, 0)
        (told,) = await taken_back(site)
        assert told.picture == picture
    await shown.put(picture, b"an older copy", MONDAY)
    async with showing(site, nats) as shown:
        await names(shown, 0)
        assert len(await taken_back(site)) == 1


async def taken_back(site: IntakeSite) -> list[Any]:
    """Once the check has said so."""
    async with asyncio.timeout(10):
        while True:
            told = await site.opened.load(AggregateKey("intake", "check", CHECK_ID))
            found = [each.event for each in told if isinstance(each.event, PictureTakenBack)]
            if found:
                return found
            await asyncio.sleep(0.02)
