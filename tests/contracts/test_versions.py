"""Readers stay readers: newer fields, older versions and unknown types do not stop them."""

import json
from datetime import datetime
from typing import Any, ClassVar

import pytest

from shared.contracts.event import Event
from shared.contracts.registry import EVENT_TYPES
from shared.contracts.upcasters import UPCASTERS, upcast
from shared.eventsourcing.cloudevents import decode, encode
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


def _read(version: int, body: dict[str, Any]) -> Event | None:
    new = new_event(LampMended(place=ROXBURY, lamp="12", mended_at=MONDAY))
    headers = encode(new)[1] | {"ce-dataschema": f"urn:{TYPE}:{version}"}
    recorded = decode(headers, json.dumps(body).encode(), 1)
    return recorded.event if recorded else None


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


def test_a_version_newer_than_ours_is_read_for_what_we_know_of_it() -> None:
    event = LampMended(place=ROXBURY, lamp="12", mended_at=MONDAY)
    assert _read(4, event.model_dump(mode="json") | {"weather": "rain"}) == event


def test_upcasting_leaves_the_body_it_was_given_alone() -> None:
    body = {"place": ROXBURY, "lamp": "12", "hour": 9}
    upcast(TYPE, 1, 3, body)
    assert body == {"place": ROXBURY, "lamp": "12", "hour": 9}


@pytest.mark.parametrize("event", EXAMPLES.values(), ids=EXAMPLES)
def test_an_unknown_field_is_ignored(event: Event) -> None:
    _, headers, body = encode(new_event(event))
    recorded = decode(headers, json.dumps(json.loads(body) | {"unheard_of": [1, 2]}).encode(), 1)
    assert recorded is not None
    assert recorded.event == event


def test_an_unknown_type_is_skipped() -> None:
    _, headers, body = encode(new_event(REPORT_FILED))
    assert decode(headers | {"ce-type": "tribune.intake.ReportFramed"}, body, 1) is None
    assert decode({}, body, 1) is None


def test_what_led_to_an_event_is_read_back() -> None:
    new = new_event(REPORT_FILED, revision=3)
    _, headers, body = encode(new)
    found = decode(headers, body, 11)
    assert found is not None
    assert {name: getattr(found, name) for name in new.__slots__} == {
        name: getattr(new, name) for name in new.__slots__
    }
