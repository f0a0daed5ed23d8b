"""One owner for each loop: others wait, take over when it is gone, and there are never two."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from nats.aio.client import Client

from shared.eventsourcing.errors import LeaseLostError
from shared.eventsourcing.jetstream import leases
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.leases import Lease
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.eventsourcing.lease import current_term, heed_lease
from shared.testing.servers import NatsServer

WITHIN_S = 60.0
TAKEN_OVER_WITHIN_S = 5.0


@pytest.fixture
async def other(server: NatsServer) -> AsyncIterator[Client]:
    client = await connect(server.url, "other")
    yield client
    await client.close()


async def _held(lease: Lease, until: asyncio.Event, got: asyncio.Event) -> None:
    async with lease.held():
        got.set()
        await until.wait()


@asynccontextmanager
async def holding(lease: Lease) -> AsyncIterator[asyncio.Event]:
    """Wants the lease meanwhile; the event says that it has got it."""
    until, got = asyncio.Event(), asyncio.Event()
    task = asyncio.create_task(_held(lease, until, got))
    try:
        yield got
    finally:
        until.set()
        if not got.is_set():
            task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RENEWED_EVERY_S", "HELD_FOR_S", "FREE_AFTER_S", "LOOKED_AT_EVERY_S"):
        monkeypatch.setattr(leases, name, getattr(leases, name) / 5)


@pytest.mark.usefixtures("quick")
async def test_only_one_of_two_holds_it_and_the_other_is_next(nats: Client, other: Client) -> None:
    one, two = Lease(nats, "test", "one"), Lease(other, "test", "two")
    async with holding(one) as first:
        await asyncio.wait_for(first.wait(), WITHIN_S)
        async with holding(two) as second:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(second.wait(), 4 * leases.FREE_AFTER_S)
            await heed_lease()
    async with holding(two) as second:
        await asyncio.wait_for(second.wait(), WITHIN_S)


async def test_who_leaves_gives_it_back_at_once(nats: Client, other: Client) -> None:
    """A stop in good order costs nobody the seconds that a kill costs."""
    async with Lease(nats, "test", "one").held():
        pass
    two = Lease(other, "test", "two")
    last = await two._look()
    assert (last.holder, last.free) == ("one", True)
    assert two._may_take(last, since=time.monotonic())


@pytest.mark.usefixtures("quick")
async def test_a_renewal_that_forgets_its_cancellation_holds_up_nothing(
    nats: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `wait_for` of Python 3.11 does. The loop stood still for ever, and kept its lease."""
    lease, renews = Lease(nats, "test", "one"), asyncio.Event()
    write = lease._write

    async def forgets(*, free: bool = False) -> None:
        if free:
            await write(free=True)
            return
        renews.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(WITHIN_S)

    async with asyncio.timeout(WITHIN_S):
        async with lease.held():
            monkeypatch.setattr(lease, "_write", forgets)
            await renews.wait()
    assert (await Lease(nats, "test", "two")._look()).free


async def test_who_waits_knows_for_whom(nats: Client, other: Client) -> None:
    one, two = Lease(nats, "test", "one"), Lease(other, "test", "two")
    async with holding(one) as first:
        await first.wait()
        async with holding(two):
            async with asyncio.timeout(WITHIN_S):
                while two.held_by != "one":
                    await asyncio.sleep(0.01)


HOLDER = """
import asyncio, sys
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.leases import Lease
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.eventsourcing.errors import LeaseLostError

async def main():
    client = await connect(sys.argv[1], "holder")
    async with Lease(client, "test", "holder").held() as lost:
        number = 0
        try:
            while True:
                await Publisher(client).publish([Outgoing("dead.written", b"%d" % number)])
                print("wrote", flush=True)
                number += 1
                await asyncio.sleep(0.005)
        except LeaseLostError:
            print("lost", flush=True)

asyncio.run(main())
"""


