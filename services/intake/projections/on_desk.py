"""Reports as the desk lists them: the newest first, of some places, sectors, states and ages."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, literal_column, or_, select

from services.intake.projections import attached
from services.intake.projections.reports import read_model
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import rows_of, version

STATES = ("filed", "half fixed", "claimed", "duplicate", "confirmed", "refuted", "closed")


@dataclass(frozen=True)
class Cut:
    """Of all, where nothing is said. `since` and `until` are of when they were filed; `before` goes
    on behind a report; `witnesses` are at least so many; `files` are those with any."""

    place: str = ""
    sector: str = ""
    state: str = ""
    since: datetime | None = None
    until: datetime | None = None
    witnesses: int = 0
    before: tuple[datetime, str] | None = None
    files: bool = False


def listed(connection: Connection, cut: Cut, limit: int) -> list[Row]:
    """Never what was written in them; `files` is how many go with each."""
    if version(connection, read_model) is not read_model:
        return []  # until the rows are made
    own = rows_of(connection, read_model).c
    chosen = select(
        own.report_id,
        own.source,
        own.source_id,
        own.place,
        own.sector,
        own.confidential,
        own.state,
        own.filed_at,
        own.corroborated,
        own.head,
    )
    for column, wanted in ((own.place, cut.place), (own.sector, cut.sector)):
        chosen = chosen.where(column == wanted) if wanted else chosen
    if cut.state:
        chosen = chosen.where(own.state == cut.state)
    if cut.since:
        chosen = chosen.where(own.filed_at >= cut.since)
    if cut.until:
        chosen = chosen.where(own.filed_at <= cut.until)
    if cut.witnesses:
        some = own.corroborated > literal_column("0")  # as the index of these few says it
        chosen = chosen.where(some, own.corroborated >= cut.witnesses)
    if cut.files:
        chosen = chosen.where(own.report_id.in_(attached.with_files(connection)))
    if cut.before:
        at, known_as = cut.before
        earlier = and_(own.filed_at == at, own.report_id < known_as)
        chosen = chosen.where(or_(own.filed_at < at, earlier))
    newest = own.filed_at.desc(), own.report_id.desc()
    found = connection.execute(chosen.order_by(*newest).limit(limit)).mappings()
    rows = [dict(row) for row in found]
    files = attached.counts(connection, [row["report_id"] for row in rows]) if rows else {}
    return [row | {"files": files.get(row["report_id"], 0)} for row in rows]
