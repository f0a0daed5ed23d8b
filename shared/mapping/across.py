"""What is wrong with a mapping that no single value of it shows."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ValidationError

from shared.contracts.inbox import INBOX_KINDS
from shared.eventsourcing.faults import faults_of
from shared.mapping.language import EventShape, MappingShape
from shared.mapping.template import Template
from shared.mapping.value_rules import AfterRule, InstantRule, MadeUpRule
from shared.runtime.toml_lines import Key
from shared.runtime.toml_words import meant, shown

Odd = tuple[Key, str]
"""The way to a value, and what is wrong with it."""


def look_across(mapping: MappingShape) -> Iterator[Odd]:
    first: dict[str, int] = {}
    for number, event in enumerate(mapping.event):
        at: Key = ("event", number)
        yield from _fields(at, event)
        for name, value in event.data.items():
            if isinstance(value, BaseModel):
                yield from _rule((*at, "data", name), value, mapping.aliases)
        other = first.setdefault(event.id, number)
        if other != number:
            yield (
                (*at, "id"),
                (
                    f"{shown(event.id)} is the id of the {mapping.event[other].kind} above as well;"
                    f' each event needs its own, as "{event.id}/{event.kind.partition(".")[2]}"'
                ),
            )
        if not Template(event.id).columns:
            yield (*at, "id"), f"{shown(event.id)} is the same for all rows; name the key's columns"


def _fields(at: Key, event: EventShape) -> Iterator[Odd]:
    kind = INBOX_KINDS[event.kind]
    for name, field in kind.model_fields.items():
        if field.is_required() and name not in event.data:
            yield (*at, "data"), f'"{name}" is missing; a {event.kind} needs it'
    yield from _whereabouts(at, event)
    for name, value in event.data.items():
        way: Key = (*at, "data", name)
        if name not in kind.model_fields:
            yield way, f"a {event.kind} has no field {shown(name)}{meant(name, kind.model_fields)}"
        elif wrong := _wrong_constant(kind, name, value):
            yield way, f"{shown(name)} is {shown(value)} in every row, and {wrong}"


def _whereabouts(at: Key, event: EventShape) -> Iterator[Odd]:
    """A point leads to a place; half of one leads nowhere."""
    known = INBOX_KINDS[event.kind].model_fields
    if "latitude" not in known:
        return
    point = [name for name in ("latitude", "longitude") if name in event.data]
    if "place" not in event.data and not point:
        yield (*at, "data"), f'"place" is missing; a {event.kind} needs it, or a point'
    elif len(point) == 1:
        yield (*at, "data", point[0]), "a point has both latitude and longitude"


def _wrong_constant(kind: type[BaseModel], name: str, value: Any) -> str:
    if isinstance(value, str):
        template = Template(value)
        if template.columns:
            return ""
        value = template.filled()({}).strip()
    elif not isinstance(value, bool | int | float):
        return ""
    try:
        kind.model_validate({name: value})
    except ValidationError as error:
        wrong = [found for found in faults_of(error) if found.pointer == f"/{name}"]
        return wrong[0].detail[:1].lower() + wrong[0].detail[1:] if wrong else ""
    return ""


def _rule(at: Key, rule: BaseModel, tables: dict[str, dict[str, str]]) -> Iterator[Odd]:
    table = getattr(rule, "aliases", None)
    if table is not None and table not in tables:
        there = meant(table, tables) if tables else ""
        yield (*at, "aliases"), f"there is no table [aliases.{table}]{there}"
    match rule:
        case InstantRule(empty=BaseModel() as other):
            yield from _rule((*at, "empty"), other, tables)
        case AfterRule(after=_, days=days, hours=hours):
            if (days is None) == (hours is None):
                yield at, '"after" wants either "days" or "hours"'
            for name, number in (("days", days), ("hours", hours)):
                if isinstance(number, BaseModel):
                    yield from _rule((*at, name), number, tables)
        case MadeUpRule(in_each=size, covering=covering) if covering > size:
            yield (*at, "covering"), f'"covering" is {covering:,}, and there are {size:,} in each'
