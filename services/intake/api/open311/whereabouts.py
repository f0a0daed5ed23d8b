"""At which place of the charter's register a request is. Pure."""

import math
from collections import Counter
from collections.abc import Callable, Mapping

from services.intake.api.open311.sent import Sent
from services.intake.api.open311.wrong import WrongRequestError, bad, unknown
from shared.contracts.place import EVERYWHERE, is_within
from shared.contracts.point import OutsideError, Point

HIGHEST_LAT, HIGHEST_LONG = 90.0, 180.0

NO_MAP = (
    "This charter has no map of its places, so lat and long alone lead to none: say"
    " jurisdiction_id, address_id, or a place's name in address_string."
)
Locate = Callable[[Point], str]
"""The place that holds a point. Raises OutsideError."""


def jurisdiction_of(given: str, places: Mapping[str, str]) -> str:
    """A place of the register; without it, all of them. Raises WrongRequestError."""
    if given and given not in places:
        words = "jurisdiction_id is none of this instance: give a place's code, or leave it out."
        raise WrongRequestError(unknown(words))
    return given or EVERYWHERE


def place_of(sent: Sent, places: Mapping[str, str], locate: Locate | None = None) -> str:
    """The closest that what was said leads to; an address within no named place is the
    jurisdiction's. A point that leads nowhere is refused, and so is one where the charter has no
    map and no jurisdiction is named: it may lie outside of all places. Raises WrongRequestError."""
    region = jurisdiction_of(sent["jurisdiction_id"], places)
    point = point_of(sent)
    if not (point or sent["address_id"] or sent["address_string"]):
        words = "Say where: lat and long, address_string, or address_id."
        raise WrongRequestError(bad(words))
    if code := sent["address_id"]:
        if code not in places or not is_within(code, region):
            words = (
                "address_id is a code of this instance's register of places, in jurisdiction_id."
            )
            raise WrongRequestError(bad(words))
        return code
    if named := _named_in(sent["address_string"], _names(places, region)):
        return named
    if point and locate:
        return _located(point, region, locate)
    if point and region == EVERYWHERE:
        raise WrongRequestError(bad(NO_MAP))
    return region


def _names(places: Mapping[str, str], region: str) -> dict[str, str]:
    """Codes by names that only one place has."""
    inside = [(name.casefold(), code) for code, name in places.items() if is_within(code, region)]
    counts = Counter(name for name, _ in inside)
    return {name: code for name, code in inside if counts[name] == 1 and code != EVERYWHERE}


def _named_in(address: str, names: Mapping[str, str]) -> str | None:
    """Addresses go from the closest to the widest."""
    parts = (part.strip().casefold() for part in address.split(","))
    return next((names[part] for part in parts if part in names), None)


def point_of(sent: Sent) -> Point | None:
    """Raises WrongRequestError."""
    if not sent["lat"] and not sent["long"]:
        return None
    lat, long = _within(sent["lat"], HIGHEST_LAT), _within(sent["long"], HIGHEST_LONG)
    if lat is None or long is None:
        words = "lat and long are both degrees of WGS84, as 42.3601 and -71.0589."
        raise WrongRequestError(bad(words))
    return Point(lat, long)


def _located(point: Point, region: str, locate: Locate) -> str:
    try:
        place = locate(point)
    except OutsideError as error:
        raise WrongRequestError(bad(f"lat and long: {error}")) from None
    if not is_within(place, region):
        raise WrongRequestError(bad("lat and long are a point outside of jurisdiction_id."))
    return place


def _within(given: str, most: float) -> float | None:
    try:
        degrees = float(given)
    except ValueError:
        return None
    return degrees if math.isfinite(degrees) and abs(degrees) <= most else None
