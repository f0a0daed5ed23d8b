"""What may stand in a mapping file; unknown keys are refused, for they are misspelt ones."""

import codecs
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints

from shared.contracts.inbox import INBOX_KINDS
from shared.contracts.values import SourceCode
from shared.mapping.times import ISO, wrong_with
from shared.mapping.value_rules import Column, Columns, Strict, Text, Value, as_list


def _zone(key: str) -> str:
    try:
        ZoneInfo(key)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError('must be a time zone such as "Europe/Paris"') from None
    return key


def _encoding(name: str) -> str:
    try:
        found = codecs.lookup(name)
    except LookupError:
        raise ValueError('must be an encoding such as "utf-8", "cp1252" or "latin-1"') from None
    if not found._is_text_encoding:  # noqa: SLF001
        raise ValueError("must be an encoding of texts")
    return found.name


def _format(form: str) -> str:
    if wrong := wrong_with(form):
        raise ValueError(wrong)
    return form


def _kind(kind: str) -> str:
    if kind not in INBOX_KINDS:
        raise ValueError(f"must be one of {', '.join(INBOX_KINDS)}")
    return kind


OneSign = Annotated[str, StringConstraints(min_length=1, max_length=1)]
Encoding = Annotated[str, AfterValidator(_encoding)]
Format = Annotated[str, AfterValidator(_format)]
Months = Annotated[list[str], Field(min_length=12, max_length=12)]


class FileShape(Strict):
    """How the file is written; what is not told is detected."""

    format: Literal["csv", "jsonl", "parquet"] | None = None
    encoding: Encoding | None = None
    separator: OneSign | None = None
    quote: Annotated[str, StringConstraints(max_length=1)] | None = None
    escape: OneSign | None = None
    skip_lines: Annotated[int, Field(ge=0, le=1_000)] = 0
    columns: Annotated[list[Column], Field(min_length=1)] | None = None
    empty: list[str] = Field([])


class TimesShape(Strict):
    formats: Annotated[list[Format], Field(min_length=1)] = Field([ISO])
    months: Months | None = None
    midnight_is_day: bool = False


Cells = dict[Column, Annotated[list[str], BeforeValidator(as_list)]]


class EventShape(Strict):
    """Happens at the time in its `when` column; not in a row that lacks what it `needs`, or whose
    cells are not as `where` says, or as `unless` says."""

    kind: Annotated[str, AfterValidator(_kind)]
    id: Text
    when: Columns
    needs: list[Column] = Field([])
    where: Cells = Field({})
    unless: Cells = Field({})
    data: dict[str, Value]


class SignatureShape(Strict):
    """Who sends by a hook signs what it sends by HMAC, with the secret of this name."""

    header: Annotated[str, StringConstraints(pattern="^[A-Za-z0-9-]{1,60}$")]
    secret: Annotated[str, StringConstraints(pattern="^[a-z0-9][a-z0-9-]{0,39}$")]
    algorithm: Literal["sha256", "sha512", "sha1"] = "sha256"
    encoding: Literal["hex", "base64"] = "hex"
    prefix: Annotated[str, StringConstraints(max_length=20)] = ""


class MappingShape(Strict):
    source: SourceCode
    time_zone: Annotated[str, AfterValidator(_zone)]
    file: FileShape = FileShape()
    times: TimesShape = TimesShape()
    signed: SignatureShape | None = None
    aliases: dict[str, dict[str, str]] = Field({})
    event: Annotated[list[EventShape], Field(min_length=1)]
