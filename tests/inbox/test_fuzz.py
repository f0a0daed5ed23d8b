"""Ten thousand random byte strings among good messages: each answered, no good one lost."""

import random
from collections.abc import Iterator

from nats.aio.client import Client
from upstream import (
    SUBMITTED,
    all_stored,
    answers,
    headers,
    inbox,
    read_stream,
    running,
    send_raw,
    submitted,
)

from shared.contracts.inbox import INBOX_KINDS
from shared.contracts.receipt import Receipts
from shared.testing.servers import NatsServer

SEED = 1925
RANDOM, GOOD, CHUNK = 10_000, 400, 1_000
STRUCTURED = b"application/cloudevents+json"

Raw = tuple[bytes, bytes, bytes]


def _block(lines: dict[str, str]) -> bytes:
    text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return b"NATS/1.0\r\n" + text.encode() + b"\r\n"


def _good(number: int) -> Raw:
    lines, body = submitted(number, ce_id=f"good-{number}")
    return SUBMITTED.encode(), _block(lines), body


def _mutilated(chance: random.Random, data: bytes) -> bytes:
    """A good thing with some bytes changed, cut out or put in."""
    found = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        place = chance.randrange(len(found) + 1)
        found[place : place + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))
    return bytes(found)


def _random(chance: random.Random, number: int) -> Raw:
    """Random bodies, headers and subjects, some of them close to good ones."""
    subject = f"inbox.boston.{chance.choice(sorted(INBOX_KINDS))}".encode()
    lines, good_body = submitted(chance.randint(10**6, 10**7), ce_id=f"bad-{number}")
    body = chance.choice([chance.randbytes(chance.randint(0, 300)), _mutilated(chance, good_body)])
    block = chance.choice(
        [
            b"",
            _block(lines),
            b"NATS/1.0\r\ncontent-type: " + STRUCTURED + b"\r\n\r\n",
            b"NATS/1.0\r\n" + chance.randbytes(chance.randint(0, 60)) + b"\r\n\r\n",
            b"NATS/1.0 " + chance.randbytes(chance.randint(0, 60)) + b"\r\n\r\n",
            b"NATS/1.0\r\n" + _mutilated(chance, _block(lines)[10:-4]) + b"\r\n\r\n",
        ]
    )
    if chance.random() < 0.1:
        word = chance.randbytes(chance.randint(1, 20)).translate(None, b" \t\r\n.*>")
        subject = b"inbox.boston." + (word or b"x")
    return subject, block, body


def _messages() -> Iterator[Raw]:
    chance = random.Random(SEED)
    every = RANDOM // GOOD
    for number in range(RANDOM):
        if number % every == 0:
            yield _good(number // every)
        yield _random(chance, number)


async def test_each_is_answered_once_and_every_good_one_is_accepted(
    server: NatsServer, nats: Client
) -> None:
    messages = list(_messages())
    assert len(messages) == RANDOM + GOOD
    async with running(inbox(nats)) as box:
        for start in range(0, len(messages), CHUNK):
            chunk = messages[start : start + CHUNK]
            assert await send_raw(server.url, *chunk) == []
            await all_stored(nats, start + len(chunk))
        found = await answers(nats, box)
    assert found.is_complete(RANDOM + GOOD)
    accepted = {receipt.ce_id for receipt in found.accepted.values()}
    assert {f"good-{number}" for number in range(GOOD)} <= accepted
    assert len(found.refused) > RANDOM / 2
    assert nats.is_connected


async def test_what_was_sent_is_not_repeated_in_any_refusal(
    server: NatsServer, nats: Client
) -> None:
    """A name is put into every place of a message that may hold one."""
    name = "Kowalczyk-7391"
    body = f'{{"report": "1", "place": "{name}", "sector": "x", "text": "{name}\\u0000"}}'.encode()
    bodies = [body, body[:-3], name.encode(), f'["{name}"]'.encode(), b"\xff" + body]
    kinds = [f"inbox.boston.{kind}".encode() for kind in (*INBOX_KINDS, "unknown")]
    lines = headers("plain-id") | {"ce-subject": name, "ce-source": name}
    blocks = [_block(lines), _block({"content-type": STRUCTURED.decode()}), b"", _block({})]
    messages = [(kind, block, body) for kind in kinds for block in blocks for body in bodies]
    assert await send_raw(server.url, *messages) == []
    await all_stored(nats, len(messages))
    async with running(inbox(nats)) as box:
        found = await answers(nats, box)
    assert len(found.refused) == len(messages)
    for message in await read_stream(nats, "RECEIPTS"):
        assert name.encode() not in message.body
        assert Receipts.model_validate_json(message.body).refused
