"""Malformed requests of Open311, drawn: no fault of ours, none lost, one answer each.

200 of them, or with the deep profile 10,000.
"""

import asyncio
import json
import os
from collections import Counter
from typing import Any
from urllib.parse import urlencode

from hypothesis import strategies as st
from nats.aio.client import Client
from over_http import CHARTER, all_drawn, door
from spoken311 import values
from upstream import answers

DEEP = os.environ.get("TRIBUNE_TEST_PROFILE") == "deep"
DRAWN = 10_000 if DEEP else 200
AT_ONCE = 8
KEY = "KEY"
BOUNDARY = "b0undary"
GOOD = {
    "api_key": KEY,
    "service_code": "graffiti",
    "address_id": "us.ma.boston.roxbury",
    "description": "On the wall",
    "attribute[WALL]": "b",
}
TYPES = (
    "application/x-www-form-urlencoded",
    f"multipart/form-data; boundary={BOUNDARY}",
    "application/json",
    "multipart/form-data",
    "",
    "text/plain",
)

SHAPES = (lambda one: one, lambda one: [one], lambda one: {"requests": [one]})

_names = st.sampled_from(
    [
        *GOOD,
        *("lat", "long", "address_string", "jurisdiction_id", "account_id", "confidential"),
        *("attribute[HUES][]", "attribute[AREA]", "attribute[SEEN]", "attribute[", "media_url"),
    ]
)
_texts = st.text(max_size=20) | st.sampled_from(
    ["", " ", "\n", "\x00", "true", "nan", "1e999", "42.3", "us.ma.boston", "graffiti", "b"]
)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_names | _texts, inner),
    max_leaves=6,
)


@st.composite
def _pairs(draw: st.DrawFn) -> list[tuple[str, str]]:
    """Good ones, of which some are something else."""
    pairs = list(GOOD.items()) if draw(st.integers(0, 3)) else []
    for name in draw(st.lists(_names, max_size=3)):
        pairs = [pair for pair in pairs if pair[0] != name or draw(st.booleans())]
        if draw(st.booleans()):
            pairs.append((name, draw(_texts)))
    return pairs


def _in_parts(pairs: list[tuple[str, str]]) -> bytes:
    parts = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in pairs
    )
    return f"{''.join(parts)}--{BOUNDARY}--\r\n".encode("utf-8", "surrogatepass")


@st.composite
def _bodies(draw: st.DrawFn, kind: str) -> bytes:
    pairs = draw(_pairs())
    match kind:
        case "application/json":
            shaped = draw(
                st.sampled_from([lambda x: x, lambda x: [x], lambda x: {"requests": [x]}])
            )
            body = json.dumps(shaped(dict(pairs)) if draw(st.booleans()) else draw(_json)).encode()
        case _ if kind.startswith("multipart"):
            body = _in_parts(pairs)
        case _:
            body = urlencode(pairs, errors="surrogatepass").encode()
    damaged = bytearray(body)
    for _ in range(draw(st.integers(0, 6)) // 4):
        at = draw(st.integers(0, len(damaged)))
        damaged[at : at + draw(st.integers(0, 4))] = draw(st.binary(max_size=4))
    return bytes(damaged)


@st.composite
def _requests(draw: st.DrawFn) -> tuple[str, str, bytes]:
    kind = draw(st.sampled_from(TYPES[:3]) | st.sampled_from(TYPES))
    return draw(st.sampled_from(["json", "xml"])), kind, draw(_bodies(kind))


async def test_each_is_answered_and_what_was_taken_has_one_receipt(nats: Client) -> None:
    requests = all_drawn(_requests(), DRAWN)
    assert len(requests) >= DRAWN
    async with door(nats, ["boston"], CHARTER.places, CHARTER.sectors) as here:
        key, _ = await here.key()
        statuses: Counter[int] = Counter()
        tokens: list[str] = []
        turns = asyncio.Semaphore(AT_ONCE)

        async def send(form: str, kind: str, body: bytes) -> None:
            body = body.replace(KEY.encode(), key.encode())
            async with turns:
                answer = await here.client.post(
                    f"/open311/v2/requests.{form}", content=body, headers={"Content-Type": kind}
                )
            statuses[answer.status_code] += 1
            is_good = answer.status_code == 200
            told: Any = values(answer, "service_requests" if is_good else "errors")
            assert told
            if is_good:
                tokens.extend(each["token"] for each in told)

        await asyncio.gather(*(send(*request) for request in requests))
        assert max(statuses) < 500, statuses
        assert sum(statuses.values()) == len(requests)
        assert statuses[200] > len(requests) // 20, statuses
        assert len(statuses) > 4, statuses
        found = await answers(nats, here.box)
    assert found.is_complete(len(tokens))
    assert {each.ce_id for each in found.accepted.values()} == set(tokens)
    assert not found.refused
    assert not found.dead
