"""What is no record of anything may be lost: a running suite declares it anew and goes on."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from commitments import check, made, march
from nats.js.errors import NotFoundError
from real_suite import CHARTER, Home, free_ports, home, jump, started, until

from deploy.embedded import Suite
from deploy.feeding.publish import publish
from shared.eventsourcing.event_store import AggregateKey
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore


async def lose(client: Client, stream: str) -> None:
    """And wait until it is there again."""
    jetstream = client.jetstream()
    lost = (await jetstream.stream_info(stream)).created
    await jetstream.delete_stream(stream)

    async def is_there() -> bool:
        try:
            return (await jetstream.stream_info(stream)).created != lost
        except NotFoundError:
            return False

    await until(is_there, f"{stream} is declared anew")


async def kinds(client: Client, commitment: str) -> list[str]:
    key = AggregateKey("intake", "check", check(commitment))
    return [type(r.event).__name__ for r in await JetStreamEventStore(client).load(key)]


async def say_nothing(_: int) -> None: ...


async def test_with_new_ticks_what_falls_due_is_raised_again(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    where = home(request, tmp_path)
    suite = Suite(where.data_dir, CHARTER, free_ports(), environment=where.environment)
    async with started(suite) as client:
        await lose(client, "TICKS")
        now = datetime.now(UTC)
        due = made("roads", now + timedelta(seconds=1), now - timedelta(days=1))
        await publish(client, "boston", [due], say_nothing)

        async def is_raised() -> bool:
            return await kinds(client, "roads") == ["CheckOpened", "CheckOverdue"]

        await until(is_raised, "it is raised")


async def test_with_a_new_clock_the_suite_goes_on_from_where_it_was(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    where: Home = home(request, tmp_path)
    async with started(where.suite()) as client:
        await jump(client, march(2))
        await publish(client, "boston", [made("roads", march(10))], say_nothing)
        await lose(client, "CLOCK")
        await jump(client, march(9))
        assert await kinds(client, "roads") == ["CheckOpened"]
        await jump(client, march(11))
        assert await kinds(client, "roads") == ["CheckOpened", "CheckOverdue"]
