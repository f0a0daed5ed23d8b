"""Real requests to a city by NATS, over HTTP in batches and by Open311: the same log, event for
event, inside and in public, but for what names the road.

All 58,251; `tests/inbox/test_same_by_either_road.py` takes some without a suite around them.
"""

import asyncio
import json
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import httpx
import pytest
from real_suite import CHARTER, KEYS, Home, free_ports, home, jump, proven, started, until

from deploy.asking import outlasting
from deploy.embedded import Suite
from deploy.feeding.demo import END, FILE, MAPPING
from deploy.feeding.sending import Door
from deploy.feeding.tables import read_rows
from deploy.looking.lag import settled
from deploy.looking.reading import messages
from shared.contracts.inbox import ReportSubmitted
from shared.contracts.report import ReportFiled
from shared.contracts.routing import inbox_of
from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.inbox.receipts import taken_in
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.mapping import Mapping as Columns
from shared.mapping import UpstreamEvent, in_batches

pytestmark = [pytest.mark.postgres, pytest.mark.deep]

BEGIN = datetime(2011, 7, 1, tzinfo=UTC)
AT_ONCE, OF_OPEN311 = 100, 2_000
HOTLINE = '\nhotline = {name = "Hotline", public = true}\n'
PLACES = ("ce-cause",)
"""Of headers, what says where in the log something stands."""

TAKES_S = 1_500
"""For the half year, on a machine that has other work."""

Log = list[tuple[str, list[tuple[str, str]], bytes]]


class Road:
    """A suite of its own, and how messages come to it."""

    def __init__(self, request: pytest.FixtureRequest, folder: Path) -> None:
        charter = folder / "charter"
        shutil.copytree(CHARTER, charter)
        with (charter / "sources.toml").open("a") as sources:
            sources.write(HOTLINE)
        self.where: Home = home(request, folder / "suite", **KEYS)
        environment = self.where.environment
        at = (self.where.data_dir, charter, free_ports(), "stream")
        self.suite = Suite(*at, environment=environment)

    def know_persons_of(self, other: "Road") -> None:
        """Else nobody could tell that two ids are of one person: keys of persons are random."""
        self.where.data_dir.mkdir(parents=True, exist_ok=True)
        for path in other.where.data_dir.glob("vault.*"):
            shutil.copy(path, self.where.data_dir)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Client]:
        async with started(self.suite) as client:
            await jump(client, BEGIN)
            yield client

    async def rest(self, client: Client) -> tuple[Log, Log]:
        """What stands in INTAKE and PUBLIC once nothing moves any more, the last sweep included.
        What is taken in after the clock has jumped would be recorded then."""
        await until(lambda: _is_taken_in(client), "the inbox is taken in", TAKES_S)
        await outlasting(client, lambda: settled(client))
        await jump(client, END)
        await outlasting(client, lambda: settled(client))
        return await log(client, "INTAKE"), await log(client, "PUBLIC")

    @asynccontextmanager
    async def http(self, source: str) -> AsyncIterator[tuple[httpx.AsyncClient, str]]:
        as_fast_as_it_goes = ("--rate", "0")
        adding = asyncio.to_thread(self.where.tribune, "key", "add", source, *as_fast_as_it_goes)
        key = (await adding).stdout.strip()
        base = f"http://127.0.0.1:{self.suite.service_port('intake')}"
        async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=60) as client:
            yield client, key


async def _is_taken_in(client: Client) -> bool:
    end = await ends_at(client, inbox_of("boston"))
    return (await taken_in(client, "boston")).through >= end


async def log(client: Client, stream: str) -> Log:
    """Of boston alone; in what order several are decided side by side is up to their answers."""
    found = [
        (message.subject, _ours(message.headers), message.body)
        async for message in messages(client, stream, [f"{stream.lower()}.>"])
        if ".source-key." not in message.subject
    ]
    return sorted(found)


