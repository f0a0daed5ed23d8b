"""Reads times as a file writes them; a day without a time stays one until somebody asks."""

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.contracts.values import EARLIEST, LATEST
from shared.mapping.codes import seen
from shared.mapping.filling import fills

ISO, UNIX, UNIX_MS = "iso", "unix", "unix_ms"
LONGEST_DAY = len("2030-01-07")
LONGEST = 100
"""What is longer is no time; the ways to read a text in a format are tried one after another."""

REMEMBERED = 4_096
"""Times of which the same come again and again."""

LAST_SECOND = time(23, 59, 59)
COMMON = (
    *("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y/%m/%d", "%d.%m.%y", "%d/%m/%y"),
    *("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%Y-%m-%d%z"),
)
COMMON_TIMES = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", "T%H:%M:%S", ", %H:%M")
_TRIAL = datetime(2031, 3, 14, 15, 16, 17)  # noqa: DTZ001  a time of no zone
_OF_A_CLOCK = re.compile("%[HIsTR]")
_DAY_OF_ISO = re.compile(r"\d{4}(-\d\d-\d\d|\d{4}|-?W\d\d(-?[1-7])?)(?![\d+-])")
"""Python takes the offset of a day, and digits behind it, for an hour, or passes them over."""
_OF_THE_MACHINE = re.compile("%[ZcxX]")
LONGEST_UNIX = len("1767225600000")
_OF_UNIX = re.compile("1[0-9]{9}([0-9]{3})?")
_OF_A_SPREADSHEET = re.compile(r"[345][0-9]{4}([.,][0-9]+)?")
_MONTH_NAME = re.compile("%[bB]")


class Moment(NamedTuple):
    """`at` in UTC; of a day without a time it is its first instant there. `offset` is that of a
    day which names one."""

    at: datetime
    is_day: bool
    offset: tzinfo | None = None


class Times:
    """In the given formats, the first that fits; `zone` is that of times that name no offset.

    `midnight_is_day` takes 00:00:00 for a day without a time.
    """

    def __init__(
        self,
        zone: ZoneInfo,
        formats: Sequence[str] = (ISO,),
        months: Sequence[str] = (),
        *,
        midnight_is_day: bool = False,
    ) -> None:
        self._zone = zone
        self._formats = formats
        self._months = {_spelled(name): number for number, name in enumerate(months, 1)}
        longest_first = sorted(map(re.escape, self._months), key=len, reverse=True)
        self._month = re.compile(f"({'|'.join(longest_first)})\\.?")
        self._midnight_is_day = midnight_is_day
        self.read = lru_cache(REMEMBERED)(self._read)

    def _read(self, text: str) -> Moment:
        """Raises ValueError, saying what would be a time here; `hint` says more."""
        given = text if text.isascii() else _in_our_digits(text)
        for form in self._formats if len(given) <= LONGEST else ():
            try:
                return self._moment(*self._parsed(given, form))
            except (ValueError, OverflowError):
                continue
        formats = " or ".join(self._formats)
        raise ValueError(f"is no time ({formats}) between the years 1900 and 2999")

    def day(self, text: str) -> date:
        """Where it is a day there. Raises ValueError."""
        given = text if text.isascii() else _in_our_digits(text)
        formats = self._formats if len(given) <= LONGEST else ()
        for form in formats:
            try:
                local, _ = self._parsed(given, form)
            except (ValueError, OverflowError):
                continue
            has_own_day = form not in (UNIX, UNIX_MS)
            return (local if has_own_day else local.astimezone(self._zone)).date()
        raise ValueError(f"is no day ({' or '.join(self._formats)})")

    def end_of(self, moment: Moment, days: int = 0) -> datetime:
        """The last second of its day there, or of the day so many days later."""
        there = moment.offset or self._zone
        day = moment.at.astimezone(there).date() + timedelta(days=days)
        last = datetime.combine(day, LAST_SECOND, there)
        return last.replace(fold=1).astimezone(UTC)  # of two, where clocks go back at midnight

    def _parsed(self, text: str, form: str) -> tuple[datetime, bool]:
        """With whether it is a day only."""
        if form == ISO:
            return _of_iso(text)
        if form in (UNIX, UNIX_MS):
            return datetime.fromtimestamp(float(text) / (1 if form == UNIX else 1000), UTC), False
        if self._months and _MONTH_NAME.search(form):
            text, form = self._numbered(text), _MONTH_NAME.sub(" %m ", form)
        if not fills(text, form):
            raise ValueError("digits that may be read in several ways")
        return datetime.strptime(text, form), not _OF_A_CLOCK.search(form)  # noqa: DTZ007

    def _moment(self, local: datetime, is_day: bool) -> Moment:  # noqa: FBT001
        there = local if local.tzinfo else local.replace(tzinfo=self._zone)
        if self._midnight_is_day and there.astimezone(self._zone).time() == time():
            is_day = True
        at = there.astimezone(UTC)
        if not EARLIEST <= at <= LATEST:
            raise ValueError("out of range")
        return Moment(at, is_day, local.tzinfo if is_day else None)

    def _numbered(self, text: str) -> str:
        """With the number of the month in the place of its name, in whatever script that is,
        and apart from digits beside it."""
        spelled = unicodedata.normalize("NFC", text).casefold()
        return self._month.sub(lambda found: f" {self._months[found[1]]} ", spelled)

    def hint(self, text: str) -> str:
        """What to write in the mapping so that such a text is a time."""
        given = _in_our_digits(text[:LONGEST])
        if _OF_A_SPREADSHEET.fullmatch(given):
            return (
                "spreadsheets count days so: have the column shown as a date there, and save it"
                " again"
            )
        fits = fitting(given)
        if not fits:
            return ""
        said = " or ".join(f'"{form}"' for form in fits)
        return f"name what it is in formats = […] under [times] of the mapping: {said}"


def _of_iso(text: str) -> tuple[datetime, bool]:
    if not _DAY_OF_ISO.match(text):
        raise ValueError("no day, or one with something else than a time behind it")
    if len(text) <= LONGEST_DAY:
        return datetime.combine(date.fromisoformat(text), time()), True
    return datetime.fromisoformat(text), False


def _spelled(month: str) -> str:
    return unicodedata.normalize("NFC", seen(month)).casefold().rstrip(".")


def fitting(text: str) -> list[str]:
    """Usual formats in which it would be a time."""
    found = []
    if _OF_UNIX.fullmatch(text):
        return [UNIX_MS if len(text) == LONGEST_UNIX else UNIX]
    with suppress(ValueError):
        _of_iso(text)
        found.append(ISO)
    for form in (day + clock for clock in COMMON_TIMES for day in COMMON):
        try:
            datetime.strptime(text, form)  # noqa: DTZ007
        except ValueError:
            continue
        found.append(form)
    return found


def wrong_with(form: str) -> str:
    """What is wrong with a format, if anything is."""
    if form in (ISO, UNIX, UNIX_MS):
        return ""
    if found := _OF_THE_MACHINE.search(form):
        return f"holds {found[0]}, which each machine reads otherwise; %z stands for an offset"
    try:
        same = datetime.strptime(_TRIAL.strftime(form), form)  # noqa: DTZ007
    except ValueError:
        return "is no format: it is made of %d, %m, %Y, %H, %M, %S and the like"
    if same.date() != _TRIAL.date():
        return "names no whole day: a year (%Y), a month (%m) and a day (%d) have to be in it"
    return ""


def _in_our_digits(text: str) -> str:
    return "".join(
        str(unicodedata.decimal(sign)) if sign.isdecimal() else sign
        for sign in unicodedata.normalize("NFC", seen(text))
    )
