"""Real requests to a city, by NATS and over HTTP in batches: the same log, event for event.

The first 500 rows; with the deep profile 10,000.
"""

import json
import os
from collections.abc import Mapping as Headers
from typing import Any

from nats.aio.client import Client
from over_http import BATCH, door
from upstream import answers, read_stream

from deploy.feeding.demo import FILE, MAPPING
from deploy.feeding.sending import Door as InboxDoor
from deploy.feeding.tables import read_rows
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.mapping import Mapping, UpstreamEvent, in_batches
from shared.runtime.charter import read_charter
from shared.runtime.settings import PROJECT

ROWS = 10_000 if os.environ.get("TRIBUNE_TEST_PROFILE") == "deep" else 500
CHARTER = read_charter(PROJECT / "deploy" / "charter")
AT_ONCE = 100


def slice_of_the_half_year() -> list[UpstreamEvent]:
    return list(Mapping(MAPPING).events(read_rows(FILE)[:ROWS]))


def as_envelope(message: Outgoing) -> dict[str, Any]:
    said = {name[3:]: value for name, value in message.headers.items() if name[:3] == "ce-"}
    return said | {"data": json.loads(message.body)}


async def log_by_nats(client: Client, events: list[UpstreamEvent]) -> list[Any]:
    async with door(client, ["boston"], CHARTER.places, CHARTER.sectors) as here:
        inbox = InboxDoor(client, "boston")
        await inbox.open()
        for batch in in_batches(events, AT_ONCE):
            await inbox.take([event.outgoing() for event in batch])
        found = await answers(client, here.box)
        assert found.is_complete(len(events))
        return await log(client)


async def log_over_http(client: Client, events: list[UpstreamEvent]) -> list[Any]:
    async with door(client, ["boston"], CHARTER.places, CHARTER.sectors) as here:
        key, _ = await here.key()
        for batch in in_batches(events, AT_ONCE):
            envelopes = [as_envelope(event.outgoing()) for event in batch]
            answer = await here.send(key, envelopes, content_type=BATCH)
            assert answer.status_code == 202
        found = await answers(client, here.box)
        assert found.is_complete(len(events))
        return await log(client)


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
    streams = [info.config for info in await nats.jetstream().streams_info()]
    for config in streams:
        if config.name != "REMAINS":
            await nats.jetstream().delete_stream(str(config.name))
    for config in streams:
        if config.name != "REMAINS":
            await nats.jetstream().add_stream(config)
    over_http = await log_over_http(nats, events)
    assert len(by_nats) > ROWS
    assert by_nats == over_http