def _ours(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    said = headers.items()
    return sorted((k, v) for k, v in said if not k.startswith("Nats-") and k not in PLACES)


def envelope(message: Outgoing) -> dict[str, Any]:
    said = {name[3:]: value for name, value in message.headers.items() if name[:3] == "ce-"}
    return said | {"data": json.loads(message.body)}


async def by_nats(client: Client, events: Sequence[UpstreamEvent]) -> None:
    inbox = Door(client, "boston")
    await inbox.open()
    for batch in in_batches(events, AT_ONCE):
        await inbox.take([event.outgoing() for event in batch])


async def over_http(road: Road, events: Sequence[UpstreamEvent]) -> None:
    kind = "application/cloudevents-batch+json"
    async with road.http("boston") as (door, key):
        headers = {"Authorization": f"Bearer {key}", "Content-Type": kind}
        for batch in in_batches(events, AT_ONCE):
            content = json.dumps([envelope(event.outgoing()) for event in batch])
            answer = await door.post("/events", content=content, headers=headers)
            assert answer.status_code == 202, answer.text


def as_filed(said: ReportSubmitted) -> dict[str, str]:
    """As a client of Open311 says it."""
    fields = {
        "service_code": said.sector,
        "address_id": said.place or "",
        "description": said.text,
        "account_id": said.correspondent or "",
        "confidential": str(said.confidential).lower(),
    }
    return {name: value for name, value in fields.items() if value}


async def by_open311(road: Road, said: Sequence[ReportSubmitted]) -> None:
    """One by one; each answer comes once the receipt is there."""
    async with road.http("hotline") as (door, key):
        for each in said:
            fields = {"api_key": key} | as_filed(each)
            answer = await door.post("/open311/v2/requests.json", data=fields)
            assert answer.status_code == 200, answer.text


async def filed(client: Client, source: str) -> list[ReportFiled]:
    found = [
        decode(message.headers, message.body, message.sequence).event
        async for message in messages(client, "INTAKE", ["intake.*.ReportFiled.>"])
    ]
    return [event for event in found if isinstance(event, ReportFiled) and event.source == source]


def _as_said(events: Sequence[ReportFiled]) -> list[tuple[Any, ...]]:
    """Who it is is another one for each source; that it is the same person is not."""
    names: dict[str | None, int] = {}
    return [
        (
            *(event.place, event.sector, event.text, event.point),
            *(event.confidential, event.protected),
            names.setdefault(event.correspondent, len(names)),
        )
        for event in events
    ]


async def test_the_log_does_not_tell_by_which_road_it_came(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    events = list(Columns(MAPPING).events(read_rows(FILE)))
    submitted = (each for each in events if each.kind == "report.submitted")
    part = [
        ReportSubmitted.model_validate_json(each.outgoing().body)
        for each in islice(submitted, OF_OPEN311)
    ]
    one, other = Road(request, tmp_path / "nats"), Road(request, tmp_path / "http")
    async with one.open() as client:
        await by_nats(client, events)
        by_one = await one.rest(client)
    other.know_persons_of(one)
    async with other.open() as client:
        await over_http(other, events)
        by_other = await other.rest(client)
        for stream, left, right in zip(("INTAKE", "PUBLIC"), by_one, by_other, strict=True):
            assert left, stream
            assert _differences(left, right) == ([], []), stream
        await by_open311(other, part)
        await outlasting(client, lambda: settled(client))
        assert _as_said(await filed(client, "hotline")) == _as_said(await _in_turn(client, part))
    verdict = await proven(other.where)
    assert (verdict.wrong, verdict.behind) == ([], [])


async def _in_turn(client: Client, part: Sequence[ReportSubmitted]) -> list[ReportFiled]:
    """The events of the same reports by the other road, in the order in which they were sent."""
    found = {event.source_id: event for event in await filed(client, "boston")}
    return [found[each.report] for each in part]


def _differences(one: Log, other: Log) -> tuple[list[Any], list[Any]]:
    """The first few that only one of them has."""
    left, right = (Counter((s, tuple(h), b) for s, h, b in each) for each in (one, other))
    return list(islice((left - right).elements(), 3)), list(islice((right - left).elements(), 3))
