"""Malformed inputs, drawn: no fault of ours, none lost, one answer each.

500 of them, or with the deep profile 10,000.
"""

import asyncio
import json
import os
from collections import Counter
from typing import Any

import httpx
from hypothesis import strategies as st
from nats.aio.client import Client
from over_http import BATCH, STRUCTURED, Door, all_drawn, door, envelope
from upstream import answers, headers

DEEP = os.environ.get("TRIBUNE_TEST_PROFILE") == "deep"
DRAWN = 10_000 if DEEP else 500
AT_ONCE = 8

_names = st.sampled_from(["specversion", "id", "source", "type", "correlationid", "data", "time"])
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
_texts = st.text(max_size=30) | st.sampled_from(
    ["", " ", "\n", "\ud800", "report.resolved", "\x00"]
)


@st.composite
def _envelopes(draw: st.DrawFn) -> Any:
    """A good one, of which some attributes are something else."""
    found = envelope(draw(st.integers(0, 50)))
    for name in draw(st.lists(_names, max_size=3)):
        if draw(st.booleans()):
            found.pop(name, None)
        else:
            found[name] = draw(_texts | _values)
    if isinstance(data := found.get("data"), dict):
        changed = st.dictionaries(st.sampled_from(sorted(data) or ["x"]), _values, max_size=2)
        found["data"] = data | draw(changed)
    return found


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


@st.composite
def _damaged(draw: st.DrawFn, bodies: st.SearchStrategy[bytes]) -> bytes:
    body = bytearray(draw(bodies))
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(body)))
        body[at : at + draw(st.integers(0, 4))] = draw(st.binary(max_size=4))
    return bytes(body)


_batches = st.lists(_envelopes() | _values, max_size=4)
_bodies = st.one_of(
    st.binary(max_size=200),
    _damaged(_envelopes().map(_json)),
    _damaged(_batches.map(_json)),
    _envelopes().map(_json),
    _batches.map(_json),
    _values.map(_json),
)
_types = st.sampled_from(
    [STRUCTURED, BATCH, "application/json", "", f"{BATCH}; charset=utf-8", "text/plain", "json"]
)
_header = st.binary(max_size=20).map(lambda raw: raw.translate(None, b"\r\n\x00"))
_prefer = st.sampled_from([b"", b"wait", b"wait=x", b"wait=-1", b"wait=0", b'wait="0"'])


@st.composite
def _requests(draw: st.DrawFn) -> tuple[dict[bytes, bytes], bytes]:
    lines = {name.encode(): value.encode() for name, value in headers("an-id").items()}
    for name in draw(st.lists(st.sampled_from(sorted(lines)), max_size=3)):
        lines[name] = draw(_header)
    lines[b"content-type"] = draw(_types).encode()
    return lines | {b"prefer": draw(_prefer)}, draw(_bodies)


async def test_each_is_answered_and_what_was_taken_has_one_receipt(nats: Client) -> None:
    requests = all_drawn(_requests(), DRAWN)
    assert len(requests) >= DRAWN
    async with door(nats, ["boston"]) as here:
        key, _ = await here.key()
        statuses: Counter[int] = Counter()
        places: list[int] = []
        turns = asyncio.Semaphore(AT_ONCE)

        async def send(lines: dict[bytes, bytes], body: bytes) -> None:
            async with turns:
                answer = await sent(here, key, lines, body)
            statuses[answer.status_code] += 1
            places.extend(taken(answer))

        await asyncio.gather(*(send(*request) for request in requests))
        assert max(statuses) < 500, statuses
        assert sum(statuses.values()) == len(requests)
        assert len(statuses) > 4, statuses
        found = await answers(nats, here.box)
    assert sorted(places) == list(range(1, len(places) + 1))
    assert found.is_complete(len(places))
    assert not found.dead


async def sent(here: Door, key: str, lines: dict[bytes, bytes], body: bytes) -> httpx.Response:
    every = [(b"authorization", f"Bearer {key}".encode()), *lines.items()]
    return await here.client.post("/events", content=body, headers=every)


def taken(answer: httpx.Response) -> list[int]:
    told = answer.json()
    each = told if isinstance(told, list) else [told]
    return [one["inbox_sequence"] for one in each if one.get("receipt")]
