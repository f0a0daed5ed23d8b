"""A log without its keys, or from before there were any, is found again under new ones."""

import shutil
from pathlib import Path

from locked import EVENT

from deploy.embedded import Suite, running
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.streams import declare, log_stream
from shared.testing.servers import NatsServer, free_port


async def messages(suite: Suite) -> int:
    async with running(suite):
        client = await connect(suite.nats_url, "test", suite.credentials("operator"))
        try:
            return int((await client.jetstream().stream_info("INTAKE")).state.messages)
        finally:
            await client.close()


async def test_a_log_from_before_there_were_locks_is_read_and_so_it_is_when_keys_are_lost(
    tmp_path: Path,
) -> None:
    suite = Suite(tmp_path, services=())
    suite.store.mkdir()
    server = NatsServer(suite.store, free_port())
    server.start()
    client = await connect(server.url, "before")
    await declare(client.jetstream(), [log_stream("INTAKE")])
    await client.jetstream().publish("intake.report.ReportFiled.1.us", EVENT)
    await client.close()
    server.stop()
    assert await messages(suite) == 1
    shutil.rmtree(suite.keys.folder)
    assert await messages(Suite(tmp_path, services=())) == 1
    assert await messages(Suite(tmp_path, services=())) == 1
