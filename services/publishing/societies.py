"""The gate's part for societies: that they are there, and roughly how many are in them."""

from datetime import tzinfo
from typing import Any

from services.publishing.days import day
from shared.contracts import public_society, society
from shared.contracts.event import Event

TOLD = (
    society.SocietyFounded,
    society.SocietyCounted,
    society.ActivityHeld,
    society.SocietyFellDormant,
    society.SocietyRevived,
    society.SocietySuspended,
    society.SocietyReinstated,
    society.SocietyDissolved,
    society.SocietyRegistered,
)
"""Who joined, left, leads or has an office is told of nobody."""


def told(event: society.SocietyEvent, public_id: str, zone: tzinfo, smallest: int) -> Event | None:
    """No figure below `smallest`."""

    def figure(given: int) -> int | None:
        return given if given >= smallest else None

    what: dict[str, Any] = {
        "society": public_id,
        "place": event.place,
        "on": day(event.at, zone),
    }
    match event:
        case society.SocietyFounded(society_id=page, places=places, sectors=sectors):
            about = {"page": page, "places": places, "sectors": sectors}
            return public_society.SocietyFounded(**what, **about)
        case society.SocietyCounted(at_least=at_least):
            return public_society.SocietyCounted(**what, at_least=figure(at_least))
        case society.ActivityHeld(on=on, came=came):
            return public_society.ActivityHeld(**what | {"on": on}, came=figure(came))
        case society.SocietyFellDormant():
            return public_society.SocietyFellDormant(**what)
        case society.SocietyRevived():
            return public_society.SocietyRevived(**what)
        case society.SocietySuspended(reason=reason):
            return public_society.SocietySuspended(**what, reason=reason)
        case society.SocietyReinstated(reason=reason):
            return public_society.SocietyReinstated(**what, reason=reason)
        case society.SocietyDissolved():
            return public_society.SocietyDissolved(**what)
        case society.SocietyRegistered() as said:
            about = {"page": said.society_id, "places": said.places, "sectors": said.sectors}
            ends = {"ended_on": said.ended_on, "merged_into": said.merged_into}
            return public_society.SocietyRegistered(**what, **about, **ends, registry=said.registry)
        case _:
            return None
