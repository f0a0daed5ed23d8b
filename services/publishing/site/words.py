"""Lateness, pseudonyms and reasons as a reader wants to see them."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.web.words import count, percent

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


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
