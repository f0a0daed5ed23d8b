"""At which place of the charter's register a request is. Pure."""

import math
from collections import Counter
from collections.abc import Mapping

from services.intake.api.open311.sent import Sent
from services.intake.api.open311.wrong import WrongRequestError, bad, unknown
from shared.contracts.place import EVERYWHERE, is_within

HIGHEST_LAT, HIGHEST_LONG = 90.0, 180.0


def jurisdiction_of(given: str, places: Mapping[str, str]) -> str:
    """A place of the register; without it, all of them. Raises WrongRequestError."""
    if given and given not in places:
        words = "jurisdiction_id is none of this instance: give a place's code, or leave it out."
        raise WrongRequestError(unknown(words))
    return given or EVERYWHERE


def place_of(sent: Sent, places: Mapping[str, str]) -> str:
    """The closest that what was said leads to; where a point lies no register tells, and what is
    within no named place is the jurisdiction's. Raises WrongRequestError."""
    region = jurisdiction_of(sent["jurisdiction_id"], places)
    is_named = sent["address_id"] or sent["address_string"]
    if not is_named or sent["lat"] or sent["long"]:
        _check_point(sent["lat"], sent["long"])
    if code := sent["address_id"]:
        if code not in places or not is_within(code, region):
            words = (
                "address_id is a code of this instance's register of places, in jurisdiction_id."
            )
            raise WrongRequestError(bad(words))
        return code
    return _named_in(sent["address_string"], _names(places, region)) or region


def _names(places: Mapping[str, str], region: str) -> dict[str, str]:
    """Codes by names that only one place has."""
    inside = [(name.casefold(), code) for code, name in places.items() if is_within(code, region)]
    counts = Counter(name for name, _ in inside)
    return {name: code for name, code in inside if counts[name] == 1 and code != EVERYWHERE}


def _named_in(address: str, names: Mapping[str, str]) -> str | None:
    """Addresses go from the closest to the widest."""
    parts = (part.strip().casefold() for part in address.split(","))
    return next((names[part] for part in parts if part in names), None)


def _check_point(lat: str, long: str) -> None:
    if not lat and not long:
        words = "Say where: lat and long, address_string, or address_id."
        raise WrongRequestError(bad(words))
    if not (_is_within(lat, HIGHEST_LAT) and _is_within(long, HIGHEST_LONG)):
        words = "lat and long are both degrees of WGS84, as 42.3601 and -71.0589."
        raise WrongRequestError(bad(words))


def _is_within(given: str, most: float) -> bool:
    try:
        degrees = float(given)
    except ValueError:
        return False
    return math.isfinite(degrees) and abs(degrees) <= most
