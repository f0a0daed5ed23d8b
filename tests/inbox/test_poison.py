"""No message, however malformed, can silence a connection or the inbox."""

import asyncio
import importlib.util
import json
import sys

import nats.aio.client
import pytest
from nats.aio.client import Client
from nats.js.errors import APIError
from upstream import SUBMITTED, answers, headers, inbox, running, send, send_raw, submitted

from shared.eventsourcing.jetstream.connection import connect
from shared.testing.examples import MONDAY
from shared.testing.servers import NatsServer

SUBJECT = SUBMITTED.encode()
BODY = submitted(1)[1]


def block(*lines: bytes) -> bytes:
    return b"".join(line + b"\r\n" for line in (b"NATS/1.0", *lines, b""))


def good_lines(ce_id: bytes) -> list[bytes]:
    return [f"{k}: {v}".encode() for k, v in headers("ID").items() if k != "ce-id"] + [
        b"ce-id: " + ce_id
    ]


MALFORMED = {
    "status line that is no UTF-8": b"NATS/1.0 \xff\r\n\r\n",
    "status line with a status": b"NATS/1.0 503\r\n\r\n",
    "status with a description that is no UTF-8": b"NATS/1.0 100 \xff\xfe\r\nce-id: a\r\n\r\n",
    "no status line": b"ce-id: a\r\n\r\n",
    "no end of line": b"NATS/1.0",
    "less than a status line": b"N",
    "status line cut off": b"NATS/1.0 ",
    "nothing but line breaks": b"\r\n\r\n\r\n\r\n",
    "header without a colon": block(b"ce-id"),
    "header without a name": block(b": a"),
    "header name that is no UTF-8": block(b"ce-\xff: a"),
    "header value that is no UTF-8": block(b"ce-id: \xff\xfe"),
    "header with NUL": block(b"ce-id: \0"),
    "id with a folded line": block(*good_lines(b"a\r\n b")),
    "id with a line feed": block(*good_lines(b"a\nb")),
    "id with a carriage return": block(*good_lines(b"a\rNats-Rollup: all")),
    "id with an escape": block(*good_lines(b"\x1b[2J")),
    "id of half a character": block(*good_lines(b"\xed\xa0\x80")),
    "another protocol": b"HTTP/1.1 200 OK\r\n\r\n",
}
ODD_SUBJECTS = {
    "no UTF-8": b"inbox.boston.\xff\xfe",
    "vertical tab": b"inbox.boston.a\x0bb",
    "form feed": b"inbox.boston.\x0c",
    "NUL": b"inbox.boston.\0",
    "half a character": b"inbox.boston.\xed\xa0\x80",
    "escape": b"inbox.boston.\x1b[2J",
    "no kind of ours": b"inbox.boston.a.b.c.d.e.f",
    "very long": b"inbox.boston." + b"x" * 900,
}


@pytest.mark.parametrize("malformed", MALFORMED.values(), ids=MALFORMED)
async def test_a_malformed_header_block_is_answered_and_what_follows_is_taken(
    server: NatsServer, nats: Client, malformed: bytes
) -> None:
    await send(nats, submitted(1))
    errors = await send_raw(server.url, (SUBJECT, malformed, BODY))
    await send(nats, submitted(2))
    async with running(inbox(nats)) as box:
        found = await answers(nats, box)
    sent = 2 if errors else (await nats.jetstream().stream_info(box.stream)).state.last_seq
    assert found.is_complete(sent)
    assert {found.accepted[1].ce_id, found.accepted[sent].ce_id} == {"submitted-1", "submitted-2"}


@pytest.mark.parametrize("subject", ODD_SUBJECTS.values(), ids=ODD_SUBJECTS)
async def test_a_message_on_an_odd_subject_is_answered_and_what_follows_is_taken(
    server: NatsServer, nats: Client, subject: bytes
) -> None:
    await send(nats, submitted(1))
    await send_raw(server.url, (subject, b"", BODY), (subject, block(*good_lines(b"x")), BODY))
    await send(nats, submitted(2))
    async with running(inbox(nats)) as box:
        found = await answers(nats, box)
    sent = (await nats.jetstream().stream_info(box.stream)).state.last_seq
    assert found.is_complete(sent)
    assert sorted(found.accepted) == [1, sent]


POISON = [
    pytest.param(SUBJECT, MALFORMED["status line that is no UTF-8"], id="status line"),
    pytest.param(ODD_SUBJECTS["no UTF-8"], block(b"ce-id: a"), id="subject"),
]


