"""Checks as the version before kept them: it did not say whether anybody looked at a claim."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Boolean, Column, Date, Index, Integer, MetaData, String, Table, Text

from services.publishing.projections import overdue_v2, overdue_v4, promised
from shared.contracts import public
from shared.contracts.event import Event
from shared.contracts.public_checking import CheckHalved
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Rows

metadata = MetaData()


def made(name: str, metadata: MetaData, *more: Column[Any]) -> Table:
    """`first_on` is the due day from before it was put off; `held` who had it since when, if it was
    handed over; `of_late` is what is left of something that was late. Where it is `apart` it is
    counted when it is asked for."""
    table = overdue_v2.made(
        name,
        metadata,
        Column("paused", Boolean),
        Column("halved_on", Date),
        Column("rest", String(32)),
        Column("tier", Integer),
        Column("first_on", Date),
        Column("claimed", Boolean),
        Column("refuted", Boolean),
        Column("disputed", Boolean),
        Column("of_late", Boolean),
        Column("held", Text),
        Column("apart", Boolean),
        *more,
    )
    due = table.c.due_on, table.c.check
    for by in (table.c.owner, table.c.place, table.c.sector):
        Index(f"{name}_by_{by.name}", by, *due)
    Index(f"{name}_by_due", *due)
    to_do, apart = table.c.done_on.is_(None), table.c.apart.is_(True)
    Index(f"{name}_to_do", *due, sqlite_where=to_do, postgresql_where=to_do)
    Index(f"{name}_apart", *due, sqlite_where=apart, postgresql_where=apart)
    tiers = table.c.tier.is_not(None)
    Index(f"{name}_tiers", table.c.tier, *due, sqlite_where=tiers, postgresql_where=tiers)
    return table


overdue = made("overdue_v5", metadata)


def keys(event: Event) -> Collection[str]:
    if isinstance(event, CheckHalved):
        return event.check, event.rest
    return overdue_v4.keys_with_owners(event)


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """What is left of a check is told of before it is opened."""
    event = recorded.event
    row = rows.get(event.aggregate_id)
    is_left = row is not None and row["due_on"] is None and not row["withdrawn_on"]
    overdue_v4.apply_with_owners(rows, recorded)
    if (row := rows.get(event.aggregate_id)) is None:
        return
    if is_left and isinstance(event, public.CheckOpened):
        row |= {"owner": event.owner or row["owner"], "due_on": event.due_on}
    promised.apply(row, event)
    if isinstance(event, CheckHalved) and (inherited := promised.inherited(row)):
        where = {"check": event.rest, "place": event.place, "sector": event.sector}
        rest = rows.setdefault(event.rest, overdue_v2.NOTHING | promised.NOTHING | where)
        if not rest["withdrawn_on"]:
            rest |= inherited
            rest["apart"] = promised.is_apart(rest) or None


read_model = ReadModel(
    "overdue_v5",
    log_of("public"),
    overdue,
    keys,
    apply,
    overdue_v4.read_model,
    promised.sorts,
)
