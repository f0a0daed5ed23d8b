"""The locked suite, two of intake: a picture comes by the form at one, is erased at the other, and
stands nowhere in the clear."""

import shutil
from pathlib import Path

import httpx
import pytest
from files_made import MARK, photograph
from real_suite import CHARTER, Home, free_ports, proven, started
from street import CODE, hidden, told, traced

from deploy.embedded import Suite
from deploy.looking.reading import messages
from services.intake.files.cleaning import Cleaner
from shared.contracts.report import FileAttached
from shared.eventsourcing.codec import PLAIN
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.objects import ATTACHMENTS, Objects

SITE = """boston = {name = "311 of the City of Boston", public = true}
people = {name = "People of Boston", form = "confidential"}
"""
WHERE = {"place": "us.ma.boston.roxbury", "sector": "street-lights"}


async def attached(client: Client) -> list[FileAttached]:
    found = []
    async for message in messages(client, "INTAKE", (FileAttached.filter(),)):
        event = PLAIN.decode(message.headers, message.body, message.sequence).event
        assert isinstance(event, FileAttached)
        found.append(event)
    return found


def in_the_clear(folder: Path, *parts: bytes) -> list[str]:
    return [
        str(each)
        for each in folder.rglob("*")
        if each.is_file() and any(part in each.read_bytes() for part in parts)
    ]


def of_files(wrong: list[str]) -> list[str]:
    """The other services do not run here, and the proof says so."""
    return [line for line in wrong if "file" in line]


@pytest.fixture
def charter(tmp_path: Path) -> Path:
    charter = tmp_path / "charter"
    shutil.copytree(CHARTER, charter)
    (charter / "sources.toml").write_text(SITE)
    return charter


async def test_a_picture_is_sealed_counted_erased_and_proven(tmp_path: Path, charter: Path) -> None:
    where, sent = Home(tmp_path / "data"), photograph((640, 480))
    whole = (await Cleaner().clean(sent)).whole
    parts = (MARK, whole[len(whole) // 2 :][:48], sent[len(sent) // 2 :][:48])
    made = Suite(where.data_dir, charter, free_ports(), services=("intake",), replicas=2)
    async with started(made) as client:
        sites = [f"http://127.0.0.1:{made.ports[f'intake-{number}']}" for number in (1, 2)]
        async with httpx.AsyncClient(base_url=sites[0], trust_env=False, timeout=60) as form:
            page = await form.get("/report")
            files = [("files", ("a.jpg", sent, "image/jpeg"))]
            answer = await form.post("/report", data=hidden(page) | told(**WHERE), files=files)
        found = CODE.search(answer.text)
        assert found, answer.text
        async with httpx.AsyncClient(base_url=sites[1], trust_env=False, timeout=60) as other:
            assert "1 file goes with it." in (await traced(other, found[1])).text
        (event,) = await attached(client)
        objects = Objects(client, ATTACHMENTS)
        assert await objects.get(f"{event.report_id}/{event.digest}/whole")
        assert in_the_clear(where.data_dir, *parts) == []
        proof = await proven(where)
        assert of_files(proof.wrong) == []
        assert any("1 files that reports and findings name" in line for line in proof.looked_at)
        for _ in range(2):
            gone = where.tribune("erase", "report", event.report_id, "--reason", "Asked for")
            assert gone.returncode == 0, gone.stderr
        assert [each async for each in objects.every()] == []
        assert [each async for each in objects.pieces()] == []
        assert of_files((await proven(where)).wrong) == []
    assert in_the_clear(where.data_dir, *parts) == []
