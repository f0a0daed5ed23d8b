"""The gate's part for pictures of findings that an editor has passed, or taken back."""

from datetime import tzinfo
from typing import Any

from services.publishing.days import day
from shared.contracts import finding_shown, public_checking
from shared.contracts.event import Event

TOLD = (finding_shown.PicturePassed, finding_shown.PictureTakenBack)
Shown = finding_shown.PicturePassed | finding_shown.PictureTakenBack


def told(event: Shown, public_id: str, zone: tzinfo) -> Event:
    """Neither who took it, nor which finding it is of."""
    what: dict[str, Any] = {
        "check": public_id,
        "place": event.place,
        "sector": event.sector,
        "picture": event.picture,
    }
    if isinstance(event, finding_shown.PicturePassed):
        return public_checking.PicturePassed(**what, on=day(event.passed_at, zone))
    return public_checking.PictureTakenBack(**what, on=day(event.taken_back_at, zone))
