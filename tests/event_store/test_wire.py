"""Nothing is written to the connection that the server would close it for, or take for another."""

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.eventsourcing.errors import RefusedAppendError, TooLargeError
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.wire import Outgoing
from shared.testing.servers import NatsServer

BEYOND_EVERYTHING = "x" * 4_300_000


async def test_nothing_too_large_is_written_to_the_connection(nats: Client) -> None:
    """The server closes it for good, and everybody who shares it is cut off."""
    publisher = Publisher(nats)
    for messages in (
        [Outgoing("intake.x", BEYOND_EVERYTHING.encode())],
        [Outgoing("intake.x", b""), Outgoing("intake.x", BEYOND_EVERYTHING.encode())],
        [Outgoing("intake.x", b"", {"ce-id": BEYOND_EVERYTHING})],
        [Outgoing("intake.x", b"x" * 900_000) for _ in range(10)],
    ):
        with pytest.raises(TooLargeError):
            await publisher.publish(messages)
    await nats.flush()
    assert nats.stats["reconnects"] == 0
    assert nats.is_connected
    assert await publisher.publish([Outgoing("intake.x", b"small")]) == 1


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b"])
async def test_no_value_of_a_header_can_forge_another_one(nats: Client, end: str) -> None:
    forging = f"a{end}Nats-Rollup: all{end}{end}body"
    for messages in (
        [Outgoing("intake.x", b"one", {"ce-id": forging})],
        [Outgoing("intake.x", b"two", {"ce-id": forging}), Outgoing("intake.x", b"three")],
    ):
        last = await Publisher(nats).publish(messages)
        found = await nats.jetstream().get_msg("INTAKE", last - len(messages) + 1)
        assert found.data == messages[0].body
        assert "Nats-Rollup" not in (found.headers or {})
        assert " ".join((found.headers or {})["ce-id"].split()) == "a Nats-Rollup: all body"


async def test_a_subject_that_none_may_have_is_refused_at_once(nats: Client) -> None:
    with pytest.raises(RefusedAppendError):
        await Publisher(nats).publish([Outgoing("intake.a b", b"")])


async def test_after_a_flush_the_server_knows_of_what_was_subscribed_to(
    server: NatsServer, nats: Client
) -> None:
    """nats-py's own ping overtook it, and who asked next was told that nobody is there."""

    async def answer(message: Msg) -> None:
        await message.respond(b"")

    asks = await connect(server.url, "test")
    for number in range(300):
        answers = await nats.subscribe(f"asked.{number}", cb=answer)
        await nats.flush()
        await asks.request(f"asked.{number}", timeout=60)
        await answers.unsubscribe()
    await asks.close()
