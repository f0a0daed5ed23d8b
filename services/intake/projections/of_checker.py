"""What a member sees of checking: whether they are ready, their seats, verdicts on what they
reported."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from services.intake.projections import checkers, checkings, filed_by, seats
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.projections.serving import rows_of

MOST = 50
SETTLED = "settled"


@dataclass(frozen=True)
class OfChecker:
    """`reported` are checkings of commitments that their reports led to."""

    qualified: bool = False
    ready: bool = False
    ties: tuple[str, ...] = ()
    societies: tuple[str, ...] = ()
    seats: Sequence[Row] = ()
    reported: Sequence[Row] = ()


NOBODY = OfChecker()


def of_checker(connection: Connection, who: str) -> OfChecker:
    row = checkers.of_member(connection, who) or dict(checkers.NOBODY)
    return OfChecker(
        row["qualified_in"] is not None,
        row["ready_in"] is not None,
        tuple(json.loads(row["ties"])),
        tuple(json.loads(row["societies"])),
        seats.of_member(connection, who),
        _reported(connection, who),
    )


def _reported(connection: Connection, who: str) -> list[Row]:
    own, all_ = rows_of(connection, filed_by.read_model), rows_of(connection, checkings.read_model)
    theirs = select(own.c.report_id).where(own.c.correspondent == who)
    chosen = (
        select(all_)
        .where(all_.c.report_id.in_(theirs), all_.c.state == SETTLED)
        .order_by(all_.c.claimed_at.desc())
        .limit(MOST)
    )
    found = [dict(row) for row in connection.execute(chosen).mappings()]
    return checkings.shown(connection, found)


def reporter_of(connection: Connection, checking_id: str) -> str:
    """Who filed the report that led to the commitment; empty where that is not known."""
    row = checkings.one(connection, checking_id)
    report_id = row["report_id"] if row else None
    return filed_by.who_filed(connection, {report_id}).get(report_id, "") if report_id else ""
