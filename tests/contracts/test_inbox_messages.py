"""What upstream systems may say, and what they may not."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.contracts.inbox import (
    INBOX_KINDS,
    CommitmentDone,
    CommitmentMade,
    InboxMessage,
    ReportResolved,
    ReportSubmitted,
)

REPORT: dict[str, Any] = {
    "report": "101",
    "place": "us.ma.boston.roxbury",
    "sector": "street-lights",
    "filed_at": "2030-01-07T12:00:00Z",
}
COMMITMENT: dict[str, Any] = {
    "commitment": "101",
    "owner": "Public Works",
    "task": "Mend the lamp",
    "place": "us.ma.boston.roxbury",
    "sector": "street-lights",
    "made_at": "2030-01-07T12:00:00Z",
    "due_at": "2030-01-14T12:00:00Z",
}

visible = st.characters(exclude_categories=["Cc", "Cs"])
source_ids = st.text(visible, min_size=1, max_size=200)
lines = st.text(visible, min_size=1, max_size=300)
prose = st.text(visible | st.sampled_from("\n\r\t"), max_size=200)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
moments = st.datetimes(datetime(1900, 1, 2), datetime(2999, 12, 30), timezones=offsets)
places, sectors = st.just("us.ma"), st.just("graffiti")

messages: st.SearchStrategy[InboxMessage] = st.one_of(
    st.builds(
        ReportSubmitted,
        report=source_ids,
        place=places,
        sector=sectors,
        text=prose,
        correspondent=st.none() | st.from_regex(r"\A[A-Za-z0-9_-]{1,64}\Z"),
        filed_at=moments,
        confidential=st.booleans(),
    ),
    st.builds(
        ReportResolved,
        report=source_ids,
        outcome=st.sampled_from(["confirmed", "refuted", "duplicate", "closed"]),
        duplicate_of=st.none() | source_ids,
        resolved_at=moments,
        reason=prose,
    ),
    st.builds(
        CommitmentMade,
        commitment=source_ids,
        report=st.none() | source_ids,
        owner=lines,
        task=lines,
        place=places,
        sector=sectors,
        made_at=moments,
        due_at=moments,
        confidential=st.booleans(),
    ),
    st.builds(CommitmentDone, commitment=source_ids, owner=lines, done_at=moments),
)


@given(messages)
def test_whatever_may_be_said_is_read_back_unchanged(message: InboxMessage) -> None:
    assert type(message).model_validate_json(message.model_dump_json()) == message


@given(moments)
def test_every_moment_is_kept_in_utc(moment: datetime) -> None:
    said = ReportSubmitted.model_validate(REPORT | {"filed_at": moment})
    assert said.filed_at == moment
    assert said.filed_at.tzinfo == UTC


@given(st.sampled_from(sorted(INBOX_KINDS)), st.binary(max_size=200))
def test_bytes_are_a_message_or_a_validation_error_and_nothing_else(kind: str, body: bytes) -> None:
    try:
        INBOX_KINDS[kind].model_validate_json(body)
    except ValidationError:
        return


def test_a_message_is_confidential_unless_it_says_otherwise() -> None:
    assert ReportSubmitted.model_validate(REPORT).confidential
    assert CommitmentMade.model_validate(COMMITMENT).confidential


def test_unknown_fields_are_ignored() -> None:
    assert ReportSubmitted.model_validate(REPORT | {"mood": "grim"}).report == "101"


@pytest.mark.parametrize("control", ["\0", "\x1b", "\r", "\n", "\t", "\x7f", "\x85"])
@pytest.mark.parametrize("field", ["commitment", "owner", "task"])
def test_a_line_has_no_control_characters(field: str, control: str) -> None:
    with pytest.raises(ValidationError):
        CommitmentMade.model_validate(COMMITMENT | {field: f"a{control}b"})


def test_prose_has_line_breaks_and_tabs_but_no_other_control_characters() -> None:
    assert ReportSubmitted.model_validate(REPORT | {"text": "a\r\n\tb"}).text == "a\r\n\tb"
    for control in "\0\x0b\x1b\x7f\x9b":
        with pytest.raises(ValidationError):
            ReportSubmitted.model_validate(REPORT | {"text": f"a{control}b"})


@pytest.mark.parametrize(
    "moment",
    [
        "tomorrow",
        "2030-01-07",
        "2030-01-07T12:00:00",
        "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "2030-02-30T12:00:00Z",
        "",
        None,
        [],
        1e400,
    ],
)
def test_a_due_date_that_is_none_is_refused(moment: object) -> None:
    with pytest.raises(ValidationError):
        CommitmentMade.model_validate(COMMITMENT | {"due_at": moment})


@pytest.mark.parametrize("correspondent", ["a.b", "a b", "*", ">", "", "é", "a" * 65, "a\n"])
def test_a_correspondent_is_a_word_that_is_harmless_in_a_subject(correspondent: str) -> None:
    with pytest.raises(ValidationError):
        ReportSubmitted.model_validate(REPORT | {"correspondent": correspondent})


@pytest.mark.parametrize("field", sorted(COMMITMENT))
def test_no_field_of_a_commitment_may_be_missing(field: str) -> None:
    with pytest.raises(ValidationError):
        CommitmentMade.model_validate({k: v for k, v in COMMITMENT.items() if k != field})
