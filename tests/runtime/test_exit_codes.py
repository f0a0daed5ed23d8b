"""A real service ends when it can't do its work, with a code that its supervisor understands."""

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from nats.aio.client import Client
from own_server import own_server
from service_process import WITHIN_S, service_process
from sqlalchemy import text

from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.streams import InboxLimits, declare, suite_streams
from shared.eventsourcing.projections.database import open_database
from shared.runtime.exit_codes import CLOSED, NO_PORT, REFUSES, STOPPED
from shared.testing.servers import NatsServer

MB = 1024**2
SYNCED = "jetstream: {max_file: 100MB, sync_interval: always}"
UNSYNCED = "jetstream: {max_file: 100MB}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "server").mkdir()
    return tmp_path


@pytest.fixture
def server(folder: Path) -> Iterator[NatsServer]:
    """Of its own: what it lets in is changed."""
    with own_server(folder / "server", SYNCED) as running:
        yield running


@asynccontextmanager
async def declared(server: NatsServer) -> AsyncIterator[Client]:
    client = await connect(server.url, "test")
    await declare(client.jetstream(), suite_streams({"boston": InboxLimits(MB)}))
    try:
        yield client
    finally:
        await client.close()


def reload(server: NatsServer, configuration: str) -> None:
    """As an operator does it who has changed the file."""
    conf = server.directory / "own.conf"
    conf.write_text(f"host: 127.0.0.1\n{configuration}")
    assert server.process is not None
    server.process.send_signal(signal.SIGHUP)


def start_again(server: NatsServer) -> None:
    program = Path(sys.executable).with_name("nats-server")
    ports = ["-p", str(server.port), "-m", str(server.monitor_port)]
    where = ["-c", str(server.directory / "own.conf"), "-sd", str(server.directory)]
    server.process = subprocess.Popen([str(program), *where, *ports], stderr=subprocess.DEVNULL)  # noqa: S603


async def test_a_connection_that_is_closed_for_good_ends_the_process(
    server: NatsServer, folder: Path
) -> None:
    """It never comes back by itself; a process that is started again would."""
    async with declared(server), service_process("promotion", server, folder) as promotion:
        await promotion.ready()
        reload(server, f"{SYNCED}\nauthorization: {{user: somebody, password: else}}")
        assert await promotion.ended() == CLOSED != STOPPED
    assert "the connection to NATS is closed for good" in promotion.said


async def test_an_outage_of_the_server_ends_nothing(server: NatsServer, folder: Path) -> None:
    async with declared(server) as client, service_process("promotion", server, folder) as one:
        await one.ready()
        server.kill()
        async with asyncio.timeout(WITHIN_S):
            while (await one.readyz())[0] != 503:
                await asyncio.sleep(0.02)
        assert "no connection to NATS" in (await one.readyz())[1]["reasons"]
        start_again(server)
        await one.ready()
        one.process.send_signal(signal.SIGTERM)
        assert await one.ended() == STOPPED
        assert client.is_connected


async def edit(client: Client) -> None:
    config = (await client.jetstream().stream_info("INTAKE")).config
    await client.jetstream().update_stream(config.evolve(max_age=3600))


async def delete(client: Client) -> None:
    """With the only copy of what has no receipt."""
    await client.jetstream().delete_stream("DEAD")


@pytest.mark.parametrize(
    ("damage", "words"),
    [(edit, "INTAKE: max_age is 3600.0, declared is None"), (delete, "the stream DEAD is gone")],
)
async def test_what_somebody_does_to_a_stream_while_it_runs_ends_the_process(
    server: NatsServer,
    folder: Path,
    damage: Callable[[Client], Awaitable[None]],
    words: str,
) -> None:
    async with declared(server) as client, service_process("promotion", server, folder) as one:
        await one.ready()
        await damage(client)
        assert await one.ended() == REFUSES
    assert words in one.said


async def test_a_read_model_that_changed_under_its_name_ends_the_process(
    server: NatsServer, folder: Path
) -> None:
    async with declared(server):
        async with service_process("promotion", server, folder) as one:
            await one.ready()
        engine = open_database(f"sqlite:///{folder / 'promotion.db'}")
        with engine.begin() as connection:
            other = text("UPDATE fingerprints SET fingerprint = 'x' WHERE name = 'members_v4'")
            connection.execute(other)
        engine.dispose()
        async with service_process("promotion", server, folder) as refused:
            assert await refused.ended() == REFUSES
    assert "the read model members_v4 is not what its rows were made by" in refused.said


async def test_a_server_that_does_not_wait_for_the_disk_is_refused(folder: Path) -> None:
    with own_server(folder / "server", UNSYNCED) as unsynced:
        async with service_process("promotion", unsynced, folder) as refused:
            assert await refused.ended() == REFUSES
        assert "Set `sync_interval: always` in its configuration" in refused.said
        why = {"TRIBUNE_ACCEPT_UNSYNCED": "it is a test"}
        async with declared(unsynced), service_process("promotion", unsynced, folder, **why) as one:
            await one.ready()
        assert "the log server may lose what it acknowledged" in one.said
        assert "it is a test" in one.said


async def test_a_port_that_somebody_else_has_is_told_and_no_damage(
    server: NatsServer, folder: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = str(other.getsockname()[1])
        async with (
            declared(server),
            service_process("promotion", server, folder, TRIBUNE_PORT=taken) as one,
        ):
            assert await one.ended() == NO_PORT != REFUSES
    assert "its port can't be had" in one.said
