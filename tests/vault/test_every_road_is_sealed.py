"""Marked words, names and pictures come by every road, and stand nowhere but in the vault."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest
from files_made import MARK, SAID, photograph
from marked import PLAIN_SIGN, SIGN, is_marked
from real_suite import CHARTER, Home, free_ports, home, started, until
from street import CODE, hidden, traced
from street import told as typed

from deploy.asking import outlasting
from deploy.embedded import Suite
from deploy.looking.lag import settled
from deploy.looking.reading import messages
from shared.contracts.report import FileAttached, ReportFiled
from shared.contracts.sealed import CLOSED
from shared.eventsourcing.codec import PLAIN
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.positions import PositionKeeper

pytestmark = pytest.mark.deep

SOURCES = """\
boston = "A source whose data are not public"
people = {name = "People of Boston", form = "confidential"}
"""
HOOK = """\
source = "boston"
time_zone = "America/New_York"

[[event]]
kind = "report.submitted"
id = "{id}"
when = "when"
[event.data]
report = "survey/{id}"
place = "us.ma.boston.roxbury"
sector = "street-lights"
text = "{says}"
correspondent = "{who}"
filed_at = { instant = "when" }
"""
WHERE = {"place": "us.ma.boston.roxbury", "sector": "street-lights"}
WHEN = "2026-03-04T09:15:00+00:00"
MODES = ("application/json", "application/cloudevents+json", "application/cloudevents-batch+json")
PICTURE = photograph()


def said(report: str, **more: Any) -> dict[str, Any]:
    words = {"text": f"{SIGN} by {report}", "correspondent": f"{PLAIN_SIGN}-Ada"}
    return {"report": report, "filed_at": WHEN} | WHERE | words | more


class Roads:
    """Each takes the next of two replicas. `answers` are all that anybody was told."""

    def __init__(self, client: Client, made: Suite, key: str) -> None:
        self.nats, self.key = client, key
        self.doors = [f"http://127.0.0.1:{made.ports[f'intake-{at}']}" for at in (1, 2)]
        self.answers: list[bytes] = []

    async def post(self, path: str, **given: Any) -> httpx.Response:
        self.doors.reverse()
        bearer = {"Authorization": f"Bearer {self.key}"} | given.pop("headers", {})
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            answer = await client.post(self.doors[0] + path, headers=bearer, **given)
        self.answers.append(answer.content)
        assert answer.status_code < 300, answer.text
        return answer

    async def by_nats(self) -> int:
        headers = {
            "ce-specversion": "1.0",
            "ce-id": "nats",
            "ce-source": "/boston",
            "ce-type": "report.submitted",
        }
        body = json.dumps(said("nats")).encode()
        await self.nats.jetstream().publish("inbox.boston.report.submitted", body, headers=headers)
        return 1

    async def by_events(self) -> int:
        """With a file that was uploaded before."""
        files = [("file", (f"{SAID}.jpg", PICTURE, "image/jpeg"))]
        told = await self.post("/attachments", data={"report": "events-0"}, files=files)
        names = [each["attachment"] for each in told.json()["attachments"]]
        for at, mode in enumerate(MODES):
            data = said(f"events-{at}", attachments=names if at == 0 else [])
            named = {"specversion": "1.0", "id": f"events-{at}", "source": "/boston"}
            named["type"] = "report.submitted"
            headers = {"Content-Type": mode, "Prefer": "wait=5"}
            envelope = named | {"data": data}
            body: Any = [data, envelope, [envelope]][at]
            headers |= {f"ce-{name}": each for name, each in named.items()} if at == 0 else {}
            await self.post("/events", content=json.dumps(body).encode(), headers=headers)
        return len(MODES)

    async def by_open311(self) -> int:
        person = dict.fromkeys(("first_name", "last_name", "email", "phone", "device_id"), SIGN)
        where = {"service_code": WHERE["sector"], "address_id": WHERE["place"]}
        words = {"description": SIGN, "address_string": SIGN, "account_id": f"{PLAIN_SIGN}-Ada"}
        fields = {"api_key": self.key} | person | where | words
        files = [("media", (f"{SAID}.jpg", PICTURE, "image/jpeg"))]
        await self.post("/open311/v2/requests.json", data=fields)
        await self.post("/open311/v2/requests.xml", data=fields, files=files)
        await self.post("/open311/v2/requests.json", json=[fields])
        return 3

    async def by_hook(self) -> int:
        fields = {"id": "1", "when": WHEN, "says": SIGN, "who": f"{PLAIN_SIGN}-Ada", "email": SIGN}
        await self.post("/hooks/boston/survey", json=fields)
        await self.post("/hooks/boston/survey", data=fields | {"id": "2"})
        return 2

    async def by_form(self) -> int:
        async with httpx.AsyncClient(base_url=self.doors[0], trust_env=False, timeout=60) as client:
            fields = hidden(await client.get("/report")) | typed(text=SIGN, **WHERE)
            files = [("files", (f"{SAID}.jpg", PICTURE, "image/jpeg"))]
            answer = await client.post("/report", data=fields, files=files)
            code = CODE.search(answer.text)
            assert code, answer.text
            trace = await traced(client, code[1])
        self.answers += [answer.content, trace.content]
        return 1


@pytest.fixture
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """Inboxes keep words for no longer than until their receipts."""
    told = {"TRIBUNE_LOG_LEVEL": "DEBUG", "TRIBUNE_INBOX_KEEPS_WORDS_S": "0"}
    return home(request, tmp_path / "suite", **told)


@pytest.fixture
def charter(tmp_path: Path) -> Path:
    charter = tmp_path / "charter"
    shutil.copytree(CHARTER, charter)
    (charter / "sources.toml").write_text(SOURCES)
    (charter / "hooks").mkdir()
    (charter / "hooks" / "survey.toml").write_text(HOOK)
    return charter


async def test_what_is_private_is_found_nowhere_outside_the_vault(
    where: Home, charter: Path
) -> None:
    made = Suite(where.data_dir, charter, free_ports(), replicas=2, environment=where.environment)
    async with started(made) as client:
        key = (await asyncio.to_thread(where.tribune, "key", "add", "boston")).stdout.strip()
        roads = Roads(client, made, key)
        each = (roads.by_nats, roads.by_events, roads.by_open311, roads.by_hook, roads.by_form)
        sent = sum([await send() for send in each])
        await outlasting(client, lambda: settled(client))
        for source in ("boston", "people"):
            await until(lambda of=source: _is_cleared(client, of), f"no words wait in {source}")
        filed = await _all(client, ReportFiled)
        assert [event.text for event in filed] == [CLOSED] * sent
        assert len(await _all(client, FileAttached)) == 3
        assert [one for one in roads.answers if is_marked(one) or MARK in one] == []
    assert _marked_in(where.data_dir) == []


async def _all(client: Client, kind: type[Any]) -> list[Any]:
    """As whoever has no keys reads them."""
    return [
        PLAIN.decode(message.headers, message.body, message.sequence).event
        async for message in messages(client, "INTAKE", (kind.filter(),))
    ]


async def _is_cleared(client: Client, source: str) -> bool:
    end = await ends_at(client, f"INBOX_{source.upper()}")
    return (await PositionKeeper(client, "intake", f"words-{source}").begin()).wrote >= end


def _marked_in(folder: Path) -> list[str]:
    half = PICTURE[len(PICTURE) // 2 :][:48]
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file()
        and (is_marked(content := path.read_bytes()) or MARK in content or half in content)
    ]
