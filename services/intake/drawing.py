"""Has checkings looked at when their moment comes, with who may be drawn for them."""

import json
from collections.abc import Collection
from datetime import datetime, timedelta

from services.intake.domain.checking_looked import LookAtChecking
from services.intake.domain.draw import Candidate
from services.intake.projections.checkings_due import CheckingsDue
from shared.contracts.party import NO_PARTIES, Parties, as_known
from shared.eventsourcing.projections.read_model import Row
from shared.eventsourcing.timers.calendar import Due, Timers


def timers(dues: CheckingsDue, parties: Parties = NO_PARTIES) -> Timers:
    def command(due: Due, now: datetime) -> LookAtChecking:
        about = dues.about[due.thing]
        since = now - timedelta(days=about["often_days"])
        pool = [candidate(row, since) for row in dues.pool]
        reporter = dues.reporters.get(about["report_id"] or "")
        out = close_to(about["owner"], pool, parties) | ({reporter} if reporter else set())
        hidden = about["check_id"] in dues.hidden
        return LookAtChecking(due.thing, pool, dues.as_of, out, now, hidden)

    return Timers(dues, command, in_turn=dues)


def close_to(owner: str, pool: Collection[Candidate], parties: Parties) -> frozenset[str]:
    """Who named the owner by any of its names, or a unit above it or below it."""
    ties = {tie for each in pool for tie in each.ties}
    close = {tie for tie in ties if parties.share_a_unit(tie, owner)}
    return frozenset(each.member_id for each in pool if each.ties & close)


def candidate(row: Row, since: datetime) -> Candidate:
    """Ready is who both qualified and said so, as of the later of the two."""
    return Candidate(
        row["member_id"],
        row["place"],
        max(row["ready_in"], row["qualified_in"]),
        _names(row["ties"]),
        _names(row["societies"]),
        sum(datetime.fromisoformat(each) > since for each in json.loads(row["drawn"])),
    )


def _names(kept: str) -> frozenset[str]:
    return frozenset(as_known(each) for each in json.loads(kept))
