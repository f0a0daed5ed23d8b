"""References name the stream, in receipts and events alike; and each aggregate has its stream."""

from pathlib import Path

import pytest
from golden_files import FOLDER
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from shared.contracts.receipt import Receipts
from shared.contracts.reference import Reference
from shared.contracts.registry import EVENT_TYPES
from shared.contracts.routing import (
    PARTITIONED,
    WRITERS,
    PartitionedError,
    log_of,
    logs,
    stream_of,
    streams_of,
)
from shared.contracts.values import StreamName
from shared.testing.examples import REPORT_CONFIRMED_AT, REPORT_FILED, recorded

RECEIPTS = sorted((FOLDER / "receipts").glob("*.json"))
ids = st.from_regex(r"\A[0-9a-f]{32}\Z")
streams = st.from_regex(r"\A[A-Z][A-Z0-9_-]{0,59}\Z")


@given(streams, st.integers(0, 10**15 - 1))
def test_what_is_printed_is_read_back(stream: str, sequence: int) -> None:
    reference = Reference(TypeAdapter(StreamName).validate_python(stream), sequence)
    assert Reference.parse(str(reference)) == reference


@pytest.mark.parametrize(
    "text", ["", "INTAKE", "INTAKE/", "/1", "intake/1", "INTAKE/-1", "INTAKE/1 ", "INTAKE/1/2"]
)
def test_anything_else_is_no_reference(text: str) -> None:
    assert Reference.parse(text) is None
    assert Reference.parse("INTAKE/" + "9" * 16) is None


def test_events_and_what_refers_to_them_say_the_same() -> None:
    assert str(REPORT_CONFIRMED_AT.reference) == "INTAKE/2"
    one = recorded(REPORT_FILED, 7)
    assert str(one.reference) == "INTAKE/7"
    assert one.ref.reference == one.reference


@pytest.mark.parametrize("path", RECEIPTS, ids=lambda path: path.stem)
def test_receipts_of_every_version_name_the_stream(path: Path) -> None:
    (accepted,) = Receipts.model_validate_json(path.read_text()).accepted
    assert accepted.reference == Reference("INTAKE", 12)


def test_receipts_are_written_as_the_newest_golden_file_says() -> None:
    newest = RECEIPTS[-1].read_text()
    assert Receipts.model_validate_json(newest).model_dump_json(indent=2) + "\n" == newest


def test_each_log_is_one_stream_as_ever() -> None:
    assert logs() == ("INTAKE", "PROMOTION", "PUBLISHING", "GATE", "PUBLIC")
    assert {event_type.service for event_type in EVENT_TYPES.values()} == set(WRITERS)
    assert [log_of(writer) for writer in WRITERS] == [
        "INTAKE",
        "PROMOTION",
        "PUBLISHING",
        "GATE",
        "PUBLIC",
    ]


@given(ids)
def test_an_aggregate_has_one_of_the_streams_of_its_log_and_keeps_it(aggregate_id: str) -> None:
    assert stream_of("intake", aggregate_id) == "INTAKE"
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(PARTITIONED, "intake", ("INTAKE_A", "INTAKE_B"))
        assert stream_of("intake", aggregate_id) in streams_of("intake")
        assert stream_of("intake", aggregate_id) == stream_of("intake", aggregate_id)
        assert stream_of("promotion", aggregate_id) == "PROMOTION"


def test_where_an_aggregate_lives_is_for_ever() -> None:
    """What stands here is what partitioned logs were written by."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(PARTITIONED, "intake", ("INTAKE_A", "INTAKE_B", "INTAKE_C"))
        found = [stream_of("intake", f"{number:032x}")[-1] for number in range(12)]
    assert "".join(found) == "ACAABCBBCBCB"


def test_who_keeps_one_position_does_not_read_half_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PARTITIONED, "intake", ("INTAKE_A", "INTAKE_B"))
    with pytest.raises(PartitionedError, match="made of 2 streams"):
        log_of("intake")
    assert logs() == ("INTAKE_A", "INTAKE_B", "PROMOTION", "PUBLISHING", "GATE", "PUBLIC")
