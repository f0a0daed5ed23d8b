"""What operators' commands read with ends, whatever happens to the server."""

import pytest
from nats.errors import StaleConnectionError

from deploy.looking.reading import batches
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.streams import declare, suite_streams
from shared.testing.servers import nats_server


async def test_a_server_that_goes_away_for_good_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.looking.reading.LOOKS_AFTER_S", 0.1)
    monkeypatch.setattr("deploy.looking.reading.AWAY_FOR_S", 0.5)
    read = []
    with nats_server() as server:
        client = await connect(server.url, "test")
        await declare(client.jetstream(), suite_streams({}))
        for _ in range(3):
            await client.jetstream().publish("intake.x", b"")
        with pytest.raises(StaleConnectionError):
            async for batch in batches(client, "INTAKE", 5):
                read += [message.sequence for message in batch]
                server.kill()
        await client.close()
    assert read == [1, 2, 3]
