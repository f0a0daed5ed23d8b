"""Members with the figures of their work."""

from collections.abc import Collection

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, Text, func, select

from shared.contracts.event import Event
from shared.contracts.member import MemberEvent, MemberQualified, RefutationNoted, ReportCredited
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Rows
from shared.eventsourcing.projections.serving import rows_of

metadata = MetaData()

members = Table(
    "members_v2",
    metadata,
    Column("member_id", String(32), primary_key=True),
    Column("confirmed", Integer, nullable=False),
    Column("refuted", Integer, nullable=False),
    Column("tracks", Text, nullable=False),
)


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


read_model = ReadModel("members_v2", log_of("promotion"), members, keys, apply)


def count(connection: Connection) -> int:
    rows = rows_of(connection, read_model)
    return connection.execute(select(func.count()).select_from(rows)).scalar_one()
