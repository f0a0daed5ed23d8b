"""Due days of checks as iCalendar (RFC 5545), for whoever has to do with them. Pure."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from services.publishing.site.checks import CheckTold

MOST_BYTES = 75
PRODUCT = "-//Tribune//Register of checks//EN"
ONE_DAY = timedelta(days=1)
_HARMFUL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""Control characters, and what some programs take for the end of a line."""


def as_calendar(title: str, checks: Iterable[tuple[CheckTold, str]], on: date) -> str:
    """Each check, with a title of its own, is a day that takes nobody's time. `on` is today: no
    time of it is told."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        f"X-WR-CALNAME:{_text(title)}",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        *(line for check, summary in checks for line in _event(check, summary, on)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(check: CheckTold, summary: str, on: date) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{check.check}@checks.tribune"
    yield f"DTSTAMP:{on:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{check.due_on:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{check.due_on + ONE_DAY:%Y%m%d}"
    yield f"SUMMARY:{_text(summary)}"
    yield f"URL:{check.address}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _text(words: str) -> str:
    """Also what a reader asked for stands in it: no sign of theirs begins a line of its own."""
    for sign in "\\;,":
        words = words.replace(sign, f"\\{sign}")
    return "\\n".join(_HARMFUL.sub(" ", line) for line in words.split("\n"))


def _folded(line: str) -> Iterator[str]:
    """No line is longer than so many bytes, and no letter is in two of them."""
    part, room = "", MOST_BYTES
    for sign in line:
        size = len(sign.encode())
        if size > room:
            yield part
            part, room = " ", MOST_BYTES - 1
        part, room = part + sign, room - size
    yield part
