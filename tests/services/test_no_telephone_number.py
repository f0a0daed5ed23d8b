"""An id that a source gives may be a telephone number: only inbox and receipts ever hold it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from real_suite import Home, home, jump, started, until

from deploy.asking import ask
from deploy.embedded import Suite
from deploy.looking.lag import settled
from deploy.looking.reading import messages
from deploy.looking.why import explain
from deploy.programs import SERVICES
from deploy.verify import verify
from shared.contracts.identity import aggregate_id, command_id, event_id
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at
from shared.runtime.commands import ACTOR, COMMAND_ID
from shared.testing.examples import DAY, MONDAY, REPORT_FILED, varied

pytestmark = pytest.mark.postgres

AT = MONDAY.isoformat()
WHERE: dict[str, Any] = {"place": "us.ma.boston.roxbury", "sector": "street-lights"}
OPEN = WHERE | {"confidential": False}
PAGES = ("", "overdue", "qualified", "place/us.ma.boston.roxbury", "feed/overdue.atom")
FOR_PROGRAMS = ("api", "openapi.json", "api/figures", "metrics", "readyz", "healthz")
NUMBER = re.compile(r"617(\D{0,3}|%20)555(\D{0,3}|%20)0\d{3}")
LOGS = ("INTAKE", "PROMOTION", "PUBLIC")
KNOWN_ACTORS = {"source:sender:boston", "suite:process:duplicates", "suite:timer:overdue"}
STRUCTURED = "application/cloudevents+json"


def telephone(number: int) -> str:
    return f"+1 617 555 {number:04}"


def said(text: str) -> bool:
    """However it is written."""
    return NUMBER.search(text) is not None


def messages_of_one_person() -> Iterator[tuple[str, dict[str, str], bytes]]:
    """Kind, headers and body: accepted, refused, public, confidential, structured."""
    report = {"report": "1", "filed_at": AT, "correspondent": "ada"} | OPEN
    settled_ = {"report": "1", "outcome": "confirmed", "resolved_at": AT}
    task = {"owner": "Public Works", "task": "Mend it", "made_at": AT}
    due = {"commitment": "1", "due_at": (MONDAY + DAY).isoformat()} | task | OPEN
    bodies: list[tuple[str, dict[str, Any]]] = [
        ("report.submitted", report),
        ("report.submitted", report | {"report": "2", "confidential": True}),
        ("report.submitted", report | {"place": "us.ma.atlantis"}),
        ("report.resolved", settled_),
        ("report.resolved", settled_ | {"report": "9"}),
        ("report.resolved", {"report": "2", "duplicate_of": "1"} | settled_ | DUPLICATE),
        ("commitment.made", due),
        ("nothing.known", {}),
    ]
    for number, (kind, body) in enumerate(bodies, 1):
        attributes = {
            "specversion": "1.0",
            "id": telephone(number),
            "source": f"tel:{telephone(100 + number)}",
            "type": kind,
            "correlationid": telephone(200 + number),
        }
        yield kind, {f"ce-{k}": v for k, v in attributes.items()}, json.dumps(body).encode()
        whole = attributes | {"id": telephone(300 + number), "data": body | {"report": "3"}}
        yield kind, {"content-type": STRUCTURED}, json.dumps(whole).encode()


DUPLICATE = {"report": "2", "outcome": "duplicate", "duplicate_of": "1"}


async def tell_all(client: Client) -> None:
    for kind, headers, body in messages_of_one_person():
        await client.jetstream().publish(f"inbox.boston.{kind}", body, headers=headers)

    async def taken_in() -> bool:
        at = (await ask(client, "intake"))["positions"].get("inbox boston", 0)
        return bool(at >= await ends_at(client, "INBOX_BOSTON"))

    await until(taken_in, "the inbox is taken in")


async def ask_by_request(client: Client) -> None:
    """Done, repeated, forbidden, and wrong."""
    filed = varied(REPORT_FILED, report_id=aggregate_id("report", "boston", "77"))
    headers = {COMMAND_ID: telephone(401), "correlation_id": telephone(402), ACTOR: telephone(403)}
    for command, body in (
        ("FileReport", filed.model_dump(mode="json")),
        ("FileReport", filed.model_dump(mode="json")),
        ("ConfirmReport", {"report_id": "0" * 32, "reason": "", "confirmed_at": AT}),
        ("ConfirmReport", {}),
    ):
        await client.request(
            f"cmd.intake.{command}", json.dumps(body).encode(), 30, headers=headers
        )


async def come_to_rest(client: Client) -> dict[str, int]:
    await jump(client, MONDAY + 2 * DAY)
    return await settled(client)


async def everything_in(client: Client, *but: str) -> list[str]:
    found = []
    for info in await client.jetstream().streams_info():
        if (name := str(info.config.name)) not in but:
            async for message in messages(client, name):
                headers = json.dumps(dict(message.headers))
                found.append(f"{name} {message.subject} {headers} {message.body.decode()}")
    return found


async def actors_in(client: Client, stream: str) -> set[str | None]:
    return {message.headers.get("ce-actor") async for message in messages(client, stream)}


async def pages(suite: Suite) -> list[str]:
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        found = []
        for service in SERVICES:
            for path in (*PAGES, *FOR_PROGRAMS):
                for port in (suite.service_port(service), suite.inner[f"{service}-1"]):
                    answer = await http.get(f"http://127.0.0.1:{port}/{path}")
                    found.append(f"{service} /{path} {answer.headers} {answer.text}")
    return found


@pytest.fixture
async def where(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    return home(request, tmp_path, TRIBUNE_LOG_LEVEL="DEBUG")


async def test_no_stream_log_line_row_or_page_ever_has_one(where: Home) -> None:
    suite = where.suite()
    async with started(suite) as client:
        await tell_all(client)
        await ask_by_request(client)
        ends = await come_to_rest(client)
    async with started(suite) as client:
        await tell_all(client)
        await ask_by_request(client)
        assert await come_to_rest(client) == ends, "the same again, after a restart, adds nothing"
        shown = await pages(suite)
        inside = await everything_in(client, "INBOX_BOSTON", "RECEIPTS", "RECEIPTS_BOSTON")
        answered = await everything_in(client, "INBOX_BOSTON")
        ids = {message.headers.get("ce-id") async for message in messages(client, "INTAKE")}
        verdict = await verify(client, where.settings, lambda _: None)
        why = [line async for line in explain(client, aggregate_id("report", "boston", "1"))]
        actors = {stream: await actors_in(client, stream) for stream in LOGS}
    assert ends["INTAKE"] > 5
    assert min(ends["PROMOTION"], ends["PUBLIC"]) > 0, ends
    told = [path.read_text() for path in where.data_dir.glob("*.log")]
    assert len(told) >= 4
    rows = [repr(rows) for rows in where.rows().values()]
    assert [each for each in (*inside, *shown, *told, *rows) if said(each)] == []
    assert sum(said(each) for each in answered) > 0, "receipts name what they answer"
    tried = {
        event_id(aggregate_id(kind, "boston", one), command_id("inbox", "boston", telephone(n)), 0)
        for kind in ("report", "check")
        for one in ("1", "2", "3")
        for n in range(400)
    }
    assert not tried & ids, "no plain hash either, of which all numbers could be tried"
    (operator,) = actors["INTAKE"] - KNOWN_ACTORS
    assert re.fullmatch("staff:operator:[0-9a-f]{32}", operator)
    assert actors["INTAKE"] == {operator} | KNOWN_ACTORS
    assert actors["PROMOTION"] == {"suite:reaction:credits"}
    assert actors["PUBLIC"] == {None}, "nothing of inside"
    assert (verdict.wrong, verdict.behind) == ([], [])
    assert {line.stream for line in why} == {"INTAKE", "INBOX_BOSTON"}
    by = {"the source boston", "the suite (process duplicates)", ""}
    assert {line.by for line in why} == by
    assert not said(repr(why))
