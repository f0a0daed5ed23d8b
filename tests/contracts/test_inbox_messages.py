"""What upstream systems may say, and what they may not."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.contracts.attachment import NAME_PATTERN
from shared.contracts.inbox import (
    INBOX_KINDS,
    CommitmentDone,
    CommitmentHandedOver,
    CommitmentMade,
    InboxMessage,
    ReportAttached,
    ReportCorroborated,
    ReportReopened,
    ReportResolved,
    ReportSubmitted,
    VerdictAppealed,
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

visible = st.characters(
    exclude_categories=["Cc", "Cf", "Cs", "M", "Z"],
    exclude_characters="\u115f\u1160\u2800\u3164\uffa0",
)
blank = st.sampled_from(" \u3000\u0301\u200d\u200b")
source_ids = st.text(visible | blank, max_size=99).flatmap(lambda text: visible.map(text.__add__))
lines = st.text(visible | blank, max_size=299).flatmap(lambda text: visible.map(text.__add__))
prose = st.text(visible | blank | st.sampled_from("\n\r\t\u202e"), max_size=200)
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
        outcome=st.sampled_from(["confirmed", "refuted", "duplicate", "closed", "half-fixed"]),
        duplicate_of=st.none() | source_ids,
        resolved_at=moments,
        reason=prose,
    ),
    st.builds(
        ReportCorroborated,
        report=source_ids,
        correspondent=st.from_regex(r"\A[A-Za-z0-9_-]{1,64}\Z"),
        seen_at=moments,
    ),
    st.builds(ReportReopened, report=source_ids, reopened_at=moments, reason=prose),
    st.builds(
        ReportAttached,
        report=source_ids,
        attachments=st.lists(
            st.from_regex(NAME_PATTERN, fullmatch=True), min_size=1, max_size=3
        ).map(tuple),
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
    st.builds(VerdictAppealed, commitment=source_ids, owner=lines, reason=lines),
    st.builds(CommitmentDone, commitment=source_ids, owner=lines, done_at=moments),
    st.builds(
        CommitmentHandedOver,
        commitment=source_ids,
        owner=lines,
        to=lines,
        handed_over_at=moments,
        reason=lines,
    ),
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
        [],
        1e400,
    ],
)
def test_a_due_date_that_is_none_is_refused(moment: object) -> None:
    with pytest.raises(ValidationError):
        CommitmentMade.model_validate(COMMITMENT | {"due_at": moment})


@pytest.mark.parametrize(
    "text",
    [
        *["", " ", "\u3000", "\u200b\u200d", "\u0301", "\u3164", "\u2800"],
        *["a\u202eb", "a\u2066b", "a\u2028b", "a\u2029b", "a\ufeffb", "a\U000e0041b", "a\ufff9b"],
    ],
)
@pytest.mark.parametrize("field", ["commitment", "owner", "task"])
def test_a_line_shows_something_and_nothing_in_it_deceives(field: str, text: str) -> None:
    with pytest.raises(ValidationError):
        CommitmentMade.model_validate(COMMITMENT | {field: text})


@pytest.mark.parametrize(
    "text", ["\u05d0\u200f", "\U0001f3f3\ufe0f\u200d\U0001f308", "e\u0301", "\u845b\U000e0100"]
)
def test_what_languages_need_is_a_line(text: str) -> None:
    assert CommitmentMade.model_validate(COMMITMENT | {"owner": text}).owner == text


@pytest.mark.parametrize("said", ['"no"', '"false"', '"f"', "0", "1", "0.0", "null", "[]", '""'])
def test_a_boolean_is_true_or_false_and_nothing_else(said: str) -> None:
    body = json.dumps(REPORT)[:-1] + f', "confidential": {said}}}'
    with pytest.raises(ValidationError):
        ReportSubmitted.model_validate_json(body)


@pytest.mark.parametrize(
    "said", ["1893974400", '"1893974400"', '"1.9e9"', "true", '"20300107T120000Z"']
)
def test_a_number_is_no_moment(said: str) -> None:
    body = json.dumps(COMMITMENT)[:-1].replace('"due_at"', '"was"') + f', "due_at": {said}}}'
    with pytest.raises(ValidationError):
        CommitmentMade.model_validate_json(body)


@pytest.mark.parametrize("correspondent", ["a.b", "a b", "*", ">", "", "é", "a" * 65, "a\n"])
def test_a_correspondent_is_a_word_that_is_harmless_in_a_subject(correspondent: str) -> None:
    with pytest.raises(ValidationError):
        ReportSubmitted.model_validate(REPORT | {"correspondent": correspondent})


@pytest.mark.parametrize("field", sorted(COMMITMENT.keys() - {"due_at"}))
def test_no_field_of_a_commitment_may_be_missing(field: str) -> None:
    with pytest.raises(ValidationError):
        CommitmentMade.model_validate({k: v for k, v in COMMITMENT.items() if k != field})
