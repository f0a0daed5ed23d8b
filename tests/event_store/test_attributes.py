"""What the headers say of an event is the same whether they are read at one go or one by one."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.contracts.report import ReportFiled
from shared.eventsourcing.attributes import attributes_of
from shared.eventsourcing.cloudevents import encode
from shared.eventsourcing.event_store import NewEvent
from shared.eventsourcing.headers import HeaderLines, header, read_headers
from shared.eventsourcing.jetstream.wire import Outgoing, hpub

FIRST_LINE = b"NATS/1.0\r\n"
OURS = [
    b"ce-specversion: 1.0",
    b"ce-id: be03",
    b"ce-source: /tribune/intake",
    b"ce-type: tribune.intake.ReportFiled",
    b"ce-time: 2026-11-24T14:27:09.078841+00:00",
    b"ce-subject: 1d4a",
    b"ce-dataschema: urn:tribune.intake.ReportFiled:1",
    b"content-type: application/json",
    b"ce-revision: 1",
    b"ce-correlationid: 1010/submitted",
    b"ce-causationid: 1010/submitted",
    b"ce-cause: INBOX_BOSTON/1",
    b"ce-actor: source:sender:boston",
    b"ce-sealed: text",
    b"Nats-Batch-Sequence: 1",
]
PIECES = [
    *[b"\r\n", b"\r", b"\n", b":", b": ", b":  ", b" ", b"\t", b"", b"\xff", b"x", b"Nats-X: "],
    *[name + sign for name in (b"ce-id", b"ce-type", b"ce-sealed") for sign in (b": ", b":", b"")],
    *[line + b"\r\n" for line in OURS],
]
pieces = st.lists(st.sampled_from(PIECES) | st.binary(max_size=3), max_size=6).map(b"".join)


@st.composite
def nearly_ours(draw: st.DrawFn) -> bytes:
    """The headers of an event, with lines left out, exchanged, and damaged."""
    whole = b"\r\n".join([b"NATS/1.0", *OURS, b"", b""])
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(whole)))
        end = draw(st.integers(start, min(start + 40, len(whole))))
        whole = whole[:start] + draw(pieces) + whole[end:]
    return whole


def _ours_but(old: bytes, new: bytes) -> bytes:
    return b"\r\n".join([b"NATS/1.0", *OURS, b"", b""]).replace(old, new)


@given(nearly_ours() | pieces.map(FIRST_LINE.__add__))
@example(_ours_but(b"ce-id: ", b"ce-id:  "))
@example(_ours_but(b"ce-id: be03", b"ce-id: "))
@example(_ours_but(b"ce-id: be03", b"ce-id: \xffbe03"))
@example(_ours_but(b"ce-id: be03", b"ce-id: be\n03"))
@example(_ours_but(b"ce-id: be03", b"ce-id: be\r03"))
@example(_ours_but(b"ce-revision: 1", b"ce-revision: "))
@example(_ours_but(b"ce-revision: 1\r\n", b""))
@example(_ours_but(b"Nats-Batch-Sequence: 1", b"ce-id: later"))
@example(_ours_but(b"Batch-Sequence: 1", b"Batch-Sequence: 1\r\nce-id: later"))
@example(_ours_but(b"Nats-Batch-Sequence: 1", b":ce-id: later"))
@example(_ours_but(b"Nats-Batch-Sequence: 1", b"x\rce-id: later"))
@example(_ours_but(b"Nats-Batch-Sequence: 1", b"x\nce-id: later"))
@example(_ours_but(b"ce-cause: INBOX_BOSTON/1", b"ce-cause:INBOX_BOSTON/1"))
@example(_ours_but(b"ce-actor: source:sender:boston\r\n", b""))
@example(_ours_but(b"ce-sealed: text\r\n", b""))
def test_at_one_go_the_headers_say_what_they_say_one_by_one(lines: bytes) -> None:
    assert attributes_of(HeaderLines(lines)) == attributes_of(read_headers(lines))
    for name in ("ce-id", "ce-type", "ce-sealed", "Nats-X", "x"):
        assert header(HeaderLines(lines), name) == read_headers(lines).get(name, "")


def test_what_we_write_is_read_at_one_go() -> None:
    event = ReportFiled(
        place="us.ma.boston",
        report_id=uuid4().hex,
        sector="street-lights",
        confidential=False,
        source="boston",
        source_id="1",
        correspondent=None,
        text="A light is out",
        filed_at=datetime(2030, 1, 1, tzinfo=UTC),
    )
    for told in ("", "1010/submitted"):
        new = NewEvent(uuid4().hex, event, 1, datetime.now(UTC), told, told, told, actor=told)
        subject, headers, body = encode(new)
        command = hpub(Outgoing(subject, body, headers), {"Nats-Batch-Sequence": "1"})
        lines = HeaderLines(command.partition(b"\r\n")[2].removesuffix(body + b"\r\n"))
        found = attributes_of(lines)
        assert (found.id, found.type, found.cause) == (new.id, event.type_name(), told)
        assert found.actor == told
        assert found == attributes_of(headers)
        assert not lines.is_read, "one by one after all"
        assert dict(lines) == headers | {"Nats-Batch-Sequence": "1"}
        assert lines.is_read


@pytest.mark.parametrize("block", [b"a", b"a:b", b"a:" + b" " * 9, b" \t", b"\n", b"a\r"], ids=repr)
@pytest.mark.timeout(60)
def test_a_block_without_sense_is_read_in_the_time_of_its_length(block: bytes) -> None:
    """40,000 letters without a colon once kept a service for ten seconds; 4 MB would for days."""
    lines = FIRST_LINE + block * (4_000_000 // len(block)) + b"\r\n\r\n"
    assert attributes_of(HeaderLines(lines)).id is None
    assert len(read_headers(lines)) <= 1
