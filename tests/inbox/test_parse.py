"""What an upstream message may look like, and what it is told when it does not."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.inbox import INBOX_KINDS, ReportSubmitted
from shared.contracts.receipt import Problem
from shared.eventsourcing.inbox.parse import (
    LARGEST_BODY,
    LONGEST_ID,
    STRUCTURED,
    RefusalError,
    Upstream,
    parse,
)

KIND = "report.submitted"
BODY: dict[str, Any] = {
    "report": "101",
    "place": "us.ma.boston.roxbury",
    "sector": "street-lights",
    "text": "The lamp before number 12 is out.",
    "filed_at": "2030-01-07T12:00:00Z",
}
ATTRIBUTES = {
    "specversion": "1.0",
    "id": "a-1",
    "source": "https://311.example",
    "type": f"example.{KIND}",
}
SECRET = "Kowalczyk-7391"


def binary(body: object = BODY, kind: str = KIND, **changes: str | None) -> Upstream:
    attributes = {k: v for k, v in (ATTRIBUTES | changes).items() if v is not None}
    headers = {f"ce-{name}": value for name, value in attributes.items()}
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return parse("boston", kind, headers | {"content-type": "application/json"}, raw)


def structured(body: object = BODY, kind: str = KIND, **changes: object) -> Upstream:
    envelope = {k: v for k, v in (ATTRIBUTES | changes).items() if v is not None}
    raw = json.dumps(envelope | {"data": body}).encode()
    return parse("boston", kind, {"content-type": f"{STRUCTURED}; charset=utf-8"}, raw)


def refusal(*args: Any, **changes: Any) -> RefusalError:
    with pytest.raises(RefusalError) as raised:
        binary(*args, **changes)
    return raised.value


def problem(*args: Any, **changes: Any) -> Problem:
    return refusal(*args, **changes).problem


def test_binary_mode_is_read() -> None:
    upstream = binary(correlationid="c-1")
    assert upstream == Upstream("boston", KIND, "a-1", "c-1", ReportSubmitted(**BODY))


def test_structured_mode_is_read_to_the_same() -> None:
    assert structured(correlationid="c-1") == binary(correlationid="c-1")


def test_headers_may_be_written_in_any_case() -> None:
    headers = {f"CE-{name.title()}": value for name, value in ATTRIBUTES.items()}
    raw = json.dumps(BODY).encode()
    assert parse("boston", KIND, headers, raw) == binary()


def test_without_a_correlation_id_the_event_is_its_own() -> None:
    assert binary().correlation_id == structured().correlation_id == "a-1"


@pytest.mark.parametrize("stated", [KIND, f"gov.boston.{KIND}"])
def test_the_type_is_the_kind_or_ends_in_it(stated: str) -> None:
    assert binary(type=stated).kind == KIND


@pytest.mark.parametrize("read", [binary, structured])
@pytest.mark.parametrize("name", ATTRIBUTES)
def test_a_missing_attribute_is_named(read: Any, name: str) -> None:
    with pytest.raises(RefusalError) as raised:
        read(**{name: None})
    found = raised.value.problem
    assert found.type == "urn:tribune:problem:not-a-cloudevent"
    assert found.title == "Not a CloudEvent"
    assert [fault.pointer for fault in found.errors] == [f"/{name}"]
    assert f"/{name}: This CloudEvents attribute is required." in found.detail


@pytest.mark.parametrize("read", [binary, structured])
@pytest.mark.parametrize(
    "bad", ["a\nb", "a\r\nNats-Rollup: all", "a\0b", "\x1b[31m", "a\x85b", "\u2028", "x" * 201]
)
@pytest.mark.parametrize("name", ["id", "correlationid"])
def test_an_id_is_one_line_of_printable_characters(read: Any, bad: str, name: str) -> None:
    """It becomes a header of our own events."""
    with pytest.raises(RefusalError) as raised:
        read(**{name: bad})
    assert [fault.pointer for fault in raised.value.problem.errors] == [f"/{name}"]
    assert str(LONGEST_ID) in raised.value.problem.detail


@pytest.mark.parametrize("name", ["id", "correlationid"])
def test_half_a_character_is_no_id(name: str) -> None:
    """JSON can say a lone surrogate; no header can carry it."""
    with pytest.raises(RefusalError):
        structured(**{name: "a\ud800"})


def test_another_version_of_cloudevents_is_refused() -> None:
    (fault,) = problem(specversion="0.3").errors
    assert (fault.pointer, fault.detail) == ("/specversion", "Only CloudEvents 1.0 is understood.")


def test_a_type_that_does_not_fit_the_subject_is_refused() -> None:
    (fault,) = problem(type="commitment.made").errors
    assert fault.pointer == "/type"


@pytest.mark.parametrize("kind", ["report.framed", "", "report", "report.submitted.x", ">"])
def test_an_unknown_kind_is_refused_with_those_that_are_known(kind: str) -> None:
    found = refusal(kind=kind, type=f"example.{kind}")
    assert found.problem.type == "urn:tribune:problem:unknown-kind"
    assert all(known in found.problem.detail for known in INBOX_KINDS)
    assert found.ce_id == "a-1"


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"nonsense", b'{"report": "\xff"}', b"[1,"])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    found = refusal(body)
    assert found.problem.type == "urn:tribune:problem:not-json"
    assert found.problem.detail == "The body is no JSON."
    assert found.ce_id == "a-1"


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b"[]", b"null", b'"a"'])
def test_a_structured_event_that_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(RefusalError) as raised:
        parse("boston", KIND, {"content-type": STRUCTURED}, body)
    assert raised.value.problem.title in {"Not JSON", "Not a CloudEvent"}


@pytest.mark.parametrize("body", [None, [], "a", 7, b"[" * 100_000 + b"]" * 100_000])
def test_a_body_that_is_no_object_is_refused(body: object) -> None:
    assert problem(body).title in {"Invalid body", "Not JSON"}


def test_every_wrong_field_is_pointed_at() -> None:
    wrong = BODY | {"place": "US", "sector": "a.b", "filed_at": "soon", "correspondent": "a.b"}
    del wrong["report"]
    found = problem(wrong)
    assert found.type == "urn:tribune:problem:invalid-body"
    assert {fault.pointer for fault in found.errors} == {
        "/report",
        "/place",
        "/sector",
        "/filed_at",
        "/correspondent",
    }
    assert found.detail.startswith("/report: Field required")


def test_a_body_of_two_megabytes_is_refused_with_its_size() -> None:
    body = json.dumps(BODY | {"text": "x" * 2_000_000}).encode()
    found = refusal(body)
    assert found.problem.type == "urn:tribune:problem:too-large"
    assert f"{len(body):,} bytes; {LARGEST_BODY:,} is the most" in found.problem.detail
    assert found.ce_id == "a-1"


def test_a_body_of_exactly_the_largest_size_is_taken() -> None:
    body = json.dumps(BODY).encode()
    padded = body + b" " * (LARGEST_BODY - len(body))
    assert binary(padded) == binary()
    assert problem(padded + b" ").title == "Too large"


def test_an_id_that_is_refused_is_not_repeated() -> None:
    assert refusal(id="a\nb").ce_id is None
    assert refusal(id=None).ce_id is None
    assert refusal(b"x" * (LARGEST_BODY + 1), id="a\nb").ce_id is None


@pytest.mark.parametrize("read", [binary, structured])
@pytest.mark.parametrize("field", [*BODY, "correspondent", "confidential"])
@pytest.mark.parametrize(
    "value", [f"{SECRET}\0", [SECRET], {SECRET: SECRET}, f"{SECRET} {'x' * 30000}"]
)
def test_a_refusal_never_repeats_what_may_be_personal(read: Any, field: str, value: object) -> None:
    with pytest.raises(RefusalError) as raised:
        read(BODY | {field: value})
    assert SECRET not in raised.value.problem.model_dump_json()
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize("body", [f'{{"text": "{SECRET}', f"{SECRET}", f'{{"{SECRET}": 1}}'])
def test_neither_does_a_refusal_of_what_is_no_json_or_lacks_fields(body: str) -> None:
    assert SECRET not in problem(body.encode()).model_dump_json()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    st.sampled_from(sorted(INBOX_KINDS)),
    st.dictionaries(st.sampled_from(["content-type", "ce-id", "ce-type", "x", ""]), st.text()),
    st.binary(max_size=100) | json_values.map(lambda value: json.dumps(value).encode()),
    st.booleans(),
)
def test_anything_at_all_is_read_or_refused(
    kind: str,
    headers: dict[str, str],
    body: bytes,
    as_structured: bool,  # noqa: FBT001
) -> None:
    given_headers = headers | ({"content-type": STRUCTURED} if as_structured else {})
    try:
        parse("boston", kind, given_headers, body)
    except RefusalError as refused:
        refused.problem.model_dump_json().encode()


@given(st.sampled_from([*BODY, "confidential", "correspondent"]), json_values)
def test_any_value_in_any_field_is_taken_or_pointed_at(field: str, value: object) -> None:
    for read in (binary, structured):
        try:
            read(BODY | {field: value})
        except RefusalError as refused:
            assert refused.problem.title in {"Invalid body", "Not JSON"}
