"""The commitments that a report led to, and how they stand."""

from sqlalchemy import Connection, select

from services.intake.projections.checks import read_model
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import rows_of

MOST = 50


def of_report(connection: Connection, report_id: str) -> list[Row]:
    """The first ones, by the day on which they were made."""
    rows = rows_of(connection, read_model).c
    if "report_id" not in rows:
        return []  # until the rows are made
    chosen = (
        select(rows.state, rows.due_at, rows.opened_at)
        .where(rows.report_id == report_id)
        .order_by(rows.opened_at, rows.check_id)
        .limit(MOST)
    )
    return [dict(row) for row in connection.execute(chosen).mappings()]
