"""Reports as the desk lists them: the newest first, of some places, sectors, states and ages."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from services.intake.projections.reports import read_model
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import rows_of, version

STATES = ("filed", "half fixed", "claimed", "duplicate", "confirmed", "refuted", "closed")


@dataclass(frozen=True)
class Cut:
    """Of all, where nothing is said. `since` and `until` are of when they were filed; `before` goes
    on behind a report; `witnesses` are at least so many."""

    place: str = ""
    sector: str = ""
    state: str = ""
    since: datetime | None = None
    until: datetime | None = None
    witnesses: int = 0
    before: tuple[datetime, str] | None = None


def listed(connection: Connection, cut: Cut, limit: int) -> list[Row]:
    """Never what was written in them."""
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
        chosen = chosen.where(own.corroborated >= cut.witnesses)
    if cut.before:
        at, known_as = cut.before
        earlier = and_(own.filed_at == at, own.report_id < known_as)
        chosen = chosen.where(or_(own.filed_at < at, earlier))
    newest = own.filed_at.desc(), own.report_id.desc()
    found = connection.execute(chosen.order_by(*newest).limit(limit)).mappings()
    return [dict(row) for row in found]
