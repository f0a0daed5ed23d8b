"""Days and moments as iCalendar (RFC 5545), as others read it. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

MEDIA_TYPE = "text/calendar"
MOST_BYTES = 75
ONE_DAY = timedelta(days=1)
_HARMFUL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""Control characters, and what some programs take for the end of a line."""


@dataclass(frozen=True)
class Entry:
    """Takes nobody's time: a day, or a moment. `uid` is the same for ever, whatever becomes of it;
    what has a higher `turn` takes the place of what a reader had under it."""

    uid: str
    at: date
    summary: str
    url: str
    turn: int = 0


def as_calendar(title: str, product: str, entries: Iterable[Entry], stamp: date) -> str:
    """`stamp` is now, or today where no time of it is told."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Tribune//{product}//EN",
        f"X-WR-CALNAME:{_text(title)}",
        "REFRESH-INTERVAL;VALUE=DURATION:P1D",
        *(line for each in entries for line in _event(each, stamp)),
        "END:VCALENDAR",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(entry: Entry, stamp: date) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{entry.uid}"
    yield f"DTSTAMP:{_moment(stamp)}"
    if entry.turn:
        yield f"SEQUENCE:{entry.turn}"
    if isinstance(entry.at, datetime):
        yield f"DTSTART:{_moment(entry.at)}"
    else:
        yield f"DTSTART;VALUE=DATE:{entry.at:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{entry.at + ONE_DAY:%Y%m%d}"
    yield f"SUMMARY:{_text(entry.summary)}"
    yield f"URL:{entry.url}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _moment(at: date) -> str:
    if isinstance(at, datetime):
        return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f"{at:%Y%m%d}T000000Z"


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
