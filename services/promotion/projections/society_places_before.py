"""At which places societies are active, as the version before kept it, until its rows are replaced
everywhere."""

from collections.abc import Collection

from sqlalchemy import BigInteger, Boolean, Column, Index, MetaData, String, Table

from shared.contracts.event import Event
from shared.contracts.place import regions
from shared.contracts.routing import log_of
from shared.contracts.society import SocietyFounded
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Rows

metadata = MetaData()
places = Table(
    "society_places_v1",
    metadata,
    Column("standing", String(153), primary_key=True),
    Column("society_id", String(32), nullable=False),
    Column("place", String(120), nullable=False),
    Column("is_named", Boolean, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index("society_places_v1_at", places.c.place, places.c.is_named, places.c.society_id)


def _standing(society_id: str, place: str) -> str:
    return f"{society_id}:{place}"


def _around(event: SocietyFounded) -> dict[str, bool]:
    """Each place, and what holds it; whether the society itself names it."""
    found = {region: False for place in event.places for region in regions(place)}
    return found | dict.fromkeys(event.places, True)


def keys(event: Event) -> Collection[str]:
    if not isinstance(event, SocietyFounded):
        return ()
    return [_standing(event.society_id, place) for place in _around(event)]


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    if not isinstance(event, SocietyFounded):
        return
    for place, is_named in _around(event).items():
        key = _standing(event.society_id, place)
        rows[key] = {
            "standing": key,
            "society_id": event.society_id,
            "place": place,
            "is_named": is_named,
            "sequence": recorded.sequence,
        }


read_model = ReadModel(
    "society_places_v1",
    log_of("promotion"),
    places,
    keys,
    apply,
    takes=frozenset((SocietyFounded,)),
)
