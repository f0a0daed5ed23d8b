"""Claims of done: about which moment each is, since when that is known, and until when."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Index,
    MetaData,
    String,
    Table,
    exists,
    or_,
)
from sqlalchemy.sql.elements import KeyedColumnElement

from shared.contracts.check import DoneClaimed
from shared.contracts.checking import ClaimRefuted, ClaimUpheld
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Rows
from shared.eventsourcing.projections.serving import rows_of

metadata = MetaData()


def _rows(name: str) -> Table:
    table = Table(
        name,
        metadata,
        Column("claim", String(80), primary_key=True),
        Column("check_id", String(32), nullable=False),
        Column("done_at", Instant, nullable=False),
        Column("known_at", Instant, nullable=False),
        Column("refuted_known_at", Instant),
    )
    Index(f"{name}_of_check", table.c.check_id)
    return table


claims = _rows("claims_v2")

Told = DoneClaimed | ClaimRefuted | ClaimUpheld


def keys(event: Event) -> Sequence[str]:
    """Of a check no two claims are about the same moment. What was refuted may be upheld after all,
    by people whom an appeal called, which is the second."""
    if not isinstance(event, Told):
        return ()
    claim = f"{event.check_id} {event.done_at.isoformat()}"
    return claim, f"{claim} again"


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event, at = recorded.event, recorded.recorded_at
    if not isinstance(event, Told):
        return
    claim, again = keys(event)
    last = rows.get(again) or rows.get(claim)
    if isinstance(event, ClaimRefuted):
        if last:
            last["refuted_known_at"] = at
    elif last is None or last["refuted_known_at"]:
        name = again if last else claim
        rows[name] = {
            "claim": name,
            "check_id": event.check_id,
            "done_at": event.done_at,
            "known_at": at,
            "refuted_known_at": None,
        }


def keys_as_said(event: Event) -> Collection[str]:
    return keys(_as_said(event))


def apply_as_said(rows: Rows, recorded: RecordedEvent) -> None:
    """What is found on a claim names it by the moment that was said; it may take effect later."""
    said = _as_said(recorded.event)
    apply(rows, replace(recorded, event=said))
    if isinstance(event := recorded.event, DoneClaimed) and said is not event:
        rows[keys(said)[0]]["done_at"] = event.done_at


def _as_said(event: Event) -> Event:
    if isinstance(event, DoneClaimed) and event.said_at:
        return event.model_copy(update={"done_at": event.said_at})
    return event


TAKES: frozenset[type[Event]] = frozenset((DoneClaimed, ClaimRefuted, ClaimUpheld))
at_once = ReadModel("claims_v1", log_of("intake"), _rows("claims_v1"), keys, apply, takes=TAKES)
read_model = ReadModel(
    "claims_v2", log_of("intake"), claims, keys_as_said, apply_as_said, at_once, takes=TAKES
)


def is_done(
    connection: Connection, check: KeyedColumnElement[str], day: object, known: object
) -> ColumnElement[bool]:
    """Of `check`, a column: it was claimed done by `day`, as far as was known at `known`."""
    rows = rows_of(connection, read_model).c
    return exists().where(
        rows.check_id == check,
        rows.done_at <= day,
        rows.known_at <= known,
        or_(rows.refuted_known_at.is_(None), rows.refuted_known_at > known),
    )
