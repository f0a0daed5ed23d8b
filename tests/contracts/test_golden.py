"""Everything that was ever written can still be read, and is still written the same way."""

import json
from pathlib import Path
from typing import Any

import pytest
from golden_files import FOLDER, as_written_today, golden_file

from shared.contracts.event import Event
from shared.contracts.registry import EVENT_TYPES
from shared.contracts.upcasters import UPCASTERS
from shared.eventsourcing.cloudevents import decode
from shared.testing.examples import EXAMPLES, new_event

GOLDEN = sorted(FOLDER.glob("*.json"))
BY_TYPE = pytest.mark.parametrize("event_type", EVENT_TYPES.values(), ids=lambda t: t.type_name())
BY_FILE = pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)


@BY_TYPE
def test_every_type_has_a_golden_file_of_each_of_its_versions(event_type: type[Event]) -> None:
    versions = range(1, event_type.version + 1)
    missing = [v for v in versions if not golden_file(event_type, v).exists()]
    assert not missing, "run `python -m tests.contracts.golden_files` and commit what it writes"


@BY_TYPE
def test_the_current_version_is_written_as_its_golden_file_says(event_type: type[Event]) -> None:
    golden = json.loads(golden_file(event_type, event_type.version).read_text())
    today = as_written_today(event_type)
    if event_type.service == "public":
        golden["headers"].pop("ce-revision", None)  # it was left out: it stands in no aggregate
        current, older = EXAMPLES[event_type.type_name()].subjects
        assert golden.pop("subject") in (current, older)
        assert today.pop("subject") == current
    assert today == golden, "a changed event needs a new version"


@BY_FILE
def test_a_golden_file_can_still_be_read(path: Path) -> None:
    golden = json.loads(path.read_text())
    found = decode(golden["headers"], json.dumps(golden["body"]).encode(), 7)
    assert (found.id, found.sequence) == (golden["headers"]["ce-id"], 7)
    assert found.revision == int(golden["headers"].get("ce-revision", 0))


@BY_FILE
def test_what_a_golden_file_says_is_not_lost_in_reading(path: Path) -> None:
    """Of the current version every field, with its value."""
    golden = json.loads(path.read_text())
    event_type = EVENT_TYPES[golden["headers"]["ce-type"]]
    if golden["headers"]["ce-dataschema"].endswith(f":{event_type.version}"):
        found = decode(golden["headers"], json.dumps(golden["body"]).encode(), 7)
        assert found.event == EXAMPLES[event_type.type_name()]
        assert found.event.model_dump(mode="json") == golden["body"]


def test_no_golden_file_is_of_a_version_that_was_never_released() -> None:
    known = {
        golden_file(event_type, version)
        for event_type in EVENT_TYPES.values()
        for version in range(1, event_type.version + 1)
    }
    assert set(GOLDEN) <= known


def test_every_upcaster_raises_an_older_version_of_a_known_type() -> None:
    for type_name, version in UPCASTERS:
        assert 1 <= version < EVENT_TYPES[type_name].version


@BY_TYPE
def test_the_headers_are_those_of_a_cloudevent(event_type: type[Event]) -> None:
    headers: dict[str, Any] = as_written_today(event_type)["headers"]
    new = new_event(EXAMPLES[event_type.type_name()])
    assert headers["ce-specversion"] == "1.0"
    assert headers["ce-id"] == new.id
    assert headers["ce-type"] == event_type.type_name()
    assert headers["ce-source"] == f"/tribune/{event_type.service}"
    assert headers["ce-subject"] == new.event.aggregate_id
    assert headers["content-type"] == "application/json"
