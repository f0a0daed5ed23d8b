"""Whatever validates is taken by every read model of its type, and comes back as it was."""

from typing import Any

import pytest
from drawn import any_story
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Engine, Integer, String

from deploy.programs import SERVICES
from deploy.suite import read_models
from shared.contracts.event import Event
from shared.contracts.registry import EVENT_TYPES
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.projections.read_model import ReadModel, Rows
from shared.testing.examples import recorded

ALL = [model for service in SERVICES for model in read_models(service)]


def those_that_take(event_type: type[Event]) -> list[ReadModel]:
    stream = event_type.service.upper()
    return [
        model
        for model in ALL
        if model.stream == stream and (not model.takes or event_type in model.takes)
    ]


TYPES = [each for each in EVENT_TYPES.values() if those_that_take(each)]
BY_TYPE = pytest.mark.parametrize("event_type", TYPES, ids=lambda t: t.type_name())
FEW = settings(
    max_examples=settings().max_examples // 5,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.fixture
def models(database: Engine, event_type: type[Event]) -> list[ReadModel]:
    """Made once: for each example that would be most of the time."""
    found = those_that_take(event_type)
    prepare(database, found)
    return found


@BY_TYPE
@FEW
@given(data=st.data())
def test_what_validates_is_taken_and_comes_back(
    database: Engine, models: list[ReadModel], event_type: type[Event], data: st.DataObject
) -> None:
    events = data.draw(any_story(event_type))
    projector = Projector(database, models)
    first = projector.begin() + 1
    story = [recorded(event, first + index) for index, event in enumerate(events)]
    expected = {model.name: _folded(database, model, story) for model in models}
    projector.write(story, story[-1].sequence)
    assert projector.set_aside == {}
    for model in models:
        found = _rows(database, model, story)
        assert found == expected[model.name]
        for row in found.values():
            _fits(model, row)


def _keys(model: ReadModel, story: list[RecordedEvent]) -> list[str]:
    return sorted({key for each in story for key in model.keys(each.event)})


def _rows(database: Engine, model: ReadModel, story: list[RecordedEvent]) -> Rows:
    with database.connect() as connection:
        return model._rows(connection, _keys(model, story))


def _folded(database: Engine, model: ReadModel, story: list[RecordedEvent]) -> Rows:
    """What `apply` alone makes of the rows that are there."""
    rows = _rows(database, model, story)
    for each in story:
        if model.keys(each.event):
            model.apply(rows, each)
    return rows


def _fits(model: ReadModel, row: dict[str, Any]) -> None:
    """SQLite takes anything; PostgreSQL would not."""
    for column in model.table.columns:
        value = row[column.name]
        if isinstance(column.type, String) and isinstance(value, str):
            assert len(value) <= (column.type.length or len(value)), column
        if isinstance(column.type, Integer) and value is not None:
            most = 2**63 if isinstance(column.type, BigInteger) else 2**31
            assert -most <= value < most, column
