"""What is no record of anything may be lost: `tribune setup` declares it, and the suite goes on."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from commitments import check, made, march
from real_suite import CHARTER, Home, free_ports, home, jump, started, until

from deploy.embedded import Suite
from deploy.feeding.publish import publish
from shared.eventsourcing.event_store import AggregateKey
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore

pytestmark = pytest.mark.deep


async def lose(client: Client, where: Home, suite: Suite, stream: str, *who: str) -> None:
    """Those who stand on it say what to do, and once that is done they are ready again."""
    await client.jetstream().delete_stream(stream)
    words = f"the streams are not there yet ({stream}); `tribune setup` declares them"
    for process in who:
        await until(lambda p=process: says(suite, p, words), f"{process} misses {stream}")
    done = await asyncio.to_thread(where.tribune, "setup")
    assert done.returncode == 0, done.stdout + done.stderr
    for process in suite.processes:
        await until(lambda p=process: says(suite, p), f"{process} is ready again")


async def says(suite: Suite, process: str, *reasons: str) -> bool:
    async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
        answer = await http.get(f"http://127.0.0.1:{suite.inner[process]}/readyz")
    said = answer.json()["reasons"]
    return all(reason in said for reason in reasons) if reasons else not said


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
        await lose(client, where, suite, "TICKS", "intake-1")
        now = datetime.now(UTC)
        due = made("roads", now + timedelta(seconds=1), now - timedelta(days=1))
        await publish(client, "boston", [due], say_nothing)

        async def is_raised() -> bool:
            return await kinds(client, "roads") == ["CheckOpened", "CheckOverdue"]

        await until(is_raised, "it is raised")


async def test_with_new_leases_each_loop_has_an_owner_again(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    where = home(request, tmp_path)
    suite = Suite(where.data_dir, CHARTER, free_ports(), environment=where.environment)
    async with started(suite) as client:
        await lose(client, where, suite, "LEASES", "intake-1", "publishing-1", "gate-1")
        now = datetime.now(UTC)
        await publish(client, "boston", [made("roads", now + timedelta(days=9), now)], say_nothing)

        async def is_public() -> bool:
            return (await client.jetstream().stream_info("PUBLIC")).state.messages == 1

        await until(is_public, "it went all the way")


async def test_with_a_new_clock_the_suite_goes_on_from_where_it_was(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    where: Home = home(request, tmp_path)
    suite = where.suite()
    async with started(suite) as client:
        await jump(client, march(2))
        await publish(client, "boston", [made("roads", march(10))], say_nothing)
        await lose(client, where, suite, "CLOCK", "intake-1")
        await jump(client, march(9))
        assert await kinds(client, "roads") == ["CheckOpened"]
        await jump(client, march(11))
        assert await kinds(client, "roads") == ["CheckOpened", "CheckOverdue"]
