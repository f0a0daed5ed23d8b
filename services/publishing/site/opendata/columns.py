"""What a data set is: its columns, each with its meaning, and where its rows come from. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from shared.eventsourcing.projections.read_model import Row
from shared.runtime.charter import Charter
from shared.web.language import Marked, marked

SCHEMA_VERSION = 1
"""Another one as soon as a column goes, or means something else. One more is none."""

Type = Literal["string", "date", "integer", "number", "boolean"]

DAYS = marked("days")
DEGREES = marked("degrees (WGS 84)")
SHARE = marked("part of 1")
REPORTS = marked("number of reports")
CHECKS = marked("number of checks")
PEOPLE = marked("number of people")

WAITS = marked("Empty until an editor has passed it.")
FEW_PLACE = marked("Where too few people share a place, a larger one that holds it.")
FEW_SECTOR = marked("Empty where too few people share a sector.")
FEW_OUTCOMES = marked(
    "Empty of what a protected source sent: its outcomes count in the figures of places alone."
)
NO_POINT = marked("Rounded. Empty of what a protected source sent.")
RELEASED = marked("Of what a protected source sent the day of its release.")
UNTOLD = marked("Empty where a protected report has a part in it.")
LESS = marked("Without what is held back because too few people share a place.")


@dataclass(frozen=True)
class Column:
    """`hidden` says when something else, or nothing, is told in place of what is known inside;
    nothing where that never is so."""

    name: str
    type: Type
    meaning: Marked
    unit: Marked | Literal[""] = ""
    hidden: Marked | Literal[""] = ""


@dataclass(frozen=True)
class Shown:
    """One moment of the database, and what the pages know besides. Nothing is late before `today`;
    `base` is the site's address with a slash at its end."""

    connection: Any
    today: date
    base: str
    charter: Charter


@dataclass(frozen=True)
class Dataset:
    """`rows` come one after the other, in the order of what names them, which says nothing. `point`
    is where each has one: the columns of latitude and longitude. `has_areas`: its places lie on
    the charter's map."""

    name: str
    title: Marked
    about: Marked
    columns: tuple[Column, ...]
    rows: Callable[[Shown], Iterator[Row]]
    point: tuple[str, str] | None = None
    has_areas: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.columns)


def named(columns: tuple[Column, ...], row: Mapping[str, Any]) -> Row:
    """Those of a row alone that are told."""
    return {each.name: row[each.name] for each in columns}
