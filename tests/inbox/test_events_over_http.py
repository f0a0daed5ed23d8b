"""Messages over HTTP get into the same inbox, and the same receipts come back."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from nats.aio.client import Client
from over_http import BATCH, STRUCTURED, Door, door, envelope
from own_server import own_server
from upstream import all_answers, answers, headers, read_stream, submitted

from services.intake.api.who import BODIES_AT_ONCE
from shared.eventsourcing.errors import StoreFullError
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.connection import connect
from shared.eventsourcing.jetstream.streams import InboxLimits, declare, suite_streams
from shared.eventsourcing.jetstream.wire import Outgoing

MB = 1024**2
JSON = {"content-type": "application/json"}
TOLD = {"ce_id", "inbox_sequence", "kind", "id", "duplicate"}


@pytest.fixture
async def here(nats: Client) -> AsyncIterator[Door]:
    await declare(nats.jetstream(), suite_streams({"chicago": InboxLimits(max_bytes=64 * 1024**2)}))
    async with door(nats) as opened:
        yield opened


def problem(answer: Any, status: int, slug: str) -> Any:
    assert (answer.status_code, answer.headers["content-type"]) == (
        status,
        "application/problem+json",
    ), answer.text
    told = answer.json()
    assert told["type"].removeprefix("urn:tribune:problem:") == slug
    assert told["status"] == status
    assert "\n" not in told["detail"]
    return told


async def test_one_in_binary_mode(here: Door) -> None:
    key, _ = await here.key()
    lines, body = submitted(1)
    answer = await here.send(key, body, lines)
    assert answer.status_code == 202
    where = answer.headers["location"]
    assert where == "/receipts/boston/1"
    assert answer.json() == {"ce_id": "submitted-1", "inbox_sequence": 1, "receipt": where}
    told = await here.receipt(key, where)
    assert (told["state"], told["accepted"]["ce_id"]) == ("accepted", "submitted-1")
    assert {*told["accepted"]} == TOLD, "places in our log count what others send"
    (stored,) = await read_stream(here.nats, "INBOX_BOSTON")
    assert (stored.subject, stored.body) == ("inbox.boston.report.submitted", body)
    assert dict(stored.headers) == lines


async def test_with_patience_the_receipt_itself(here: Door) -> None:
    key, _ = await here.key()
    lines, body = submitted(1)
    answer = await here.send(key, body, lines, Prefer="respond-async, wait=5")
    assert (answer.status_code, answer.headers["preference-applied"]) == (200, "wait=5")
    assert answer.json()["accepted"]["ce_id"] == "submitted-1"
    assert answer.json() == (await here.ask(key, answer.headers["location"])).json()
    again = await here.send(key, body, lines, Prefer="wait=5")
    assert again.json()["accepted"]["duplicate"]
    assert again.json()["accepted"]["id"] == answer.json()["accepted"]["id"]
    assert len(await read_stream(here.nats, "INTAKE")) == 2, "the key, and one report"


async def test_structured_mode_and_what_headers_can_not_say(here: Door) -> None:
    key, _ = await here.key()
    for number, ce_id in enumerate(("plain", " blanks ", "naïve–№", "a/b%20c"), 1):
        sent = envelope(number, ce_id) | {"source": "two\nlines", "time": "never", "odd": [1]}
        answer = await here.send(key, sent, content_type=STRUCTURED, Prefer="wait=5")
        assert answer.status_code == 200, answer.text
        assert answer.json()["accepted"]["ce_id"] == ce_id


async def test_in_headers_signs_are_written_as_the_binding_says(here: Door) -> None:
    key, _ = await here.key()
    for number, (said, meant) in enumerate(
        ((b"a%20b%22", 'a b"'), (b'"a \\"b"', 'a "b'), ("é№".encode(), "é№"), (b"%C3%A9", "é"))
    ):
        lines, body = submitted(number)
        lines |= {"ce-id": said.decode("latin-1")}
        raw = [(name, value.encode("latin-1")) for name, value in lines.items()]
        answer = await here.client.post(
            "/events",
            content=body,
            headers=[("Authorization", f"Bearer {key}".encode()), ("Prefer", b"wait=5"), *raw],
        )
        assert answer.status_code == 200, answer.text
        assert answer.json()["accepted"]["ce_id"] == meant
    for wrong in ("%", "%zz", "%FF", "%0a"):
        lines, body = submitted(9)
        problem(await here.send(key, body, lines | {"ce-id": wrong}), 422, "not-a-cloudevent")


async def test_a_batch_answers_for_each(here: Door) -> None:
    key, _ = await here.key()
    batch = [
        envelope(1),
        envelope(1),
        {"specversion": "1.0"},
        envelope(2, place="us.nowhere"),
        envelope(3) | {"type": "org.example.report.submitted"},
        envelope(4) | {"type": "report.unheard-of"},
        7,
    ]
    answer = await here.send(key, batch, content_type=BATCH, Prefer="wait=5")
    assert answer.status_code == 207
    told = answer.json()
    assert [one["status"] for one in told] == [200, 200, 422, 422, 200, 422, 422]
    assert [one.get("inbox_sequence") for one in told] == [1, 2, None, 3, 4, None, None]
    assert told[1]["accepted"]["duplicate"]
    assert {*told[0]["accepted"]} == TOLD
    assert told[3]["problem"]["type"].endswith(":unknown-place")
    assert told[5]["problem"]["type"].endswith(":unknown-kind")
    found = await answers(here.nats, here.box)
    assert found.is_complete(4)
    refused = await here.ask(key, told[3]["receipt"])
    assert refused.json()["refused"]["problem"] == told[3]["problem"]


async def test_a_batch_of_which_all_is_the_same_has_one_status(here: Door) -> None:
    key, _ = await here.key()
    assert (await here.send(key, [], content_type=BATCH)).json() == []
    good = await here.send(key, [envelope(1), envelope(2)], content_type=BATCH)
    assert (good.status_code, [one["status"] for one in good.json()]) == (202, [202, 202])
    bad = await here.send(key, [{}, {}], content_type=BATCH)
    assert bad.status_code == 422
    many = await here.send(key, [{}] * 1_001, content_type=BATCH)
    problem(many, 413, "about:blank")


async def test_a_refusal_that_is_waited_for_is_a_problem(here: Door) -> None:
    key, _ = await here.key()
    lines, body = submitted(1, place="us.nowhere")
    told = problem(await here.send(key, body, lines, Prefer="wait=5"), 422, "unknown-place")
    assert (told["ce_id"], told["inbox_sequence"]) == ("submitted-1", 1)
    early = {"report": "5", "outcome": "confirmed", "resolved_at": "2030-01-07T12:00:00Z"}
    lines = headers("early", "report.resolved")
    problem(await here.send(key, early, lines, Prefer="wait=5"), 409, "forbidden-now")
    lines, _ = submitted(2)
    problem(await here.send(key, b"{", lines, Prefer="wait=5"), 400, "not-json")
    problem(await here.send(key, b"", lines, Prefer="wait=5"), 400, "not-json")
    assert (await answers(here.nats, here.box)).is_complete(4)


async def test_two_sources_may_call_theirs_the_same(here: Door) -> None:
    boston, _ = await here.key()
    chicago, _ = await here.key("chicago")
    for key in (boston, chicago, boston):
        answer = await here.send(key, envelope(1), content_type=STRUCTURED, Prefer="wait=5")
        assert answer.status_code == 200
    ids = {each.id for each in (await all_answers(here.nats)).accepted.values()}
    assert len(ids) == 2
    reports = [m for m in await read_stream(here.nats, "INTAKE") if "ReportFiled" in m.subject]
    assert len(reports) == 2


async def test_only_with_its_own_key_a_source_reads_its_receipts(here: Door) -> None:
    boston, _ = await here.key()
    chicago, _ = await here.key("chicago")
    answer = await here.send(boston, envelope(1), content_type=STRUCTURED, Prefer="wait=5")
    address = answer.headers["location"]
    for path in (address, "/receipts/boston/99"):
        assert (await here.ask(chicago, path)).status_code == 403
    assert (await here.ask("", address)).status_code == 401
    assert (await here.ask(chicago, "/receipts/chicago/1")).status_code == 404
    assert (await here.ask(boston, "/receipts/boston/2")).status_code == 404
    assert (await here.ask(boston, "/receipts/boston/x")).status_code == 422
    assert (await here.ask(boston, "/receipts/boston/0")).status_code == 422


async def test_who_has_no_good_key_stays_outside(here: Door) -> None:
    key, key_id = await here.key()
    fresh = await here.replace(key_id)
    late, _ = await here.key(expires_at=here.now[0].isoformat())
    other, _ = await here.key("springfield")
    bad = ["", "nobody", key, f"{fresh}x", fresh[:-1], fresh.upper(), late, other]
    for each in bad:
        answer = await here.send(each, b"{" * 60_000, JSON)
        problem(answer, 401, "about:blank")
        assert answer.headers["www-authenticate"].startswith('Bearer realm="tribune"')
        assert not each or each not in answer.text
    basic = await here.client.post("/events", headers={"Authorization": f"Basic {fresh}"})
    assert basic.status_code == 401
    assert (await here.send(fresh, envelope(1), content_type=STRUCTURED)).status_code == 202
    await here.revoke(fresh, key_id)
    assert (await here.send(fresh, envelope(2), content_type=STRUCTURED)).status_code == 401
    assert len(await read_stream(here.nats, "INBOX_BOSTON")) == 1


async def test_no_key_stands_in_the_log(here: Door) -> None:
    key, key_id = await here.key()
    fresh = await here.replace(key_id)
    for message in await read_stream(here.nats, "INTAKE"):
        for secret in (key, fresh):
            assert secret[8:48].encode() not in message.body
            assert secret[8:48] not in repr(dict(message.headers))


async def test_a_key_is_for_its_kinds(here: Door) -> None:
    key, _ = await here.key(kinds=["commitment.made"])
    one = await here.send(key, envelope(1), content_type=STRUCTURED)
    problem(one, 403, "out-of-scope")
    batch = await here.send(key, [envelope(1)], content_type=BATCH)
    assert (batch.status_code, batch.json()[0]["status"]) == (403, 403)
    made = envelope(1) | {"type": "commitment.made"}
    assert (await here.send(key, made, content_type=STRUCTURED)).status_code == 202


async def test_who_sends_too_fast_waits(here: Door) -> None:
    key, _ = await here.key(each_s=10)
    now = [100.0]
    bucket = here.keys.of(key).bucket  # type: ignore[union-attr]
    assert bucket is not None
    bucket.now = lambda: now[0]
    batch = [envelope(each) for each in range(70)]
    first = await here.send(key, batch, content_type=BATCH)
    assert first.status_code == 202
    assert first.headers["ratelimit-policy"] == '"messages";q=50;w=5'
    assert first.headers["ratelimit"] == '"messages";r=0;t=5'
    second = await here.send(key, envelope(1), content_type=STRUCTURED)
    problem(second, 429, "about:blank")
    assert second.headers["retry-after"] == "3"
    other, _ = await here.key()
    assert (await here.send(other, envelope(1), content_type=STRUCTURED)).status_code == 202
    now[0] += 3
    assert (await here.send(key, envelope(1), content_type=STRUCTURED)).status_code == 202


async def test_one_key_sends_so_many_bodies_at_once_and_no_more(here: Door) -> None:
    """Each is in memory as far as it came."""
    key, _ = await here.key()
    other, _ = await here.key("chicago")
    whole = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"["
        await whole.wait()
        yield b"]"

    headers = {"Authorization": f"Bearer {key}", "Content-Type": BATCH}

    async def sends() -> httpx.Response:
        return await here.client.post("/events", content=slowly(), headers=headers)

    sending = [asyncio.create_task(sends()) for _ in range(BODIES_AT_ONCE)]
    found = here.keys.of(key)
    assert found is not None
    await here.until(lambda: found.bodies == BODIES_AT_ONCE)
    refused = await here.send(key, envelope(1), content_type=STRUCTURED)
    problem(refused, 429, "about:blank")
    assert refused.headers["retry-after"] == "1"
    mine = envelope(1) | {"source": "/chicago"}
    assert (await here.send(other, mine, content_type=STRUCTURED)).status_code == 202
    whole.set()
    assert {each.status_code for each in await asyncio.gather(*sending)} == {200}
    assert (await here.send(key, envelope(1), content_type=STRUCTURED)).status_code == 202


async def test_what_is_refused_as_a_whole_costs_by_its_size(here: Door) -> None:
    """Else a loop of large refusals would cost its key next to nothing, and intake all its time."""
    for whole in (b"[" + b"1," * 262_000 + b"1]", b'"' + b" " * 524_000 + b'"'):
        key, _ = await here.key(each_s=40)
        assert (await here.send(key, whole, content_type=BATCH)).status_code in {413, 400, 422}
        problem(await here.send(key, envelope(1), content_type=STRUCTURED), 429, "about:blank")


async def test_a_full_inbox_says_when_to_come_back(here: Door) -> None:
    key, _ = await here.key()
    config = (await here.nats.jetstream().stream_info("INBOX_BOSTON")).config
    config.max_bytes = 3_000
    await here.nats.jetstream().update_stream(config)
    answer = await here.send(key, [envelope(each) for each in range(20)], content_type=BATCH)
    problem(answer, 507, "about:blank")
    assert answer.headers["retry-after"] == "60"
    assert "This inbox is full" in answer.json()["detail"]
    assert (await here.nats.jetstream().stream_info("INBOX_BOSTON")).state.messages == 0


async def test_where_the_store_as_a_whole_is_full_that_is_said(tmp_path: Path) -> None:
    """Whoever sends can do nothing about it, and should not think that it is theirs alone."""
    said = "jetstream: {max_file: 10MB, sync_interval: always}"
    inboxes = dict.fromkeys(("boston", "chicago"), InboxLimits(max_bytes=MB))
    with own_server(tmp_path, said) as small:
        client = await connect(small.url, "test")
        await declare(client.jetstream(), suite_streams(inboxes))
        async with door(client) as here:
            key, _ = await here.key()
            with pytest.raises(StoreFullError):
                while True:
                    filling = [Outgoing("dead.x", b"x" * (MB // 2), {})]
                    await Publisher(client).publish(filling)
            for body in (envelope(1, text="x" * 60_000), [envelope(each) for each in range(500)]):
                kind = STRUCTURED if isinstance(body, dict) else BATCH
                answer = await here.send(key, body, content_type=kind)
                problem(answer, 507, "about:blank")
                assert answer.headers["retry-after"] == "60"
                assert "no room for anybody's messages" in answer.json()["detail"]
        await client.close()


async def test_what_is_too_large_is_refused_at_the_door(here: Door) -> None:
    key, _ = await here.key()
    config = (await here.nats.jetstream().stream_info("INBOX_BOSTON")).config
    config.max_msg_size = 2_000
    await here.nats.jetstream().update_stream(config)
    large = envelope(1, text="x" * 3_000)
    problem(await here.send(key, large, content_type=STRUCTURED), 413, "too-large")
    batch = await here.send(key, [large, envelope(2)], content_type=BATCH)
    assert [one["status"] for one in batch.json()] == [413, 202]
    huge = envelope(1, text="x" * 300_000)
    problem(await here.send(key, huge, content_type=STRUCTURED), 413, "too-large")
    problem(await here.send(key, b"x" * (2 * 1024**2 + 1), JSON), 413, "about:blank")
    assert (await here.nats.jetstream().stream_info("INBOX_BOSTON")).state.messages == 1


async def test_what_is_packed_or_of_another_kind_is_not_read(here: Door) -> None:
    key, _ = await here.key()
    bomb = gzip.compress(b"[" * 100_000_000)
    answer = await here.send(key, bomb, content_type=BATCH, content_encoding="gzip")
    problem(answer, 415, "about:blank")
    assert answer.headers["accept-encoding"] == "identity"
    for kind in ("text/plain", "application/cloudevents+xml", "application/x-www-form-urlencoded"):
        answer = await here.send(key, b"{}", content_type=kind)
        problem(answer, 415, "about:blank")
        assert STRUCTURED in answer.headers["accept-post"]


@pytest.mark.parametrize(
    ("body", "status", "slug"),
    [
        (b"[" * 300_000, 400, "not-json"),
        (b'{"a":' * 200_000, 400, "not-json"),
        (b'[{"id": "a", "id": "b"}]', 400, "ambiguous-body"),
        (b'[{"data": {"x": 1, "\\u0078": 2}}]', 400, "ambiguous-body"),
        (b"[" + b"9" * 10_000 + b"]", 400, "not-json"),
        (b'{"id": "a"}', 400, "not-a-batch"),
        (b"", 400, "not-json"),
    ],
)
async def test_a_batch_that_can_not_be_read(
    here: Door, body: bytes, status: int, slug: str
) -> None:
    key, _ = await here.key()
    problem(await here.send(key, body, content_type=BATCH), status, slug)


async def test_an_attribute_in_two_headers_says_two_things(here: Door) -> None:
    key, _ = await here.key()
    lines, body = submitted(1)
    every = [("Authorization", f"Bearer {key}"), *lines.items(), ("CE-ID", "other")]
    answer = await here.client.post("/events", content=body, headers=every)
    problem(answer, 422, "not-a-cloudevent")


async def test_no_header_for_the_log_server_gets_through(here: Door) -> None:
    key, _ = await here.key()
    lines, body = submitted(1)
    more = {"Nats-Msg-Id": "1", "Nats-Rollup": "all", "Tribune-Moment": "x", "ce-odd": "y"}
    assert (await here.send(key, body, lines | more)).status_code == 202
    (stored,) = await read_stream(here.nats, "INBOX_BOSTON")
    assert dict(stored.headers) == lines


async def test_it_is_told_in_openapi(here: Door) -> None:
    told = (await here.client.get("/openapi.json")).json()
    post = told["paths"]["/events"]["post"]
    assert set(post["requestBody"]["content"]) == {"application/json", STRUCTURED, BATCH}
    assert {"200", "202", "207", "default"} <= set(post["responses"])
    assert post["security"] == [{"HTTPBearer": []}]
    assert json.dumps(told["paths"]["/receipts/{source}/{sequence}"])
