"""By which rule and almanac checks were counted, as far as a rule was counted by."""

from collections.abc import Collection, Sequence

from sqlalchemy import Column, Connection, Index, MetaData, String, Table, select

from services.intake.projections import checks
from shared.contracts.check import CheckOpened
from shared.contracts.clock import CheckResumed, DueDateMoved
from shared.contracts.event import Event
from shared.contracts.reckoning import Reckoning
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Rows
from shared.eventsourcing.projections.serving import position, rows_of

metadata = MetaData()

reckoned = Table(
    "reckoned_v1",
    metadata,
    Column("check_id", String(32), primary_key=True),
    Column("counted_by", String(450)),
)
Index("reckoned_v1_counted_by", reckoned.c.counted_by, reckoned.c.check_id)

Counting = CheckOpened | CheckResumed | DueDateMoved


def keys(event: Event) -> Collection[str]:
    """Most are due when somebody says, and have no row."""
    if isinstance(event, CheckOpened):
        return (event.check_id,) if event.reckoning else ()
    return (event.check_id,) if isinstance(event, Counting) else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    if isinstance(event := recorded.event, Counting):
        by = counted_by(event.reckoning) if event.reckoning else None
        rows[event.check_id] = {"check_id": event.check_id, "counted_by": by}


def counted_by(said: Reckoning) -> str:
    return named(said.rule, said.rule_version, said.almanac, said.almanac_version)


def named(rule: str, rule_version: int, almanac: str, almanac_version: str) -> str:
    """A rule and an almanac, each with its version; no two are called the same."""
    return f"{rule} {rule_version} {almanac} {almanac_version}"


TAKES: frozenset[type[Event]] = frozenset((CheckOpened, CheckResumed, DueDateMoved))
read_model = ReadModel("reckoned_v1", log_of("intake"), reckoned, keys, apply, takes=TAKES)


def by_others(
    connection: Connection, known: Collection[str], after: str, limit: int
) -> Sequence[str]:
    """The checks that run and were counted by something that is not among these; of those behind
    `after`, at most `limit`."""
    rows, running = rows_of(connection, read_model).c, rows_of(connection, checks.read_model).c
    chosen = (
        select(rows.check_id)
        .join_from(rows.check_id.table, running.check_id.table, rows.check_id == running.check_id)
        .where(running.state == "open", rows.counted_by.not_in(known), rows.check_id > after)
        .order_by(rows.check_id)
        .limit(limit)
    )
    return list(connection.execute(chosen).scalars())


def reached(connection: Connection) -> int:
    """Up to where the log is held by all rows that `by_others` asks."""
    found = position(connection, (checks.read_model, read_model), read_model.stream)
    return found.sequence if found.is_shown else 0
