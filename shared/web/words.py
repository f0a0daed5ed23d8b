"""Figures and dates as a reader wants to see them."""

from datetime import UTC, date, datetime

ROUNDS_UP_FROM = 0.005


def number(value: int) -> str:
    """58251 as 58,251."""
    return f"{value:,}"


def count(value: int, noun: str, plural: str = "") -> str:
    """1 day, 2 days."""
    return f"{value:,} {noun if value == 1 else plural or noun + 's'}"


def percent(share: float) -> str:
    return "under 1 %" if 0 < share < ROUNDS_UP_FROM else f"{share:.0%}".replace("%", " %")


def day(moment: date) -> str:
    """3 Jul 2011, in UTC."""
    moment = moment.astimezone(UTC) if isinstance(moment, datetime) else moment
    return f"{moment.day} {moment:%b %Y}"


def time_of_day(moment: datetime) -> str:
    """14:05 UTC."""
    return f"{moment.astimezone(UTC):%H:%M} UTC"


def machine_time(moment: date) -> str:
    """For `datetime` attributes and feeds: RFC 3339 in UTC."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return moment.isoformat()
