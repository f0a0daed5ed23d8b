"""Who is qualified on which track, since when, and at which sequence it stands in the log."""

from collections.abc import Collection

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Date,
    Integer,
    MetaData,
    String,
    Table,
    select,
)

from shared.contracts.event import Event
from shared.contracts.member import MemberQualified, QualificationEnded
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import counts_of, rows_of

metadata = MetaData()


def _rows(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("key", String(100), primary_key=True),
        Column("member_id", String(32), nullable=False),
        Column("track", String(60), nullable=False),
        Column("rule_version", Integer, nullable=False),
        Column("on", Date, nullable=False),
        Column("event_id", String(32), nullable=False),
        Column("sequence", BigInteger, nullable=False),
    )


qualifications = _rows("qualifications_v3")


def keys(event: Event) -> Collection[str]:
    return (_key(event),) if isinstance(event, MemberQualified) else ()


def _key(event: MemberQualified) -> str:
    return f"{event.member_id}:{event.track}"


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case MemberQualified() as event:
            rows[_key(event)] = {
                "key": _key(event),
                "member_id": event.member_id,
                "track": event.track,
                "rule_version": event.rule_version,
                "on": event.on,
                "event_id": recorded.id,
                "sequence": recorded.sequence,
            }


def keys_with_ends(event: Event) -> Collection[str]:
    match event:
        case MemberQualified() | QualificationEnded():
            return (f"{event.member_id}:{event.track}",)
        case _:
            return ()


def apply_with_ends(rows: Rows, recorded: RecordedEvent) -> None:
    match recorded.event:
        case MemberQualified():
            apply(rows, recorded)
        case QualificationEnded() as event:
            rows.pop(f"{event.member_id}:{event.track}", None)


def sorts(row: Row) -> tuple[str, ...]:
    return (row["track"],)


_before = _rows("qualifications_v1")
without_counts = ReadModel("qualifications_v1", log_of("promotion"), _before, keys, apply)
for_ever = ReadModel(
    "qualifications_v2",
    log_of("promotion"),
    _rows("qualifications_v2"),
    keys,
    apply,
    without_counts,
    sorts,
)
read_model = ReadModel(
    "qualifications_v3",
    log_of("promotion"),
    qualifications,
    keys_with_ends,
    apply_with_ends,
    for_ever,
    sorts,
)


def count_by_track(connection: Connection) -> dict[str, int]:
    return counts_of(connection, read_model)


def of_member(connection: Connection, member_id: str) -> list[Row]:
    rows = rows_of(connection, read_model)
    own = [rows.c.key.startswith(f"{member_id}:", autoescape=True), rows.c.member_id == member_id]
    found = connection.execute(select(rows).where(*own).order_by(rows.c.sequence)).mappings()
    return [dict(row) for row in found]
