"""The gate as a program of its own goes on where publishing was, and hands over to another one."""

import asyncio
import json
from pathlib import Path

from nats.aio.client import Client
from service_process import service_process

from services.publishing.passages import passages
from shared.contracts.identity import aggregate_id
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.relay import Relay
from shared.testing.examples import MONDAY, REPORT_FILED, new_event, varied
from shared.testing.servers import NatsServer

KEY = "one key"
WITHIN_S = 120.0
FORMER = {
    "position.publishing.public-intake": {
        "sequence": 5,
        "handles": [
            "tribune.intake.CheckOpened",
            "tribune.intake.CheckOverdue",
            "tribune.intake.DoneClaimed",
            "tribune.intake.OverdueWithdrawn",
            "tribune.intake.ReportConfirmed",
            "tribune.intake.ReportFiled",
            "tribune.intake.ReportRefuted",
        ],
        "wrote": 5,
    },
    "position.publishing.public-promotion": {
        "sequence": 0,
        "handles": ["tribune.promotion.MemberQualified"],
        "wrote": 0,
    },
}
"""As it stood when the site's process ran the relays, letter by letter."""


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


async def public_ids(client: Client, count: int) -> list[str]:
    """Once there are so many."""
    jetstream = client.jetstream()
    async with asyncio.timeout(WITHIN_S):
        while (await jetstream.stream_info("PUBLIC")).state.messages < count:
            await asyncio.sleep(0.02)
    end = (await jetstream.stream_info("PUBLIC")).state.last_seq
    found = [await jetstream.get_msg("PUBLIC", each) for each in range(1, end + 1)]
    return [(message.headers or {})["ce-id"] for message in found]


async def subjects(client: Client, stream: str) -> set[str]:
    info = await client.jetstream().stream_info(stream, subjects_filter=">")
    return set(info.state.subjects or {})


async def published_by_the_former_version(client: Client, reports: int) -> list[str]:
    await filed(client, 0, reports)
    relays = [
        Relay(client, "publishing", passage, lambda: MONDAY) for passage in passages(KEY.encode())
    ]
    works = [asyncio.create_task(relay.run()) for relay in relays]
    ids = await public_ids(client, reports)
    async with asyncio.timeout(WITHIN_S):
        while relays[0].position < reports:
            await asyncio.sleep(0.02)
    for work in works:
        work.cancel()
    await asyncio.gather(*works, return_exceptions=True)
    return ids


async def test_what_the_former_version_published_is_not_published_twice(
    server: NatsServer, nats: Client, tmp_path: Path
) -> None:
    before = await published_by_the_former_version(nats, 5)
    for subject, position in FORMER.items():
        await nats.jetstream().publish(subject, json.dumps(position).encode())
    async with service_process("gate", server, tmp_path, TRIBUNE_RELEASE_KEY=KEY) as gate:
        await gate.ready()
        await filed(nats, 5, 7)
        after = await public_ids(nats, 7)
        leases = await subjects(nats, "LEASES")
    assert after[:5] == before
    assert len(set(after)) == 7
    kept = await subjects(nats, "POSITIONS")
    assert kept - {"position.publishing.public-publishing"} == set(FORMER), "under these names"
    assert leases == {
        "lease.publishing.relay.public-intake",
        "lease.publishing.relay.public-promotion",
        "lease.publishing.relay.public-publishing",
        "lease.publishing.relay.public-released",
    }, "a process of the former version that still runs keeps it waiting"
    moved = await nats.jetstream().get_last_msg("POSITIONS", "position.publishing.public-intake")
    assert json.loads(moved.data or b"")["sequence"] == 7


async def test_nor_is_it_where_the_former_positions_are_lost(
    server: NatsServer, nats: Client, tmp_path: Path
) -> None:
    before = await published_by_the_former_version(nats, 5)
    await nats.jetstream().purge_stream("POSITIONS")
    await filed(nats, 5, 6)
    async with service_process("gate", server, tmp_path, TRIBUNE_RELEASE_KEY=KEY) as gate:
        await gate.ready()
        assert (await public_ids(nats, 6))[:5] == before
    assert (await nats.jetstream().stream_info("PUBLIC")).state.messages == 6


async def test_a_gate_that_is_killed_hands_over_to_the_other_one(
    server: NatsServer, nats: Client, tmp_path: Path
) -> None:
    given = {"TRIBUNE_RELEASE_KEY": KEY}
    async with service_process("gate", server, tmp_path, **given) as one:
        await one.ready()
        async with service_process("gate", server, tmp_path, **given) as other:
            assert len((await other.ready())["standby"]) == 4
            await filed(nats, 0, 3)
            await public_ids(nats, 3)
            one.process.kill()
            await filed(nats, 3, 5)
            ids = await public_ids(nats, 5)
            assert len(ids) == len(set(ids)) == 5
