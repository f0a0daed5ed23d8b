"""What a command by request carries is held to the same types as what comes through an inbox."""

from datetime import datetime
from typing import Any

import pytest
from drawn import any_event
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.intake.app import CATEGORIES
from services.intake.domain.check import OpenCheck
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.report import FileReport
from services.intake.domain.source_key import GiveSourceKey, ReplaceSourceKey, RevokeSourceKey
from shared.contracts.event import Event
from shared.contracts.report import ReportFiled
from shared.runtime.carried import carried_by, reader_of
from shared.testing.examples import CHECK_ID, CHECK_OPENED, MONDAY, REPORT_FILED, SOURCE_KEY_GIVEN

CARRYING = [
    command for each in CATEGORIES for command in each.commands if carried_by(command) is not None
]
KEYS = [GiveSourceKey, ReplaceSourceKey, RevokeSourceKey]
BY_COMMAND = pytest.mark.parametrize("command", [each for each in CARRYING if each not in KEYS])


def carried(command: Any) -> Event:
    (name,) = type(command).__match_args__
    event: Event = getattr(command, name)
    return event


def test_a_command_carries_the_event_that_is_its_only_field() -> None:
    assert [FileReport, OpenCheck, *KEYS] == CARRYING
    assert carried_by(FileReport) is ReportFiled


def test_its_body_is_the_events() -> None:
    assert reader_of(FileReport)(REPORT_FILED.model_dump(mode="json")) == FileReport(REPORT_FILED)
    assert reader_of(OpenCheck)(CHECK_OPENED.model_dump(mode="json")) == OpenCheck(CHECK_OPENED)


def test_the_body_of_any_other_is_its_own() -> None:
    said = {"check_id": CHECK_ID, "owner": "Parks", "done_at": MONDAY.isoformat(), "now": MONDAY}
    assert reader_of(ClaimDone)(said) == ClaimDone(CHECK_ID, "Parks", MONDAY, MONDAY)


@BY_COMMAND
@given(data=st.data())
def test_all_its_moments_are_put_into_utc(command: type, data: st.DataObject) -> None:
    event_type = carried_by(command)
    assert event_type is not None
    event = data.draw(any_event(event_type))
    found = carried(reader_of(command)(event.model_dump(mode="json")))
    assert found == event
    assert type(found) is event_type
    moments = [value for _, value in found if isinstance(value, datetime)]
    schema = f"{event_type.model_json_schema()}"
    assert schema.count("'date-time'") == len(moments) > 0, "each has to be a field of its own"
    assert all(f"{moment.tzinfo}" == "UTC" for moment in moments)


@BY_COMMAND
@given(data=st.data())
def test_a_number_is_no_moment(command: type, data: st.DataObject) -> None:
    event_type = carried_by(command)
    assert event_type is not None
    event = data.draw(any_event(event_type))
    body = event.model_dump(mode="json")
    name = data.draw(st.sampled_from([n for n, value in event if isinstance(value, datetime)]))
    number = data.draw(st.sampled_from([0, 1_893_974_400, 1.5, "1893974400"]))
    with pytest.raises(ValidationError):
        reader_of(command)(body | {name: number})


def test_a_moment_that_may_be_missing_is_one_all_the_same() -> None:
    body = SOURCE_KEY_GIVEN.model_dump(mode="json")
    there = reader_of(GiveSourceKey)(body | {"expires_at": "2031-01-07T13:00:00+01:00"})
    assert f"{there.given.expires_at}" == "2031-01-07 12:00:00+00:00"
    assert reader_of(GiveSourceKey)(body | {"expires_at": None}).given.expires_at is None
    with pytest.raises(ValidationError):
        reader_of(GiveSourceKey)(body | {"expires_at": 1_893_974_400})
