"""Figures, dates, pseudonyms and reasons as a reader wants to see them."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

ROUNDS_UP_FROM = 0.005
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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


def days_late(check: Mapping[str, Any], now: datetime) -> str:
    """Whole days between the due date and the day it was done, or now."""
    late = ((check["done_at"] or now) - check["due_at"]).days
    return "less than a day" if late < 1 else count(late, "day")


def pseudonym(member: str) -> str:
    """The beginning of a public id, short enough to be told on the telephone: M-7f3a-91c2."""
    return f"M-{member[:4]}-{member[4:8]}"


def reasons(member: Mapping[str, Any], track: str) -> str:
    return (
        f"{count(member['confirmed'], 'report')} confirmed, "
        f"in {count(member['sectors'], 'sector')}, "
        f"on {count(member['days'], 'day')}, {percent(member['refuted_share'])} refuted; "
        f"track {track}, rule version {member['rule_version']}"
    )


def xml_text(text: str) -> str:
    """Without the characters that XML 1.0 cannot carry even when escaped."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
