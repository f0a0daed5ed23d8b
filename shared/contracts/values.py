"""What a value may be, said once: inbox messages, commands, events and the charter all use it."""

import re
import unicodedata
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints

_BIDI_AND_TAGS = r"\x{202A}-\x{202E}\x{2066}-\x{2069}\x{E0000}-\x{E007F}"
_NOT_IN_LINES = rf"\p{{Cc}}\p{{Zl}}\p{{Zp}}{_BIDI_AND_TAGS}\x{{FEFF}}\x{{FFF9}}-\x{{FFFB}}"
_FILLERS = r"\x{115F}\x{1160}\x{2800}\x{3164}\x{FFA0}"
_IN_LINES = f"[^{_NOT_IN_LINES}]*"
_VISIBLE = rf"[^{_NOT_IN_LINES}{_FILLERS}\p{{Z}}\p{{Cf}}\p{{M}}]"

LINE_PATTERN = f"^{_IN_LINES}{_VISIBLE}{_IN_LINES}$"
PROSE_PATTERN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*$"
ID_PATTERN = "^[0-9a-f]{32}$"
CODE_PATTERN = "^[a-z0-9][a-z0-9-]*$"
SOURCE_PATTERN = "^[a-z0-9][a-z0-9_-]{0,29}$"
PSEUDONYM_PATTERN = "^[A-Za-z0-9_-]{1,64}$"
STREAM_PATTERN = "^[A-Z][A-Z0-9_-]*$"
PLACE_PATTERN = r"^[a-z0-9][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*){0,7}$"

IN_WORDS = {
    LINE_PATTERN: "must be one line with something to see in it, without control characters,"
    " invisible tags and characters that turn the direction of writing",
    PROSE_PATTERN: "must not contain control characters other than line breaks and tabs",
    ID_PATTERN: "must be an id: 32 hexadecimal digits",
    CODE_PATTERN: "must be a code of small letters, digits and hyphens",
    SOURCE_PATTERN: "must be a code of small letters, digits, hyphens and low lines",
    PSEUDONYM_PATTERN: "must be 1 to 64 letters, digits, hyphens and low lines",
    PLACE_PATTERN: "must be a place code: up to eight codes with dots between them",
}
"""What a pattern asks for; the library would only quote the pattern."""

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
"""The id of an aggregate or event; it becomes part of a subject."""

Digest = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
"""SHA-256 in hexadecimal digits."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=LINE_PATTERN)]

MOST_MARKS = 8
"""On one letter; no language has need of more."""


def _not_piled_up(text: str) -> str:
    marks = 0
    for sign in "" if text.isascii() else text:
        kind = unicodedata.category(sign)
        marks = marks + 1 if kind[0] == "M" else marks if kind == "Cf" else 0
        if marks > MOST_MARKS:
            raise ValueError(
                f"must not have more than {MOST_MARKS} accents or other combining marks on one"
                " letter: they would be drawn over what stands around it"
            )
    return text


GivenLine = Annotated[Line, AfterValidator(_not_piled_up)]
"""As upstreams may give one; what is in the log already stays readable."""

Prose = Annotated[str, StringConstraints(max_length=20_000, pattern=PROSE_PATTERN)]

SourceCode = Annotated[str, StringConstraints(pattern=SOURCE_PATTERN)]
SourceId = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=LINE_PATTERN)]
"""A source's own id for what it speaks of."""

Pseudonym = Annotated[str, StringConstraints(pattern=PSEUDONYM_PATTERN)]
"""A source's own name for a correspondent, without dots or spaces."""

Place = Annotated[str, StringConstraints(pattern=PLACE_PATTERN, max_length=120)]

Sector = Annotated[str, StringConstraints(pattern=CODE_PATTERN, max_length=60)]
"""A field of life or work, as a short code such as `street-lights`."""

StreamName = Annotated[str, StringConstraints(pattern=STREAM_PATTERN, max_length=60)]

TrackName = Annotated[str, StringConstraints(pattern=CODE_PATTERN, max_length=60)]

Truth = Annotated[bool, Field(strict=True)]
"""`true` or `false`; a word or a number that could be taken for one is not."""

Count = Annotated[int, Field(strict=True, ge=0, lt=2**31)]
"""As many as a database's integer holds."""

MOST_TIERS = 9
Tier = Annotated[int, Field(strict=True, ge=1, le=MOST_TIERS)]
"""How far up it was passed that something is late: the first is the owner's own."""

LONGEST_RHYTHM = 366
RhythmDays = Annotated[int, Field(strict=True, ge=1, le=LONGEST_RHYTHM)]
"""In how many days at least one report of a beat is expected."""

Sequence = Annotated[int, Field(strict=True, ge=0, lt=2**53)]
"""A position in a stream; larger ones JSON can't say."""


def _no_truth(given: Any) -> Any:
    """The library would take `true` for 1."""
    if isinstance(given, bool):
        raise ValueError("must be a number of degrees such as 42.3601")  # noqa: TRY004
    return given


_Degrees = BeforeValidator(_no_truth)
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False), _Degrees]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False), _Degrees]
"""Degrees of WGS84, to the north and to the east."""

Share = Annotated[float, Field(ge=0, le=1)]

CLOCKS_DIFFER_BY = timedelta(minutes=5)
"""What is said to be at most so much after now, is from a clock that is ahead of ours."""

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2999, 12, 31, tzinfo=UTC)

Instant = Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]
"""A moment as events keep it; what comes in was put into UTC before."""

_WRITTEN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _as_a_day(given: Any) -> Any:
    """What a command says was read from JSON before, where the strict library takes no text."""
    if isinstance(given, str) and _WRITTEN_DAY.fullmatch(given):
        with suppress(ValueError):
            return date.fromisoformat(given)
    if isinstance(given, date):
        return given
    raise ValueError("must be a day such as 2031-03-04")


Day = Annotated[
    date,
    Field(strict=True, ge=EARLIEST.date(), le=LATEST.date()),
    BeforeValidator(_as_a_day),
]

LongAgo = Annotated[date, Field(strict=True, ge=date(1000, 1, 1)), BeforeValidator(_as_a_day)]
"""A day on which something was founded; it is kept as text, for databases begin later."""


def _as_a_date(given: Any) -> Any:
    """The library would take a number, also as text, for seconds since 1970."""
    if isinstance(given, datetime) or (isinstance(given, str) and given[4:5] == "-"):
        return given
    raise ValueError("must be a date and time such as 2030-01-07T12:00:00Z")


def _to_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


UtcInstant = Annotated[Instant, BeforeValidator(_as_a_date), AfterValidator(_to_utc)]
"""A moment with its offset as others say it, put into UTC."""
