"""How many reports of a correspondent were confirmed and refuted, by sector; for triage alone."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Column, Connection, Index, Integer, MetaData, String, Table, select

from shared.contracts.event import Event
from shared.contracts.report import ReportConfirmed, ReportFiled, ReportRefuted
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Rows
from shared.eventsourcing.projections.serving import rows_of

metadata = MetaData()

reliability = Table(
    "reliability_v1",
    metadata,
    Column("known_as", String(100), primary_key=True),
    Column("correspondent", String(32), nullable=False),
    Column("sector", String(60), nullable=False),
    Column("filed", Integer, nullable=False),
    Column("confirmed", Integer, nullable=False),
    Column("refuted", Integer, nullable=False),
)
Index("reliability_v1_of", reliability.c.correspondent, reliability.c.sector)

COUNTED = {ReportFiled: "filed", ReportConfirmed: "confirmed", ReportRefuted: "refuted"}
Counted = ReportFiled | ReportConfirmed | ReportRefuted
AT_ONCE = 500


def keys(event: Event) -> Collection[str]:
    """Of data that are public nobody is counted."""
    if isinstance(event, Counted) and event.protected and (who := event.correspondent):
        return (f"{who} {event.sector}",)
    return ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    for known_as in keys(event):
        who, sector = known_as.split(" ")
        nothing = {"known_as": known_as, "correspondent": who, "sector": sector}
        row = rows.setdefault(known_as, nothing | dict.fromkeys(COUNTED.values(), 0))
        row[COUNTED[type(event)]] += 1


TAKES: frozenset[type[Event]] = frozenset((ReportConfirmed, ReportFiled, ReportRefuted))
read_model = ReadModel("reliability_v1", log_of("intake"), reliability, keys, apply, takes=TAKES)


@dataclass(frozen=True)
class Prior:
    """As if there had been so many more settled reports, and so many of them confirmed."""

    confirmed: float = 1
    settled: float = 2


@dataclass(frozen=True)
class Share:
    """`confirmed` of `settled` reports by one correspondent in one sector; `share` has the prior in
    it, so that one report is no 100 %."""

    filed: int
    settled: int
    confirmed: int
    share: float


def shares(
    connection: Connection, correspondents: Iterable[str], prior: Prior
) -> dict[tuple[str, str], Share]:
    """By correspondent and sector, of at most 500 of them."""
    asked = sorted({*correspondents})[:AT_ONCE]
    own = rows_of(connection, read_model).c
    chosen = select(own.correspondent, own.sector, own.filed, own.confirmed, own.refuted)
    found = connection.execute(chosen.where(own.correspondent.in_(asked)))
    return {
        (who, sector): Share(
            filed,
            confirmed + refuted,
            confirmed,
            (confirmed + prior.confirmed) / (confirmed + refuted + prior.settled),
        )
        for who, sector, filed, confirmed, refuted in found
    }
