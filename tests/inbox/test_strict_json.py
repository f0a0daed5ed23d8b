"""Plain bodies are looked at quickly, and nothing gets past by being looked at quickly."""

import json

from hypothesis import example, given
from hypothesis import strategies as st

from shared.eventsourcing.strict_json import NamedTwiceError, NotJsonError, check_json, read_json

NAMES = st.sampled_from(["a", "b", "", "é", '"'])
PLAIN = st.none() | st.booleans() | st.text(max_size=3)
VALUES = st.recursive(
    PLAIN | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2),
    max_leaves=4,
)


@st.composite
def objects(draw: st.DrawFn) -> bytes:
    """Whose names may come twice, in any way of writing."""
    pairs = draw(st.lists(st.tuples(NAMES, PLAIN | VALUES), max_size=4))
    plainly = draw(st.booleans())
    members = [
        f"{json.dumps(name, ensure_ascii=plainly)}: {json.dumps(value, ensure_ascii=plainly)}"
        for name, value in pairs
    ]
    return ("{" + ", ".join(members) + "}").encode("utf-8", "surrogatepass")


def said(read: object, body: bytes) -> type[Exception] | None:
    try:
        read(body)  # type: ignore[operator]
    except (NamedTwiceError, NotJsonError) as error:
        return type(error)
    return None


@given(objects())
@example(b'{"a": true, "a": "x"}')
@example(b'{"a": "x", "a": true}')
@example(b'{"a": [], "a": null}')
@example(b'{"a": "x", "\\u0061": "y"}')
@example(b'{"a": {"b": 1, "b": 2}}')
def test_a_quick_look_says_what_reading_says(body: bytes) -> None:
    assert said(check_json, body) == said(read_json, body)


@given(st.binary(max_size=40) | st.text(max_size=20).map(str.encode))
@example(b"")
@example(b'"')
@example(b"\xef\xbb\xbf{}")
@example(b'{"a": NaN}')
@example(b'{"a": "\xff"}')
@example(b'{"a": "\x01"}')
@example(b'{"a": "x"} {}')
@example(b"[" * 100_000)
def test_so_it_does_of_anything(body: bytes) -> None:
    assert said(check_json, body) == said(read_json, body)
