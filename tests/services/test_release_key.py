"""With another release key than the one that PUBLIC was written with, nothing is published."""

import asyncio
from datetime import UTC
from pathlib import Path

import pytest
from nats.aio.client import Client
from service_process import service_process

from services.publishing.passages import passages
from services.publishing.public import KEY, gate
from shared.contracts.identity import aggregate_id, fingerprint
from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.pipeline import Turn
from shared.eventsourcing.relay import Relay
from shared.runtime.service import REFUSES, STOPPED
from shared.testing.examples import (
    CHECK_OPENED,
    MEMBER_QUALIFIED,
    MONDAY,
    REPORT_FILED,
    new_event,
    recorded,
    varied,
)
from shared.testing.projection_spec import as_message
from shared.testing.servers import NatsServer

WITHIN_S = 120.0
ONE, OTHER = "one key", "another key"


async def filed(client: Client, first: int, last: int) -> None:
    reports = [aggregate_id("report", "x", str(number)) for number in range(first, last)]
    await JetStreamEventStore(client).append(
        [
            Append(
                AggregateKey("intake", "report", report_id),
                0,
                [new_event(varied(REPORT_FILED, report_id=report_id))],
            )
            for report_id in reports
        ]
    )


async def published(client: Client, count: int) -> None:
    async with asyncio.timeout(WITHIN_S):
        while (await client.jetstream().stream_info("PUBLIC")).state.messages < count:
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("rows", [pytest.param("kept", marks=pytest.mark.deep), "lost"])
async def test_another_key_refuses_to_start_and_publishes_nothing(
    server: NatsServer, nats: Client, tmp_path: Path, rows: str
) -> None:
    """Also beside a database that was made anew: 116,502 reports once stood there twice."""
    await filed(nats, 0, 5)
    async with service_process("gate", server, tmp_path, TRIBUNE_RELEASE_KEY=ONE):
        await published(nats, 5)
    await filed(nats, 5, 7)
    folder = tmp_path if rows == "kept" else tmp_path / "new"
    folder.mkdir(exist_ok=True)
    async with service_process("gate", server, folder, TRIBUNE_RELEASE_KEY=OTHER) as refused:
        assert await refused.ended() == REFUSES
    assert "PUBLIC was written with another release key" in refused.said
    assert "Put the old key back (`secrets/release_key` in the folder of keys" in refused.said
    assert ONE not in refused.said
    assert OTHER not in refused.said
    assert (await nats.jetstream().stream_info("PUBLIC")).state.messages == 5
    async with service_process("gate", server, folder, TRIBUNE_RELEASE_KEY=ONE):
        await published(nats, 7)
    assert (await nats.jetstream().stream_info("PUBLIC")).state.messages == 7


async def test_two_with_keys_of_their_own_that_began_on_an_empty_public_do_not_take_turns(
    server: NatsServer, nats: Client, tmp_path: Path
) -> None:
    """Neither could tell at its start; who takes over has to look again."""
    (tmp_path / "other").mkdir()
    async with (
        service_process("gate", server, tmp_path / "other", TRIBUNE_RELEASE_KEY=OTHER) as other,
        service_process("gate", server, tmp_path, TRIBUNE_RELEASE_KEY=ONE) as one,
    ):
        await one.ready()
        await filed(nats, 0, 5)
        await published(nats, 5)
        first = (await nats.jetstream().get_msg("PUBLIC", 1)).headers or {}
        owner, heir = (one, other) if first[KEY] == fingerprint(ONE.encode()) else (other, one)
        owner.process.terminate()
        assert await owner.ended() == STOPPED
        assert await heir.ended() == REFUSES
    assert (await nats.jetstream().stream_info("PUBLIC")).state.messages == 5


async def test_who_finds_another_key_before_its_own_message_does_not_write_it(
    nats: Client,
) -> None:
    """Two relays have two owners, and each of them may have begun before the other wrote."""
    (from_intake, *_), (_, from_promotion, *_) = (passages(key.encode()) for key in (ONE, OTHER))
    one, other = (
        Relay(nats, "publishing", passage, lambda: MONDAY)
        for passage in (from_intake, from_promotion)
    )
    for relay in (one, other):
        await relay._begin()
    await one._settle(one._prepare([as_message(recorded(REPORT_FILED, 1))]), Turn(None))
    with pytest.raises(LogDamagedError, match="PUBLIC/1 was written with another Tribune-Key"):
        await other._settle(other._prepare([as_message(recorded(MEMBER_QUALIFIED, 1))]), Turn(None))
    assert (await nats.jetstream().stream_info("PUBLIC")).state.messages == 1


async def test_every_public_message_carries_the_keys_fingerprint(
    server: NatsServer, nats: Client, tmp_path: Path
) -> None:
    await filed(nats, 0, 3)
    (tmp_path / "other").mkdir()
    async with service_process("gate", server, tmp_path, TRIBUNE_RELEASE_KEY=ONE):
        await published(nats, 3)
        async with service_process(
            "gate", server, tmp_path / "other", TRIBUNE_RELEASE_KEY=OTHER
        ) as beside:
            assert await beside.ended() == REFUSES, "it may not even stand by"
    for sequence in (1, 2, 3):
        message = await nats.jetstream().get_msg("PUBLIC", sequence)
        assert (message.headers or {})[KEY] == fingerprint(ONE.encode())


def test_what_stands_in_public_already_must_never_get_another_id() -> None:
    """Written down here, so that no change of the code goes along with one of the test."""
    key = b"a key for tests"
    found = [gate(key, UTC)(event) for event in (REPORT_FILED, CHECK_OPENED, MEMBER_QUALIFIED)]
    assert [event.aggregate_id for event in found if event] == [
        "1d1f0ea5f7410ac9bf4aa40ae3934b34",
        "8f730813edd47694142de2c242bfad70",
        "c6c3bd1ec8fa99f8e7712dd9e74a0a72",
    ]
    passed = passages(key)[0].release(recorded(REPORT_FILED, 7))
    assert passed is not None
    assert passed[0] == "c343d457919354c0917903b04e99a41c"
    assert fingerprint(key) == "30266ae77e700375"
    assert fingerprint(b"another key") != fingerprint(key)
