"""Members with the figures of their work."""

from collections.abc import Collection

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, Text

from shared.contracts.event import Event
from shared.contracts.member import (
    MemberEvent,
    MemberQualified,
    OutcomeTakenBack,
    QualificationEnded,
    RefutationNoted,
    ReportCredited,
)
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import counts_of

metadata = MetaData()

ALL = "members"


def _rows(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("member_id", String(32), primary_key=True),
        Column("confirmed", Integer, nullable=False),
        Column("refuted", Integer, nullable=False),
        Column("tracks", Text, nullable=False),
    )


members = _rows("members_v4")


def keys(event: Event) -> Collection[str]:
    return (event.member_id,) if isinstance(event, MemberEvent) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    if not isinstance(event, MemberEvent):
        return
    row = rows.setdefault(
        event.member_id,
        {"member_id": event.member_id, "confirmed": 0, "refuted": 0, "tracks": ""},
    )
    match event:
        case ReportCredited():
            row["confirmed"] += 1
        case RefutationNoted():
            row["refuted"] += 1
        case MemberQualified():
            row["tracks"] = " ".join([*row["tracks"].split(), event.track])


def apply_all(rows: Rows, recorded: RecordedEvent) -> None:
    """Also what was taken back, and who is qualified no more."""
    event = recorded.event
    if not isinstance(event, MemberEvent):
        return
    row = rows.setdefault(
        event.member_id,
        {"member_id": event.member_id, "confirmed": 0, "refuted": 0, "tracks": ""},
    )
    tracks = row["tracks"].split()
    match event:
        case ReportCredited():
            row["confirmed"] += 1
        case RefutationNoted():
            row["refuted"] += 1
        case OutcomeTakenBack(outcome=outcome):
            row[outcome] -= 1
        case MemberQualified() if event.track not in tracks:
            row["tracks"] = " ".join([*tracks, event.track])
        case QualificationEnded():
            row["tracks"] = " ".join(each for each in tracks if each != event.track)


def sorts(_: Row) -> tuple[str, ...]:
    return (ALL,)


without_counts = ReadModel("members_v2", log_of("promotion"), _rows("members_v2"), keys, apply)
with_all_outcomes = ReadModel(
    "members_v3", log_of("promotion"), _rows("members_v3"), keys, apply, without_counts, sorts
)
read_model = ReadModel(
    "members_v4", log_of("promotion"), members, keys, apply_all, with_all_outcomes, sorts
)


def count(connection: Connection) -> int:
    return counts_of(connection, read_model).get(ALL, 0)