@pytest.mark.parametrize(("subject", "headers_"), POISON)
async def test_a_malformed_message_does_not_silence_a_connection(
    server: NatsServer, subject: bytes, headers_: bytes
) -> None:
    listener = await connect(server.url, "listener")
    assert await _hears_what_follows(server, listener, subject, headers_)


@pytest.mark.parametrize(("subject", "headers_"), POISON)
async def test_without_hardening_it_does(
    server: NatsServer, subject: bytes, headers_: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The day this fails, nats-py has mended it, and our own cure may go."""
    listener = _never_hardened(monkeypatch)
    await listener.connect(server.url)
    assert not await _hears_what_follows(server, listener, subject, headers_)


def _never_hardened(monkeypatch: pytest.MonkeyPatch) -> Client:
    """nats-py's client from its file once more: hardening changed the one all others use."""
    name = "nats.aio.never_hardened"
    spec = importlib.util.spec_from_file_location(name, nats.aio.client.__file__)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, name, module)
    spec.loader.exec_module(module)
    return module.Client()  # type: ignore[no-any-return]


async def _hears_what_follows(
    server: NatsServer, listener: Client, subject: bytes, headers_: bytes
) -> bool:
    heard = asyncio.Event()

    async def hear(_: object) -> None:
        heard.set()

    await listener.subscribe("other.subject", cb=hear)
    await listener.subscribe("inbox.>", cb=_ignore)
    await listener.flush()
    await send_raw(server.url, (subject, headers_, BODY))
    await send_raw(server.url, (b"other.subject", b"", b"hello"))
    try:
        await asyncio.wait_for(heard.wait(), 3.0)
    except TimeoutError:
        return False
    finally:
        await listener.close()
    return True


async def _ignore(_: object) -> None:
    return


async def test_a_body_of_two_megabytes_is_refused_at_the_door_and_the_rest_is_taken(
    nats: Client,
) -> None:
    big = (headers("big"), json.dumps({"report": "x" * 2_000_000}).encode())
    async with running(inbox(nats)) as box:
        await send(nats, submitted(1))
        with pytest.raises(APIError) as refused:
            await nats.jetstream().publish(SUBMITTED, big[1], headers=big[0])
        await send(nats, submitted(2))
        found = await answers(nats, box)
    assert refused.value.err_code == 10054
    assert found.is_complete(2)
    assert len(found.accepted) == 2


@pytest.mark.parametrize("size", [256 * 1024 + 1, 270 * 1024])
async def test_a_body_that_passes_the_door_and_is_too_large_gets_a_refusal(
    nats: Client, size: int
) -> None:
    big = (headers("big"), b"x" * size)
    async with running(inbox(nats)) as box:
        await send(nats, submitted(1), big, submitted(2))
        found = await answers(nats, box)
    assert found.is_complete(3)
    assert found.refused[2].problem.type == "urn:tribune:problem:too-large"
    assert found.refused[2].ce_id == "big"


@pytest.mark.parametrize("field", ["id", "correlationid", "type", "source", "specversion"])
@pytest.mark.parametrize("value", ["\ud800", "a\nb", "a\r\nNats-Rollup: all", "\0", "x" * 100_000])
async def test_no_attribute_of_a_structured_event_can_stop_the_inbox(
    nats: Client, field: str, value: str
) -> None:
    envelope = {
        "specversion": "1.0",
        "id": "s",
        "source": "x",
        "type": "report.submitted",
        "data": json.loads(BODY),
        field: value,
    }
    message = ({"content-type": "application/cloudevents+json"}, json.dumps(envelope).encode())
    async with running(inbox(nats)) as box:
        await send(nats, submitted(1), message, submitted(2))
        found = await answers(nats, box)
    assert found.is_complete(3)
    assert {1, 3} <= set(found.accepted)


async def test_a_due_date_that_is_none_is_refused_with_its_field(nats: Client) -> None:
    body = {
        "commitment": "1",
        "owner": "Public Works",
        "task": "Mend the lamp",
        "place": "us.ma.boston.roxbury",
        "sector": "street-lights",
        "made_at": MONDAY.isoformat(),
        "due_at": "31 February",
    }
    message = (headers("c", "commitment.made"), json.dumps(body).encode())
    async with running(inbox(nats)) as box:
        await send(nats, message, subject="inbox.boston.commitment.made")
        found = await answers(nats, box)
    assert [fault.pointer for fault in found.refused[1].problem.errors] == ["/due_at"]
