"""What is nearly right, from a seed: fields and bodies of which something is another."""

import os
import random
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlencode

T = TypeVar("T")
SEED = int(os.environ.get("TRIBUNE_TEST_SEED", "311"))
DEEP = os.environ.get("TRIBUNE_TEST_PROFILE") == "deep"
"""Then 10,000 go by each road."""

EVERY = 10
"""So many that are drawn come for one that is right."""

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
BOUNDARY = "b0undary"
PARTS = f"multipart/form-data; boundary={BOUNDARY}"
ODD = (
    *("", " ", "\n", "\x00", "\ud800", "\u202e", "null", "true", "-1", "1e999", "NaN"),
    "x" * 5_000,
    *(
        "<b>",
        "%",
        "%zz",
        "a|b",
        "=",
        "&",
        '"',
        "2030-13-40",
        "9999-12-31T23:59:60Z",
        "٣",
        "é" * 300,
    ),
)


def drawn(few: int) -> int:
    return 10_000 if DEEP else few


def with_right_ones(
    chance: random.Random, right: Sequence[T], wrong: Iterator[T]
) -> Iterator[tuple[bool, T]]:
    """Each that is right once, among those that are drawn; whether it is."""
    found = [(True, each) for each in right] + [(False, each) for each in wrong]
    chance.shuffle(found)
    yield from found


def changed(chance: random.Random, fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """Some left out, said twice, or something else."""
    pairs = list(fields.items())
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(pairs) + 1)
        match chance.randint(0, 3):
            case 0:
                pairs[at : at + 1] = []
            case 1 if at < len(pairs):
                pairs[at] = (pairs[at][0], chance.choice(ODD))
            case 2 if at < len(pairs):
                pairs.insert(at, (pairs[at][0], chance.choice(ODD)))
            case _:
                pairs.insert(at, (chance.choice(ODD)[:40], chance.choice(ODD)))
    return pairs


def damaged(chance: random.Random, body: bytes) -> bytes:
    """Some bytes changed, cut out or put in; or all of it is another."""
    if chance.random() < 0.1:
        return chance.randbytes(chance.randint(0, 200))
    found = bytearray(body)
    for _ in range(chance.randint(0, 4)):
        at = chance.randrange(len(found) + 1)
        found[at : at + chance.randint(0, 4)] = chance.randbytes(chance.randint(0, 4))
    return bytes(found)


def as_form(pairs: Sequence[tuple[str, str]]) -> bytes:
    return urlencode(pairs, errors="surrogatepass").encode()


def in_parts(pairs: Sequence[tuple[str, str]]) -> bytes:
    parts = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in pairs
    )
    return f"{''.join(parts)}--{BOUNDARY}--\r\n".encode("utf-8", "surrogatepass")


def a_type(chance: random.Random, usual: str) -> str:
    others = (FORM, JSON, PARTS, "multipart/form-data", "", "text/plain", "application/json;x")
    return usual if chance.random() < 0.9 else chance.choice(others)
