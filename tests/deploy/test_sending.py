"""What a sender sees of an inbox that takes no more: whose it is, why, and what to do."""

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from mappings import REPORTS
from nats.aio.client import Client
from typer.testing import CliRunner

from deploy.cli import app
from deploy.feeding.publish import publish
from deploy.feeding.sending import Door, DoorError, Stored
from deploy.problems import told
from shared.eventsourcing.inbox.size import size_of
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.streams import InboxLimits, declare, suite_streams
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.mapping import UpstreamEvent
from shared.testing.servers import NatsServer

KB, MB = 1024, 1024**2
AT = datetime(2030, 1, 7, tzinfo=UTC)
MAPPING = (
    REPORTS
    + """report = "{id}"
place = "us"
sector = "trees"
filed_at = { instant = "at" }
text = "{text}"
"""
)


def event(number: int, size: int) -> UpstreamEvent:
    headers = {"ce-id": f"e-{number}"}
    return UpstreamEvent(AT, "x", lambda: Outgoing("inbox.boston.x", b"x" * size, headers))


async def small_inbox(client: Client) -> None:
    await declare(client.jetstream(), suite_streams({"boston": InboxLimits(MB, 16 * KB)}))


async def nobody_looks(_: int, __: datetime | None) -> None:
    return


async def test_an_oversize_event_in_a_batch_is_named_and_nothing_of_its_batch_is_sent(
    bare_nats: Client,
) -> None:
    await small_inbox(bare_nats)
    events = [event(number, 17 * KB if number == 503 else 10) for number in range(510)]
    with pytest.raises(ExceptionGroup) as raised:
        await publish(bare_nats, "boston", events, nobody_looks)
    code, words = told(raised.value)
    assert code == 1
    assert "the event e-503 of boston has 17,5" in words
    assert "at most 16,384" in words
    assert (await bare_nats.jetstream().stream_info("INBOX_BOSTON")).state.messages == 500


async def test_the_size_of_an_event_is_what_the_server_counts(bare_nats: Client) -> None:
    """One byte more in every event of a batch, and the server refuses it."""
    await small_inbox(bare_nats)
    beside = size_of(event(1, 0).outgoing())
    fits = [event(number, 16 * KB - beside).outgoing() for number in (1, 2, 3)]
    door = Door(bare_nats, "boston")
    await door.open()
    assert await door.take(fits) == [Stored(1, 3)]
    with pytest.raises(DoorError, match="e-2 of boston has 16,385 bytes"):
        await door.take([fits[0], event(2, 16 * KB - beside + 1).outgoing(), fits[2]])


async def test_a_full_inbox_is_told_in_words_within_a_moment(bare_nats: Client) -> None:
    await small_inbox(bare_nats)
    door = Door(bare_nats, "boston")
    await door.open()
    with pytest.raises(DoorError) as raised:
        for _ in range(20):
            await door.take([event(number, 15 * KB).outgoing() for number in range(10)])
    code, words = told(raised.value)
    assert code == 1
    assert re.match(r"the inbox of boston is full: it holds [\d.]+ KB of 1 MB. Raise max_b", words)
    with pytest.raises(DoorError, match="is full"):
        for number in range(20):  # one message by itself, too
            await door.take([event(number, 15 * KB).outgoing()])


async def test_a_source_without_an_inbox_is_told(bare_nats: Client) -> None:
    await small_inbox(bare_nats)
    with pytest.raises(DoorError, match="chicago has no inbox; name it in the charter"):
        await publish(bare_nats, "chicago", [event(1, 10)], nobody_looks)


async def test_an_inbox_from_before_there_were_limits_takes_anything(bare_nats: Client) -> None:
    await small_inbox(bare_nats)
    jetstream = bare_nats.jetstream()
    config = (await jetstream.stream_info("INBOX_BOSTON")).config
    await jetstream.update_stream(config.evolve(max_bytes=-1, max_msg_size=-1))
    door = Door(bare_nats, "boston")
    await door.open()
    assert await door.take([event(1, MB).outgoing()]) == [Stored(1, 1)]


async def test_the_command_ends_with_the_words_and_1(
    server: NatsServer, bare_nats: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await small_inbox(bare_nats)
    (tmp_path / "mapping.toml").write_text(MAPPING)
    (tmp_path / "rows.csv").write_text(f"id,at,text\n7,2030-01-01,{'x' * 17_000}\n")
    monkeypatch.setenv("TRIBUNE_NATS_URL", server.url)
    arguments = ["publish", str(tmp_path / "rows.csv"), "--mapping", str(tmp_path / "mapping.toml")]
    ended = await asyncio.to_thread(CliRunner().invoke, app, arguments)
    assert ended.exit_code == 1
    assert "the event 7 of boston has 17," in ended.stderr


async def test_a_server_that_begins_again_is_waited_for(log_server: NatsServer) -> None:
    client = await connect(log_server.url, "test")
    await small_inbox(client)
    log_server.kill()
    opening = asyncio.create_task(Door(client, "boston").open())
    done, _ = await asyncio.wait([opening], timeout=0.5)
    assert not done
    log_server.start()
    assert await opening == 0
    await client.close()
