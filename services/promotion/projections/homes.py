"""Of each member since when their login is known, and where they say that they live."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, Connection, MetaData, String, Table

from shared.contracts.event import Event
from shared.contracts.home import HomeSaid
from shared.contracts.login import LoginOpened
from shared.contracts.routing import log_of
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import Instant, ReadModel, Rows
from shared.eventsourcing.projections.serving import row_of

metadata = MetaData()
homes = Table(
    "homes_v1",
    metadata,
    Column("login_id", String(32), primary_key=True),
    Column("opened_at", Instant, nullable=False),
    Column("home", String(120)),
    Column("home_since", Instant),
)


def keys(event: Event) -> Collection[str]:
    match event:
        case HomeSaid(login_id=who) | LoginOpened(login_id=who, holder="member"):
            return (who,)
        case _:
            return ()


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event, at = recorded.event, recorded.recorded_at
    match event:
        case LoginOpened(login_id=who):
            rows[who] = {"login_id": who, "opened_at": at, "home": None, "home_since": None}
        case HomeSaid(login_id=who) if row := rows.get(who):
            row |= {"home": event.place, "home_since": event.at}


read_model = ReadModel(
    "homes_v1",
    log_of("promotion"),
    homes,
    keys,
    apply,
    takes=frozenset((LoginOpened, HomeSaid)),
)


@dataclass(frozen=True)
class Dwelling:
    """`known_since` is when both login and home were known."""

    home: str
    known_since: datetime


def of_login(connection: Connection, login_id: str) -> Dwelling | None:
    """None where they have not said."""
    row = row_of(connection, read_model, login_id)
    if row is None or row["home"] is None:
        return None
    return Dwelling(row["home"], max(row["opened_at"], row["home_since"]))
