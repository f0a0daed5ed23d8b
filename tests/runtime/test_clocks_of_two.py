"""A clock that is not that of the log server is told to operators, before anybody wonders."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from nats.aio.client import Client
from watched import BOSTON

from shared.eventsourcing.jetstream.streams import declare, suite_streams
from shared.runtime import metrics
from shared.runtime.log_server import LogServer
from shared.runtime.settings import Settings
from shared.runtime.watch import Watch
from shared.testing.servers import NatsServer
from shared.web.now import utc_now


@asynccontextmanager
async def watching_ahead(
    server: NatsServer, client: Client, ahead: timedelta
) -> AsyncIterator[Watch]:
    settings = Settings(nats_monitor_url=server.monitor_url)
    asks = LogServer(settings, lambda: utc_now() + ahead)
    try:
        yield Watch(client, suite_streams(BOSTON), asks)
    finally:
        await asks.close()


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(days=1), "ours is 1 day, 0:00:0"),
        (timedelta(minutes=40), "ours is 0:40:0"),
        (timedelta(days=-1), "behind that of the log server"),
        (timedelta(0), ""),
    ],
)
async def test_it_is_a_warning_with_what_to_do(
    server: NatsServer, bare_nats: Client, ahead: timedelta, words: str
) -> None:
    await declare(bare_nats.jetstream(), suite_streams(BOSTON))
    async with watching_ahead(server, bare_nats, ahead) as watch:
        await watch.look()
    told = [line for line in watch.warnings if line.startswith("one of the clocks is wrong: ")]
    assert len(told) == bool(words)
    assert all(words in line and "Let NTP keep both" in line for line in told)
    assert watch.reasons == []
    measured = metrics.clock_ahead.collect()[0].samples[0].value
    assert abs(measured - ahead.total_seconds()) < 10
