"""What a public register says of associations, as commands."""

from collections.abc import Container

from services.intake.domain.registration import StateRegistration
from shared.contracts.identity import aggregate_id
from shared.contracts.inbox import SocietyRegistered
from shared.contracts.place import common_region
from shared.contracts.receipt import Fault
from shared.contracts.registration import RegistrationStated
from shared.eventsourcing.inbox.parse import RefusalError

NOT_PUBLIC = (
    "Words of a register are public, and kept for ever. If it is one, sources.toml of the charter"
    " says public = true of its source."
)


def registered(
    source: str,
    said: SocietyRegistered,
    places: Container[str],
    sectors: Container[str],
    *,
    is_public: bool,
) -> StateRegistration:
    """Raises RefusalError."""
    if not is_public:
        raise RefusalError("No public source", NOT_PUBLIC)
    for at, place in enumerate(said.places):
        require_known("place", place, places, f"/places/{at}")
    for at, sector in enumerate(said.sectors):
        require_known("sector", sector, sectors, f"/sectors/{at}")

    def entry(number: str) -> str:
        return aggregate_id("registration", source, number)

    stated = RegistrationStated(
        registration_id=entry(said.registration),
        place=common_region(said.places),
        source=source,
        number=said.registration,
        name=said.name,
        cause=said.cause,
        tags=said.tags,
        places=said.places,
        sectors=said.sectors,
        stated_at=said.stated_at,
        founded_on=said.founded_on,
        ended_on=said.ended_on,
        federations=tuple(map(entry, said.federations)),
        merged_into=entry(said.merged_into) if said.merged_into else None,
    )
    return StateRegistration(stated)


def require_known(what: str, code: str, known: Container[str], pointer: str) -> None:
    """Raises RefusalError."""
    if code not in known:
        fault = Fault(detail=f"The charter has no such {what}.", pointer=pointer)
        if what == "place":
            raise RefusalError("Unknown place", fault.detail, fault)
        raise RefusalError("Unknown sector", fault.detail, fault)
