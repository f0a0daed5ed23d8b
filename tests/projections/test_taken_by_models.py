"""Each read model gets what it takes of a batch, all of it and in order, however few that is."""

from datetime import UTC, datetime
from itertools import count

from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, String, Table

from shared.contracts.event import Event
from shared.contracts.report import ReportClosed, ReportConfirmed, ReportFiled, ReportRefuted
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel
from shared.eventsourcing.projections.taking import by_type, taken

KINDS: list[type[Event]] = [ReportFiled, ReportConfirmed, ReportRefuted, ReportClosed]
AT = datetime(2030, 1, 7, tzinfo=UTC)

names = count()


def _model(takes: frozenset[type[Event]]) -> ReadModel:
    table = Table(f"taken_{next(names)}", MetaData(), Column("id", String(32), primary_key=True))
    return ReadModel("taken_v1", "INTAKE", table, lambda _: (), lambda *_: None, takes=takes)


@given(st.lists(st.sampled_from(KINDS)), st.frozensets(st.sampled_from(KINDS)))
@example([ReportFiled] * 20 + [ReportConfirmed, ReportRefuted] * 2, frozenset(KINDS[1:3]))
@example([ReportFiled] * 3 + [ReportConfirmed, ReportRefuted] * 2, frozenset(KINDS[1:3]))
def test_what_a_model_takes_it_gets_in_order(
    kinds: list[type[Event]], takes: frozenset[type[Event]]
) -> None:
    events = [
        RecordedEvent(str(number), kind.model_construct(), 1, AT, "", "", "", number)
        for number, kind in enumerate(kinds, 1)
    ]
    own = taken(_model(takes), events, by_type(events))
    expected = [each for each in events if not takes or type(each.event) in takes]
    assert [each for each in own if not takes or type(each.event) in takes] == expected
    if takes and len(expected) * 4 < len(events):
        assert list(own) == expected, "the rest of the batch was looked at"
    assert bool(own) or not expected
