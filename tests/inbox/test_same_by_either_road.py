"""Real requests to a city, by NATS and over HTTP in batches: the same log, event for event; and by
Open311 one by one the same reports.

The first 500 rows, 100 of them by Open311; with the deep profile 10,000 and 2,000.
"""

import json
import os
from collections.abc import Mapping as Headers
from itertools import islice
from typing import Any

from nats.aio.client import Client
from over_http import BATCH, door
from upstream import answers, read_stream

from deploy.feeding.demo import FILE, MAPPING
from deploy.feeding.sending import Door as InboxDoor
from deploy.feeding.tables import read_rows
from shared.contracts.inbox import ReportSubmitted
from shared.contracts.report import ReportFiled
from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.mapping import Mapping, UpstreamEvent, in_batches
from shared.runtime.charter import read_charter
from shared.runtime.settings import PROJECT

ROWS = 10_000 if os.environ.get("TRIBUNE_TEST_PROFILE") == "deep" else 500
CHARTER = read_charter(PROJECT / "deploy" / "charter")
AT_ONCE = 100
BY_OPEN311 = 2_000 if ROWS == 10_000 else 100


def slice_of_the_half_year() -> list[UpstreamEvent]:
    return list(Mapping(MAPPING).events(read_rows(FILE)[:ROWS]))


def as_envelope(message: Outgoing) -> dict[str, Any]:
    said = {name[3:]: value for name, value in message.headers.items() if name[:3] == "ce-"}
    return said | {"data": json.loads(message.body)}


async def log_by_nats(client: Client, events: list[UpstreamEvent]) -> list[Any]:
    async with door(client, ["boston"], CHARTER.places, CHARTER.sectors, charter=CHARTER) as here:
        inbox = InboxDoor(client, "boston")
        await inbox.open()
        for batch in in_batches(events, AT_ONCE):
            await inbox.take([event.outgoing() for event in batch])
        found = await answers(client, here.box)
        assert found.is_complete(len(events))
        return await log(client)


async def log_over_http(client: Client, events: list[UpstreamEvent]) -> list[Any]:
    async with door(client, ["boston"], CHARTER.places, CHARTER.sectors, charter=CHARTER) as here:
        key, _ = await here.key()
        for batch in in_batches(events, AT_ONCE):
            envelopes = [as_envelope(event.outgoing()) for event in batch]
            answer = await here.send(key, envelopes, content_type=BATCH)
            assert answer.status_code == 202
        found = await answers(client, here.box)
        assert found.is_complete(len(events))
        return await log(client)


async def reports_by_open311(client: Client, said: list[ReportSubmitted]) -> list[Any]:
    async with door(client, ["boston"], CHARTER.places, CHARTER.sectors, charter=CHARTER) as here:
        key, _ = await here.key()
        for each in said:
            fields = {
                "api_key": key,
                "service_code": each.sector,
                "address_id": each.place or "",
                "description": each.text,
                "account_id": each.correspondent or "",
                "confidential": str(each.confidential).lower(),
            }
            answer = await here.client.post("/open311/v2/requests.json", data=fields)
            assert answer.status_code == 200, answer.text
        return [as_said(event) for event in await filed(client)]


async def filed(client: Client) -> list[ReportFiled]:
    events = [
        decode(message.headers, message.body, message.sequence).event
        for message in await read_stream(client, "INTAKE")
    ]
    return [event for event in events if isinstance(event, ReportFiled)]


def as_said(event: ReportFiled) -> tuple[Any, ...]:
    """All but the names and the moment, which the road gives."""
    where = (event.place, event.sector, event.point)
    return (*where, event.text, event.correspondent, event.confidential, event.protected)


async def begun_anew(client: Client) -> None:
    streams = [info.config for info in await client.jetstream().streams_info()]
    for config in streams:
        if config.name != "REMAINS":
            await client.jetstream().delete_stream(str(config.name))
    for config in streams:
        if config.name != "REMAINS":
            await client.jetstream().add_stream(config)


async def log(client: Client) -> list[Any]:
    """Each event with all its headers but the server's; in what order several are decided side by
    side is up to their answers."""
    return sorted(
        (message.subject, sorted(_ours(message.headers)), message.body)
        for message in await read_stream(client, "INTAKE")
        if ".source-key." not in message.subject
    )


def _ours(headers: Headers[str, str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers.items() if not name.startswith("Nats-")]


async def test_the_log_does_not_tell_which_road_was_taken(nats: Client) -> None:
    events = slice_of_the_half_year()
    by_nats = await log_by_nats(nats, events)
    await begun_anew(nats)
    over_http = await log_over_http(nats, events)
    assert len(by_nats) > ROWS
    assert by_nats == over_http
    by_name = {event.source_id: as_said(event) for event in await filed(nats)}
    await begun_anew(nats)
    submitted = (each for each in events if each.kind == "report.submitted")
    said = [
        ReportSubmitted.model_validate_json(each.outgoing().body)
        for each in islice(submitted, BY_OPEN311)
    ]
    assert await reports_by_open311(nats, said) == [by_name[each.report] for each in said]
