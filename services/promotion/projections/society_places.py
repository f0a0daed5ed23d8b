"""Where societies are active and about what, in the order of the newest: so that none is looked for
in all."""

from collections.abc import Collection, Iterable

from sqlalchemy import BigInteger, Boolean, Column, Index, MetaData, String, Table

from services.promotion.projections import society_places_before
from shared.contracts.event import Event
from shared.contracts.place import regions
from shared.contracts.routing import log_of
from shared.contracts.society import SocietyFounded, SocietyRegistered
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections.read_model import ReadModel, Rows

ANY = ""
"""The sector under which each stands, also one without any."""

metadata = MetaData()
places = Table(
    "society_places_v2",
    metadata,
    Column("standing", String(214), primary_key=True),
    Column("society_id", String(32), nullable=False),
    Column("place", String(120), nullable=False),
    Column("sector", String(60), nullable=False),
    Column("is_named", Boolean, nullable=False),
    Column("sequence", BigInteger, nullable=False),
)
Index(
    "society_places_v2_newest",
    places.c.place,
    places.c.sector,
    places.c.is_named,
    places.c.sequence,
)


def _around(places: Iterable[str]) -> dict[str, bool]:
    """Each place, and what holds it; whether the society itself names it."""
    named = list(places)
    found = {region: False for place in named for region in regions(place)}
    return found | dict.fromkeys(named, True)


def _rows(event: SocietyFounded | SocietyRegistered) -> dict[str, tuple[str, str, bool]]:
    return {
        f"{event.society_id}:{place}:{sector}": (place, sector, is_named)
        for place, is_named in _around(event.places).items()
        for sector in (ANY, *event.sectors)
    }


def _left(event: SocietyFounded | SocietyRegistered) -> set[str]:
    """Where, and about what, an earlier statement had it."""
    if not isinstance(event, SocietyRegistered):
        return set()
    at = _around((*event.places, *event.left_places))
    about = (ANY, *event.sectors, *event.left_sectors)
    return {f"{event.society_id}:{place}:{sector}" for place in at for sector in about}


def keys(event: Event) -> Collection[str]:
    if not isinstance(event, SocietyFounded | SocietyRegistered):
        return ()
    return _rows(event).keys() | _left(event)


def apply(rows: Rows, recorded: RecordedEvent) -> None:
    event = recorded.event
    if not isinstance(event, SocietyFounded | SocietyRegistered):
        return
    for key in _left(event):
        rows.pop(key, None)
    for key, (place, sector, is_named) in _rows(event).items():
        rows[key] = {
            "standing": key,
            "society_id": event.society_id,
            "place": place,
            "sector": sector,
            "is_named": is_named,
            "sequence": recorded.sequence,
        }


read_model = ReadModel(
    "society_places_v2",
    log_of("promotion"),
    places,
    keys,
    apply,
    replaces=society_places_before.read_model,
    takes=frozenset((SocietyFounded, SocietyRegistered)),
)