@asynccontextmanager
async def another_process(url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """Holds the lease and writes under it all the time."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", HOLDER, url, stdout=asyncio.subprocess.PIPE, cwd=Path.cwd()
    )
    assert process.stdout is not None
    await asyncio.wait_for(process.stdout.readline(), WITHIN_S)
    try:
        yield process
    finally:
        if process.returncode is None:
            os.kill(process.pid, signal.SIGCONT)
            process.kill()
            await process.wait()


async def test_what_a_killed_process_held_is_taken_over(server: NatsServer, nats: Client) -> None:
    async with another_process(server.url) as process:
        process.kill()
        began = asyncio.get_running_loop().time()
        async with holding(Lease(nats, "test", "heir")) as got:
            await asyncio.wait_for(got.wait(), WITHIN_S)
        took = asyncio.get_running_loop().time() - began
    assert leases.HELD_FOR_S < leases.FREE_AFTER_S + leases.LOOKED_AT_EVERY_S < TAKEN_OVER_WITHIN_S
    assert took >= leases.FREE_AFTER_S - leases.RENEWED_EVERY_S, "it was taken while it was held"


async def test_a_frozen_owner_that_wakes_up_writes_nothing(
    server: NatsServer, nats: Client
) -> None:
    async with another_process(server.url) as process:
        os.kill(process.pid, signal.SIGSTOP)
        async with holding(Lease(nats, "test", "heir")) as got:
            await asyncio.wait_for(got.wait(), WITHIN_S)
            before = (await nats.jetstream().stream_info("DEAD")).state.last_seq
            os.kill(process.pid, signal.SIGCONT)
            assert process.stdout is not None
            said = b""
            while said != b"lost\n":
                said = await asyncio.wait_for(process.stdout.readline(), WITHIN_S)
            after = (await nats.jetstream().stream_info("DEAD")).state.last_seq
    assert after == before


async def test_who_was_busy_for_too_long_goes_on_if_nobody_has_taken_over(nats: Client) -> None:
    lease = Lease(nats, "test", "one")
    async with lease.held():
        lease._held_until = 0.0
        await heed_lease()
        await Publisher(nats).publish([Outgoing("dead.written", b"")])


async def test_who_was_busy_for_too_long_stops_if_somebody_has(nats: Client) -> None:
    lease = Lease(nats, "test", "one")
    async with lease.held() as lost:
        note = json.dumps({"holder": "thief", "instance": "", "free": False}).encode()
        await nats.jetstream().publish("lease.test", note)
        lease._held_until = 0.0
        with pytest.raises(LeaseLostError):
            await Publisher(nats).publish([Outgoing("dead.written", b"")])
        assert lost.is_set()
    assert (await nats.jetstream().stream_info("DEAD")).state.messages == 0


async def test_outside_of_a_lease_anybody_may_write(nats: Client) -> None:
    assert current_term.get() is None
    await Publisher(nats).publish([Outgoing("dead.written", b"")])


async def test_who_comes_back_under_its_own_name_need_not_wait(nats: Client) -> None:
    """A supervisor starts it only once its predecessor is dead."""
    note = {"holder": "dead since a moment", "instance": "intake", "free": False}
    await nats.jetstream().publish("lease.test", json.dumps(note).encode())
    lease = Lease(nats, "test", "its successor", "intake")
    assert lease._may_take(await lease._look(), since=asyncio.get_running_loop().time())
    stranger = Lease(nats, "test", "a stranger", "intake-2")
    assert not stranger._may_take(await stranger._look(), since=asyncio.get_running_loop().time())


async def test_a_server_that_was_away_costs_nobody_the_lease(
    server: NatsServer, nats: Client
) -> None:
    """What nobody could renew is not given up, and goes on as it was."""
    lease = Lease(nats, "test", "one")
    async with lease.held() as lost:
        server.kill()
        server.start()
        async with asyncio.timeout(WITHIN_S):
            while not nats.is_connected or lease._held_until < asyncio.get_running_loop().time():
                await asyncio.sleep(0.01)
        await heed_lease()
        assert not lost.is_set()


@pytest.mark.usefixtures("quick")
async def test_two_that_were_given_the_same_name_do_not_hold_it_both(
    nats: Client, other: Client
) -> None:
    """In containers each is process 1; and a copied `.env` names them alike."""
    one, two = (Lease(client, "test", "a (process 1)", "a") for client in (nats, other))
    async with holding(one) as first:
        await asyncio.wait_for(first.wait(), WITHIN_S)
        async with holding(two) as second:
            await asyncio.wait_for(second.wait(), WITHIN_S)
            await asyncio.wait_for(one.lost.wait(), WITHIN_S)
            assert not two.lost.is_set()


@pytest.mark.parametrize("turns", range(1, 6))
async def test_a_stop_that_comes_in_the_moment_of_an_answer_ends_the_wait(
    nats: Client, turns: int
) -> None:
    """Python 3.11 forgets it; a service that had just started could not be stopped."""
    for sent_by in range(2, 16):
        lease, forever = Lease(nats, f"stopped-{turns}-{sent_by}", "one"), asyncio.Event()
        task = asyncio.create_task(_held(lease, forever, asyncio.Event()))
        await _turns(sent_by)
        time.sleep(0.01)  # noqa: ASYNC251  an answer lies in the socket, and nobody has read it yet
        await _turns(turns)
        task.cancel()
        await asyncio.wait([task], timeout=TAKEN_OVER_WITHIN_S)
        forever.set()
        assert task.cancelled(), sent_by


async def _turns(count: int) -> None:
    for _ in range(count):
        await asyncio.sleep(0)
