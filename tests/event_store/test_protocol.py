"""Whatever way the bytes come, the messages in them are the same; none is lost, none invented."""

import asyncio
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nats.aio.client import Client
from nats.errors import ProtocolError
from nats.protocol.parser import Parser

from shared.eventsourcing.jetstream import protocol
from shared.eventsourcing.jetstream.connection import connect
from shared.testing.servers import NatsServer

Seen = list[tuple[Any, ...]]


class Listener:
    """In the place of a client: what it is told, in order."""

    def __init__(self) -> None:
        self.seen: Seen = []
        self.stats = {"in_msgs": 0, "in_bytes": 0}

    async def _process_msg(self, *message: object) -> None:
        self.seen.append(message)

    async def _process_ping(self) -> None:
        self.seen.append(("PING",))

    async def _process_pong(self) -> None:
        self.seen.append(("PONG",))

    async def _process_info(self, info: dict[str, Any]) -> None:
        self.seen.append(("INFO", info))

    async def _process_err(self, said: str) -> None:
        self.seen.append(("-ERR", said))


word = st.binary(min_size=1, max_size=12).filter(lambda found: not set(found) & set(b" \t\r\n"))
gap = st.sampled_from([b" ", b"  ", b"\t"])
contents = st.binary(max_size=30) | st.sampled_from([b"\r\n", b"MSG a 1 2\r\nhi\r\n", b"PING\r\n"])


@st.composite
def commands(draw: st.DrawFn) -> tuple[bytes, tuple[Any, ...]]:
    """What a server sends, and what that means."""
    plain = {
        b"PING\r\n": ("PING",),
        b"PONG\r\n": ("PONG",),
        b'INFO {"a":1}\r\n': ("INFO", {"a": 1}),
        b"-ERR 'Some Fault'\r\n": ("-ERR", "'some fault'"),
    }
    if draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(list(plain.items())))
    subject, reply, space = draw(word), draw(st.just(b"") | word), draw(gap)
    sid, body = draw(st.integers(1, 10**6)), draw(contents)
    words = [subject, b"%d" % sid] + ([reply] if reply else [])
    if draw(st.booleans()):
        head = b"NATS/1.0\r\n" + draw(contents) + b"\r\n\r\n"
        sizes = [b"%d" % len(head), b"%d" % (len(head) + len(body))]
        line = space.join([b"HMSG", *words, *sizes])
        return line + b"\r\n" + head + body + b"\r\n", (sid, subject, reply, body, head)
    line = space.join([b"MSG", *words, b"%d" % len(body)])
    return line + b"\r\n" + body + b"\r\n", (sid, subject, reply, body, b"")


async def _read(chunks: list[bytes]) -> Seen:
    listener = Listener()
    parser = Parser(listener)
    for chunk in chunks:
        await protocol.parse(parser, chunk)
    assert not parser.buf
    return listener.seen


@given(st.lists(commands(), max_size=6), st.data())
def test_a_message_is_the_same_however_its_bytes_come(
    sent: list[tuple[bytes, tuple[Any, ...]]], data: st.DataObject
) -> None:
    whole = b"".join(command for command, _ in sent)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(whole)), max_size=8)) | {0, len(whole)})
    chunks = [whole[start:end] for start, end in pairwise(cuts)]
    assert asyncio.run(_read(chunks)) == [meant for _, meant in sent]


@pytest.mark.parametrize(
    "line",
    [b"MSG a\r\n", b"HMSG a 1 2\r\n", b"MSG a b 2\r\nhi\r\n", b"WHAT\r\n", b"MSG\x0ba 1 2\r\n"],
)
async def test_what_is_no_protocol_ends_the_connection(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        await _read([b"PING\r\n" + line])


async def test_nothing_of_an_old_connection_is_left_to_the_new_one() -> None:
    class Reconnecting(Listener):
        async def _process_err(self, _: str) -> None:
            parser.reset()

    listener = Reconnecting()
    parser = Parser(listener)
    await protocol.parse(parser, b"PING\r\n-ERR 'Stale Connection'\r\nPING\r\nMSG a 1 5\r\nhal")
    await protocol.parse(parser, b"PONG\r\n")
    assert listener.seen == [("PING",), ("PONG",)]


async def test_what_is_delivered_directly_is_what_was_sent(
    server: NatsServer, bare_nats: Client
) -> None:
    sends = await connect(server.url, "test")
    got: list[tuple[bytes, bytes, bytes, bytes]] = []
    arrived = asyncio.Event()

    def take(*message: bytes) -> None:
        got.append(message)  # type: ignore[arg-type]
        arrived.set()

    subscription = await bare_nats.subscribe("told.>")
    protocol.deliver_directly(bare_nats, subscription, take)
    await bare_nats.flush()
    bodies = [b"", b"\r\n", b"x" * 600_000, b"PING\r\n"]
    for body in bodies:
        await sends.publish("told.it", body, "answer.here", headers={"a": "b"} if body else None)
    await sends.flush()
    async with asyncio.timeout(60):
        while len(got) < len(bodies):
            arrived.clear()
            await arrived.wait()
    assert [message[3] for message in got] == bodies
    assert {message[:2] for message in got} == {(b"told.it", b"answer.here")}
    assert [message[2] for message in got] == [b""] + 3 * [b"NATS/1.0\r\na: b\r\n\r\n"]
    protocol.deliver_no_more(bare_nats, subscription)
    await sends.publish("told.it", b"more")
    await sends.flush()
    assert (await subscription.next_msg(60)).data == b"more"
    assert len(got) == len(bodies)
    await sends.close()


async def test_no_status_line_silences_those_who_subscribe_in_nats_pys_own_way(
    server: NatsServer, bare_nats: Client
) -> None:
    sends = await connect(server.url, "test")
    subscription = await bare_nats.subscribe("told.>")
    await bare_nats.flush()
    strange = b"NATS/1.0 \xff\xfe\r\n\r\n"
    command = b"HPUB told.it %d %d\r\n%s\r\n" % (len(strange), len(strange), strange)
    await sends._send_command(command)
    await sends.publish("told.it", b"after it")
    await sends.flush()
    assert not (await subscription.next_msg(60)).headers
    assert (await subscription.next_msg(60)).data == b"after it"
    await sends.close()
