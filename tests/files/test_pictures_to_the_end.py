"""The whole suite: a photograph comes by the form and later under the code, an editor shows it to
all, the proof knows what lies there, and what was taken back or erased stays away, also after a
backup from before."""

import asyncio
import io
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from files_made import MARK, photograph
from PIL import Image
from real_suite import CHARTER, Home, free_ports, home, proven, started
from signing_up import editor
from street import CODE, hidden, told, traced
from test_files_in_the_suite import WHERE, attached, in_the_clear
from visiting import filled

from deploy.embedded import Suite
from deploy.looking.reading import messages
from shared.contracts import public
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.objects import ATTACHMENTS, PUBLIC_FILES, Objects
from shared.web.now import utc_now

SITE = 'boston = {name = "311 of the City of Boston", form = "open", public = true}\n'
STAFF = '[person.eva]\nname = "Eva Lind"\nroles = ["editor"]\n'
PICTURE = re.compile(r'<img[^>]* src="([^"]+)"')
SHOWN, LATER, TAKEN_BACK = (photograph((640, 480 + step), turned=1) for step in range(3))


@pytest.fixture
def charter(tmp_path: Path) -> Path:
    charter = tmp_path / "charter"
    shutil.copytree(CHARTER, charter)
    (charter / "sources.toml").write_text(SITE)
    (charter / "staff.toml").write_text(STAFF)
    return charter


@asynccontextmanager
async def before(suite: Suite, program: str) -> AsyncIterator[httpx.AsyncClient]:
    address = f"http://127.0.0.1:{suite.ports[f'{program}-1']}"
    async with httpx.AsyncClient(
        base_url=address, trust_env=False, timeout=60, follow_redirects=True
    ) as visitor:
        yield visitor


def parts(picture: bytes) -> Any:
    return [("files", ("a.jpg", picture, "image/jpeg"))]


def is_clean(content: bytes) -> bool:
    return MARK not in content and not Image.open(io.BytesIO(content)).getexif()


def of_files(lines: list[str]) -> list[str]:
    return [line for line in lines if "OBJ_" in line or "picture that" in line]


async def passes(visitor: httpx.AsyncClient, report: str, digest: str, act: str) -> None:
    address = f"/desk/{report}/files/{digest}/{act}/ask"
    answer = await filled(visitor, address, address, reason="It shows the lamp and nobody")
    assert answer.status_code == 200, answer.text


async def holds(objects: Objects, count: int) -> list[str]:
    """Once it has so many."""
    async with asyncio.timeout(30):
        while True:
            found = [each.name async for each in objects.every()]
            if len(found) == count:
                return found
            await asyncio.sleep(0.05)


async def reported(suite: Suite) -> None:
    """With a picture, and two that come later."""
    async with before(suite, "intake") as visitor:
        form = hidden(await visitor.get("/report")) | told(**WHERE, known_to="all")
        answer = await visitor.post("/report", data=form, files=parts(SHOWN))
        found = CODE.search(answer.text)
        assert found, answer.text
        asked = hidden(await traced(visitor, found[1])) | {"words": "Two more."}
        for picture in (LATER, TAKEN_BACK):
            await visitor.post("/trace/reply", data=asked, files=parts(picture))
        assert "3 files go with it." in (await traced(visitor, found[1])).text


async def seen(suite: Suite, count: int) -> list[bytes]:
    """What the public page of the only report shows, once that are so many."""
    async with before(suite, "publishing") as visitor:
        (one,) = (await visitor.get("/open311/v2/requests.json")).json()
        page = f"/reports/{one['service_request_id']}"
        async with asyncio.timeout(30):
            while len(found := PICTURE.findall((await visitor.get(page)).text)) != count:
                await asyncio.sleep(0.05)
        (one,) = (await visitor.get("/open311/v2/requests.json")).json()
        assert bool(one["media_url"]) == bool(count)
        addresses = [*found, *([one["media_url"]] if count else [])]
        return [(await visitor.get(each)).content for each in addresses]


