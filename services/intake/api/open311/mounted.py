"""Puts the road of Open311 together, for one charter."""

from collections.abc import Callable
from datetime import UTC, datetime

from starlette.routing import BaseRoute

from services.intake.api.open311.addresses import Addresses
from services.intake.api.open311.filing import Filing
from services.intake.api.open311.services import Services
from services.intake.api.open311.taking import Taking
from services.intake.api.open311.tokens import Tokens
from services.intake.api.open311.updating import Updating
from services.intake.api.roads import Roads
from shared.eventsourcing.event_store import EventStore
from shared.runtime.charter import Charter
from shared.web.sites import Sites

NEVER = "1970-01-01T00:00:00Z"
TOLD_BY = ("sectors.toml", "places.toml", "body.toml")


def open311_routes(
    roads: Roads, charter: Charter, store: EventStore, sites: Sites, now: Callable[[], datetime]
) -> list[BaseRoute]:
    services = Services(charter.sectors, charter.told)
    locate = charter.geography.place_of if charter.geography else None
    taking = Taking(roads)
    filing = Filing(taking, services, charter.places, charter.public_sources, now, locate)
    tokens = Tokens(store, charter.sources)
    return Addresses(
        filing,
        Updating(taking),
        services,
        charter.places,
        tokens,
        sites,
        charter.name,
        changed(charter),
    ).routes()


def changed(charter: Charter) -> str:
    """When the charter's files were changed last, so far as they tell what can be reported."""
    files = (charter.directory / name for name in TOLD_BY)
    times = [file.stat().st_mtime for file in files if file.is_file()]
    if not times:
        return NEVER
    return datetime.fromtimestamp(max(times), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
