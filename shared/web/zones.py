"""Time zones by the names of IANA's list, such as `Europe/Paris`."""

from difflib import get_close_matches
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

IN_UTC = "UTC"
LIKE = 0.75


def is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones is none
        return False
    return True


def zones_like(name: str) -> list[str]:
    """At most one that may be meant."""
    by_lower = {each.lower(): each for each in available_timezones()}
    by_city = {each.rpartition("/")[2].lower(): each for each in sorted(available_timezones())}
    asked = name.lower().replace(" ", "_")
    found = get_close_matches(asked, by_lower, n=1, cutoff=LIKE) or get_close_matches(
        asked, by_city, n=1, cutoff=LIKE
    )
    return [(by_lower | by_city)[each] for each in found]
