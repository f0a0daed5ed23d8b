"""The proof computes each release again, and sees what is missing, other, or in another order."""

from pathlib import Path

import pytest
from nats.aio.client import Client
from protected import KEY, append, confirmed, filed, released, releases
from pydantic import SecretStr

from deploy.looking.reading import messages
from deploy.programs import SERVICES
from deploy.suite import database, read_models
from deploy.verify import verify
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.message import Message
from shared.eventsourcing.jetstream.streams import log_stream
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.eventsourcing.projections.projector import prepare
from shared.runtime.clock import Clock
from shared.runtime.settings import Settings
from shared.testing.examples import MONDAY
from shared.testing.servers import NatsServer


@pytest.fixture
async def suite(nats: Client, server: NatsServer, tmp_path: Path) -> Settings:
    """At rest, after the release of a day with four reports that were confirmed."""
    given = Settings(
        _env_file=None,
        data_dir=tmp_path,
        nats_url=SecretStr(server.url),
        release_key=SecretStr(KEY.decode()),
    )
    for service in SERVICES:
        engine = database(given, service)
        prepare(engine, read_models(service))
        engine.dispose()
    reports = [filed(n) for n in range(4)]
    await append(nats, [*reports, *map(confirmed, reports)])
    await released(releases(nats, Clock(MONDAY, speed=0)))
    return given


async def of_public(nats: Client, given: Settings) -> list[str]:
    found = await verify(nats, given, lambda _: None)
    return [line for line in found.wrong if "PUBLIC" in line]


async def written_anew(nats: Client, kept: list[Message]) -> None:
    await nats.jetstream().delete_stream("PUBLIC")
    await nats.jetstream().add_stream(log_stream("PUBLIC"))
    for one in kept:
        own = {name: said for name, said in one.headers.items() if not name.startswith("Nats-")}
        await Publisher(nats).publish([Outgoing(one.subject, one.body, own)])


async def test_a_release_as_it_was_made_is_proven(nats: Client, suite: Settings) -> None:
    assert await of_public(nats, suite) == []


async def test_a_release_that_is_made_and_not_out_yet_is_no_fault(
    nats: Client, suite: Settings
) -> None:
    later = releases(nats, Clock(MONDAY, speed=0))
    await later._ledger.look()
    later._clock.jump(MONDAY.replace(day=9))
    await later._make()
    assert await of_public(nats, suite) == []


async def test_what_is_missing_is_found(nats: Client, suite: Settings) -> None:
    kept = [each async for each in messages(nats, "PUBLIC")]
    await nats.jetstream().purge_stream("POSITIONS")
    at = {"sequence": 1, "handles": ["tribune.gate.ReleaseMade"], "wrote": 0}
    await nats.jetstream().publish(
        "position.publishing.public-released", str(at).replace("'", '"').encode()
    )
    await written_anew(nats, kept[1:])
    (line,) = await of_public(nats, suite)
    assert line == "GATE/1: PUBLIC has nothing of what public-released makes of it"


async def test_what_says_something_else_is_found(nats: Client, suite: Settings) -> None:
    kept = [each async for each in messages(nats, "PUBLIC")]
    kept[0] = kept[0]._replace(body=kept[0].body.replace(b"2030-01-07", b"2030-01-06"))
    await written_anew(nats, kept)
    assert await of_public(nats, suite) == ["PUBLIC/1: GATE/1 lets something else out"]


async def test_an_order_that_could_tell_something_is_found(nats: Client, suite: Settings) -> None:
    kept = [each async for each in messages(nats, "PUBLIC")]
    await written_anew(nats, kept[::-1])
    assert "PUBLIC/7: tells an order of its own" in await of_public(nats, suite)
