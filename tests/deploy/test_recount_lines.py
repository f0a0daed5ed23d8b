"""`tribune recount --lines`: what the script reads, for where no site can be reached."""

import asyncio
import json

import pytest
from nats.aio.client import Client
from typer.testing import CliRunner

from deploy.cli import app
from shared.eventsourcing.codec import PLAIN
from shared.testing.examples import PUBLIC_CHECK_OPENED, new_event
from shared.testing.servers import NatsServer


async def test_each_public_event_is_a_line_as_outsiders_read_it(
    nats: Client, server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBUNE_NATS_URL", server.url)
    event = PUBLIC_CHECK_OPENED
    subject, headers, body = PLAIN.encode(new_event(event))
    at = {"ce-time": "2031-03-04T00:00:00+01:00"}
    await nats.jetstream().publish(subject, body, headers={**headers, **at})
    told = await asyncio.to_thread(CliRunner().invoke, app, ["recount", "--lines"])
    assert told.exit_code == 0, told.output
    (line,) = told.stdout.splitlines()
    found = json.loads(line)
    assert (found["type"], found["body"]) == ("CheckOpened", event.model_dump(mode="json"))
    assert found["time"] == at["ce-time"]