async def shown_and_taken_back(where: Home, made: Suite, client: Client) -> list[bytes]:
    """What stays public of three pictures, and then the one that does not."""
    cookies = await editor(where, made)
    await reported(made)
    files = await attached(client)
    async with before(made, "intake") as eva:
        eva.cookies.update(cookies)
        for file in files:
            await passes(eva, file.report_id, file.digest, "show")
        pictures = await seen(made, 3)
        assert len(pictures) == 4, "and the media_url of Open311"
        assert all(map(is_clean, pictures))
        await passes(eva, files[2].report_id, files[2].digest, "take-back")
    kept = await seen(made, 2)
    taken_back = messages(client, "PUBLIC", (public.FileTakenBack.filter(),))
    assert len([each async for each in taken_back]) == 1
    return [*dict.fromkeys(kept), *(set(pictures) - set(kept))]


async def mistaken(client: Client) -> None:
    """What somebody does to the buckets who may do everything."""
    sealed, shown = Objects(client, ATTACHMENTS), Objects(client, PUBLIC_FILES)
    names = await holds(shown, 2)
    await shown.delete(names[0])
    await shown.put("f" * 32, b"foreign", utc_now())
    await sealed.put("notes/of/somebody", b"foreign", utc_now())


async def nothing_is_left(made: Suite, client: Client) -> None:
    assert await seen(made, 0) == []
    for bucket in (ATTACHMENTS, PUBLIC_FILES):
        await holds(Objects(client, bucket), 0)


async def test_from_the_form_to_the_page_and_back(
    request: pytest.FixtureRequest, tmp_path: Path, charter: Path
) -> None:
    where = home(request, tmp_path / "data")
    made = Suite(where.data_dir, charter, free_ports(), environment=where.environment)
    async with started(made) as client:
        *_, gone = await shown_and_taken_back(where, made, client)
        await holds(Objects(client, PUBLIC_FILES), 2)
        proof = await proven(where)
        assert of_files(proof.wrong) == []
        assert of_files(proof.looked_at) == [
            "OBJ_attachments: 3 files that reports and findings name",
            "OBJ_public_files: 2 pictures that are shown to all",
        ]
        await mistaken(client)
    assert in_the_clear(where.data_dir, gone[len(gone) // 2 :][:48]) == []
    wrong = of_files((await proven(where)).wrong)
    assert len(wrong) == 3
    for words in ("is gone, or not whole", "was passed by nobody", "is nothing that intake puts"):
        assert any(words in line for line in wrong), words


@pytest.mark.deep
async def test_erased_it_stays_away_after_a_backup_from_before(
    request: pytest.FixtureRequest, tmp_path: Path, charter: Path
) -> None:
    where, backup = home(request, tmp_path / "data"), tmp_path / "backup"

    def suite() -> Suite:
        return Suite(where.data_dir, charter, free_ports(), environment=where.environment)

    async with started(made := suite()) as client:
        *kept, _ = await shown_and_taken_back(where, made, client)
        report = (await attached(client))[0].report_id
        await mistaken(client)
    shutil.copytree(where.data_dir, backup)
    clear = [each[len(each) // 2 :][:48] for each in kept]

    async with started(made := suite()) as client:
        await holds(Objects(client, PUBLIC_FILES), 2)
        assert set(await seen(made, 2)) == set(kept), "what was mistaken is put right"
        await Objects(client, ATTACHMENTS).delete("notes/of/somebody")
        assert in_the_clear(where.data_dir, *clear)
        erased = where.tribune("erase", "report", report, "--reason", "Asked for")
        assert "the key of its words is gone" in erased.stdout
        await nothing_is_left(made, client)
    assert in_the_clear(where.data_dir, *clear) == []

    newest = (where.data_dir / "erased.list").read_text()
    shutil.rmtree(where.data_dir)
    shutil.copytree(backup, where.data_dir)
    (where.data_dir / "erased.list").write_text(newest)
    assert in_the_clear(where.data_dir, *clear)
    where = home(request, where.data_dir)  # rows are made from the log that was put back
    async with started(made := suite()) as client:
        await Objects(client, ATTACHMENTS).delete("notes/of/somebody")
        await nothing_is_left(made, client)
    assert of_files((await proven(where)).wrong) == []
    assert in_the_clear(where.data_dir, *clear) == []
