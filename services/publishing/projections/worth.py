"""What is worth a story, and why; from what is public only, with the very event that says so."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    select,
)

from shared.contracts import public, public_checking, public_society
from shared.contracts.event import Event
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Row, Rows
from shared.eventsourcing.projections.serving import rows_of

WEIGHTS = {
    "raised": 60,
    "refuted": 50,
    "upheld": 40,
    "founded": 30,
    "confirmed": 25,
    "qualified": 20,
    "held": 15,
    "late": 15,
    "done": 10,
}
"""What news it is, by why; each tier and each further witness adds to it."""

OF_A_TIER, OF_A_WITNESS, MOST_OF_WITNESSES = 10, 5, 50
SECOND_TIER = 2

metadata = MetaData()
worth = Table(
    "worth_v1",
    metadata,
    Column("thing", String(32), primary_key=True),
    Column("kind", String(10), nullable=False),
    Column("place", String(120)),
    Column("sector", String(60)),
    Column("on", Date),
    Column("why", String(10)),
    Column("weight", Integer, nullable=False),
    Column("witnesses", Integer, nullable=False),
    Column("event_id", String(32)),
    Column("sequence", BigInteger),
)
Index("worth_v1_of_day", worth.c.kind, worth.c.on, worth.c.weight)


def keys(event: Event) -> Collection[str]:
    return (event.aggregate_id,) if type(event) in TAKES else ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    """Of what is withdrawn nothing is kept but that it is; then nothing is taken in any more."""
    event = recorded.event
    if event.aggregate_id not in rows and not _begins(event):
        return
    what = event.what if isinstance(event, public.PublicWithdrawn) else type(event).aggregate
    row = rows.setdefault(event.aggregate_id, _empty(event.aggregate_id, what))
    if row["why"] == "withdrawn":
        return
    match event:
        case public.PublicWithdrawn() | public_society.SocietyDissolved():
            row |= {"why": "withdrawn", "place": None, "sequence": None, "on": None}
        case public.ReportCorroborated():
            row["witnesses"] += 1
            if row["sequence"] is not None:
                row["weight"] = _weight(row, event)
        case (
            public.ReportRefuted()
            | public.ReportReopened()
            | public.QualificationLapsed()
            | public.QualificationRevoked()
        ):
            row |= {"sequence": None, "on": None}
        case _:
            _becomes(row, recorded)


def _begins(event: Event) -> bool:
    """Most reports are settled once, and most checks raised in one tier: no row stands for that."""
    witnessed = public.PublicWithdrawn, public.ReportCorroborated
    return isinstance(event, witnessed) or _why(event) is not None


def _becomes(row: Row, recorded: RecordedEvent) -> None:
    event = recorded.event
    why = _why(event)
    if why is None:
        return
    row |= {
        "why": why,
        "place": event.place,
        "sector": getattr(event, "sector", None),
        "on": getattr(event, "done_on", None) if why in ("done", "late") else _day(event),
        "event_id": recorded.id,
        "sequence": recorded.sequence,
    }
    row["weight"] = _weight(row, event)


def _day(event: Event) -> object:
    return getattr(event, "on", None) or getattr(event, "due_on", None)


def _why(event: Event) -> str | None:
    match event:
        case public.ReportConfirmed():
            return "confirmed"
        case public.CheckOverdue(tier=tier):
            return "raised" if tier >= SECOND_TIER else None
        case public.DoneClaimed(late=late):
            return "late" if late else "done"
        case public_checking.ClaimUpheld():
            return "upheld"
        case public_checking.ClaimRefuted():
            return "refuted"
        case public.MemberQualified():
            return "qualified"
        case public_society.SocietyFounded():
            return "founded"
        case public_society.ActivityHeld():
            return "held"
        case _:
            return None


def _weight(row: Row, event: Event) -> int:
    tiers = event.tier * OF_A_TIER if isinstance(event, public.CheckOverdue) else 0
    seen: int = min(row["witnesses"] * OF_A_WITNESS, MOST_OF_WITNESSES)
    return WEIGHTS[row["why"]] + tiers + seen


def _empty(thing: str, kind: str) -> Row:
    none = dict.fromkeys(("place", "sector", "on", "why", "event_id", "sequence"))
    return {"thing": thing, "kind": kind, "weight": 0, "witnesses": 0, **none}


TAKES: frozenset[type[Event]] = frozenset(
    (
        public.ReportConfirmed,
        public.ReportRefuted,
        public.ReportReopened,
        public.ReportCorroborated,
        public.CheckOverdue,
        public.DoneClaimed,
        public_checking.ClaimUpheld,
        public_checking.ClaimRefuted,
        public.MemberQualified,
        public.QualificationLapsed,
        public.QualificationRevoked,
        public_society.SocietyFounded,
        public_society.ActivityHeld,
        public_society.SocietyDissolved,
        public.PublicWithdrawn,
    )
)
KINDS = "report", "check", "member", "society"
read_model = ReadModel("worth_v1", log_of("public"), worth, keys, apply, takes=TAKES)


@dataclass(frozen=True)
class Sought:
    kind: str = ""
    places: Collection[str] | None = None
    limit: int = 50


def found(connection: Connection, sought: Sought) -> list[Row]:
    """The newest days first, within a day what weighs most."""
    kinds = [sought.kind] if sought.kind else KINDS
    newest = [row for kind in kinds for row in _of_kind(connection, kind, sought)]
    newest.sort(key=lambda row: (row["on"], row["weight"], row["sequence"]), reverse=True)
    return newest[: sought.limit]


def _of_kind(connection: Connection, kind: str, sought: Sought) -> list[Row]:
    rows = rows_of(connection, read_model)
    chosen = select(rows).where(rows.c.kind == kind, rows.c.on.is_not(None))
    chosen = chosen.where(rows.c.sequence.is_not(None))
    if sought.places is not None:
        chosen = chosen.where(rows.c.place.in_(sought.places))
    order = rows.c.on.desc(), rows.c.weight.desc(), rows.c.sequence.desc()
    found = connection.execute(chosen.order_by(*order).limit(sought.limit))
    return [dict(row) for row in found.mappings()]


def these(connection: Connection, things: Collection[str]) -> dict[str, Row]:
    rows = rows_of(connection, read_model)
    chosen = select(rows).where(rows.c.thing.in_(things), rows.c.sequence.is_not(None))
    return {row["thing"]: dict(row) for row in connection.execute(chosen).mappings()}
