"""Plain bodies are looked at quickly, and nothing gets past by being looked at quickly."""

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from shared.contracts.inbox import INBOX_KINDS
from shared.contracts.strict_json import NamedTwiceError, NotJsonError, read_json
from shared.eventsourcing.inbox.parse import RefusalError, parse
from shared.testing.examples import MONDAY, ROXBURY, STREET_LIGHTS

GOOD: dict[str, Any] = {
    "report": "17",
    "commitment": "17",
    "place": ROXBURY,
    "sector": STREET_LIGHTS,
    "owner": "Public Works",
    "task": "Mend it",
    "outcome": "confirmed",
    "filed_at": MONDAY.isoformat(),
    "resolved_at": MONDAY.isoformat(),
    "made_at": MONDAY.isoformat(),
    "due_at": MONDAY.isoformat(),
    "done_at": MONDAY.isoformat(),
    "confidential": False,
    "correspondent": None,
    "text": "",
}
NAMES = st.sampled_from([*GOOD, "other", "é", '"'])
PLAIN = st.none() | st.booleans() | st.text(max_size=3) | st.integers()
VALUES = st.recursive(
    PLAIN | st.floats(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=2),
    max_leaves=4,
)


@st.composite
def bodies(draw: st.DrawFn) -> bytes:
    """Good ones, with more members somewhere, whose names may have been there, in any spelling."""
    kept = draw(st.sets(st.sampled_from(sorted(GOOD)), max_size=3))
    pairs = [(name, value) for name, value in GOOD.items() if name not in kept]
    for pair in draw(st.lists(st.tuples(NAMES, st.sampled_from([*GOOD.values()]) | VALUES))):
        pairs.insert(draw(st.integers(0, len(pairs))), pair)
    plainly = draw(st.booleans())
    members = [
        f"{json.dumps(name, ensure_ascii=plainly)}: {json.dumps(value, ensure_ascii=plainly)}"
        for name, value in pairs
    ]
    return ("{" + ", ".join(members) + "}").encode("utf-8", "surrogatepass")


def exactly(kind: str, more: bytes) -> bytes:
    """A body with the kind's own members and no other, and then something more."""
    own = {name: GOOD[name] for name in INBOX_KINDS[kind].model_fields if name in GOOD}
    return json.dumps(own).encode()[:-1] + more


def is_strict(body: bytes) -> bool:
    try:
        read_json(body)
    except (NamedTwiceError, NotJsonError):
        return False
    return True


@given(bodies(), st.sampled_from(sorted(INBOX_KINDS)))
@example(json.dumps(GOOD).encode()[:-1] + b', "confidential": true}', "report.submitted")
@example(b'{"text": "", "text": "x", ' + json.dumps(GOOD).encode()[1:], "report.submitted")
@example(json.dumps(GOOD).encode()[:-1] + b', "te\\u0078t": "y"}', "report.submitted")
@example(json.dumps(GOOD).encode()[:-1] + b', "o": {"b": 1, "b": 2}}', "report.submitted")
@example(exactly("report.submitted", b', "confidential": true}'), "report.submitted")
@example(exactly("report.submitted", b', "correspondent": null}'), "report.submitted")
@example(exactly("report.submitted", b', "text": ""}'), "report.submitted")
@example(exactly("commitment.made", b', "due_at": "2030-01-07T12:00:00+00:00"}'), "commitment.made")
def test_what_is_taken_in_names_nothing_twice(body: bytes, kind: str) -> None:
    attributes = {"specversion": "1.0", "id": "1", "source": "/boston", "type": kind}
    headers = {f"ce-{name}": value for name, value in attributes.items()}
    try:
        parse("boston", kind, headers, body)
    except RefusalError as refusal:
        title = refusal.problem.title
    else:
        title = "taken in"
    assert is_strict(body) == (title not in ("Ambiguous body", "Not JSON"))
