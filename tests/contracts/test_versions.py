"""Readers stay readers: newer fields, older versions and unknown types do not stop them."""

import json
from datetime import datetime
from typing import Any, ClassVar

import pytest

from shared.contracts.event import Event
from shared.contracts.registry import EVENT_TYPES
from shared.contracts.upcasters import UPCASTERS, upcast
from shared.eventsourcing.cloudevents import decode, decode_known, encode
from shared.eventsourcing.errors import NewerEventError, UnreadableEventError
from shared.testing.examples import EXAMPLES, MONDAY, REPORT_FILED, ROXBURY, new_event


class LampMended(Event):
    """Version 1 had the `hour` it was mended, version 2 the moment, version 3 also by whom."""

    service: ClassVar[str] = "intake"
    aggregate: ClassVar[str] = "lamp"
    key: ClassVar[str] = "lamp"
    version: ClassVar[int] = 3

    lamp: str
    mended_at: datetime
    mended_by: str | None = None


TYPE = LampMended.type_name()


def _hour_to_moment(body: dict[str, Any]) -> dict[str, Any]:
    body = dict(body)
    return body | {"mended_at": MONDAY.replace(hour=body.pop("hour")).isoformat()}


@pytest.fixture(autouse=True)
def _registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EVENT_TYPES, TYPE, LampMended)
    monkeypatch.setitem(UPCASTERS, (TYPE, 1), _hour_to_moment)


def _read(version: int, body: dict[str, Any]) -> Event:
    """As who decides reads it."""
    return decode(_headers(version), json.dumps(body).encode(), 1).event


def _look_at(version: int, body: dict[str, Any]) -> Event | None:
    """As who only looks reads it."""
    recorded = decode_known(_headers(version), json.dumps(body).encode(), 1)
    return recorded.event if recorded else None


def _headers(version: int) -> dict[str, str]:
    new = new_event(LampMended(place=ROXBURY, lamp="12", mended_at=MONDAY))
    return encode(new)[1] | {"ce-dataschema": f"urn:{TYPE}:{version}"}


def test_the_oldest_version_is_raised_step_by_step_to_the_newest() -> None:
    assert _read(1, {"place": ROXBURY, "lamp": "12", "hour": 9}) == LampMended(
        place=ROXBURY, lamp="12", mended_at=MONDAY.replace(hour=9)
    )


def test_a_step_that_only_added_an_optional_field_needs_no_upcaster() -> None:
    body = {"place": ROXBURY, "lamp": "12", "mended_at": MONDAY.isoformat()}
    assert _read(2, body) == LampMended(place=ROXBURY, lamp="12", mended_at=MONDAY)


def test_the_newest_version_is_read_as_it_is() -> None:
    event = LampMended(place=ROXBURY, lamp="12", mended_at=MONDAY, mended_by="crew 4")
    assert _read(3, event.model_dump(mode="json")) == event


def test_who_only_looks_reads_a_newer_version_for_what_is_known_of_it() -> None:
    event = LampMended(place=ROXBURY, lamp="12", mended_at=MONDAY)
    assert _look_at(4, event.model_dump(mode="json") | {"weather": "rain"}) == event
    assert _look_at(4, {"place": ROXBURY, "something": "else"}) is None


def test_who_decides_does_not_decide_without_a_newer_version() -> None:
    event = LampMended(place=ROXBURY, lamp="12", mended_at=MONDAY)
    with pytest.raises(NewerEventError, match="LampMended 4 is newer"):
        _read(4, event.model_dump(mode="json"))


def test_upcasting_leaves_the_body_it_was_given_alone() -> None:
    body = {"place": ROXBURY, "lamp": "12", "hour": 9}
    upcast(TYPE, 1, 3, body)
    assert body == {"place": ROXBURY, "lamp": "12", "hour": 9}


@pytest.mark.parametrize("event", EXAMPLES.values(), ids=EXAMPLES)
def test_an_unknown_field_is_ignored(event: Event) -> None:
    _, headers, body = encode(new_event(event))
    recorded = decode(headers, json.dumps(json.loads(body) | {"unheard_of": [1, 2]}).encode(), 1)
    assert recorded.event == event


def test_an_unknown_type_is_skipped_by_who_looks_and_stops_who_decides() -> None:
    _, headers, body = encode(new_event(REPORT_FILED))
    newer = headers | {"ce-type": "tribune.intake.ReportFramed"}
    assert decode_known(newer, body, 1) is None
    with pytest.raises(NewerEventError, match="ReportFramed"):
        decode(newer, body, 1)


@pytest.mark.parametrize(
    "spoiled",
    [
        {"ce-type": ""},
        {"ce-type": "ReportFiled"},
        {"ce-dataschema": ""},
        {"ce-dataschema": "urn:x:one"},
        {"ce-dataschema": "urn:x:" + "9" * 5000},
        {"ce-time": "yesterday"},
        {"ce-time": "2030-01-07T12:00:00"},
        {"ce-revision": "first"},
    ],
)
def test_garbage_is_no_event_for_anybody(spoiled: dict[str, str]) -> None:
    _, headers, body = encode(new_event(REPORT_FILED))
    for read in (decode, decode_known):
        with pytest.raises(UnreadableEventError):
            read(headers | spoiled, body, 1)
        with pytest.raises(UnreadableEventError):
            read({}, body, 1)
        with pytest.raises(UnreadableEventError):
            read(headers, b"{}", 1)


def test_what_led_to_an_event_is_read_back() -> None:
    new = new_event(REPORT_FILED, revision=3)
    _, headers, body = encode(new)
    found = decode(headers, body, 11)
    assert {name: getattr(found, name) for name in new.__slots__} == {
        name: getattr(new, name) for name in new.__slots__
    }
