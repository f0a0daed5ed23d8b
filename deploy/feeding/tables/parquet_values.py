"""Values of a Parquet file as texts, and the ways into nested ones; takes what pyarrow gives."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from importlib import import_module
from typing import Any

from shared.mapping.objects import MOST_DIGITS, text_of


def values_of(column: Any) -> list[Any]:
    """One that can't be a value here, as a day in the year 58,000, is its text, and so told by
    its row alone."""
    try:
        return list(column.to_pylist(maps_as_pydicts="lossy"))
    except (ValueError, OverflowError):
        return [_value(one) for one in column]


def _value(one: Any) -> Any:
    """Of a moment in nanoseconds the microseconds."""
    pa = import_module("pyarrow")
    try:
        return one.as_py(maps_as_pydicts="lossy")
    except (ValueError, OverflowError):
        if pa.types.is_timestamp(one.type) and one.type.unit == "ns":
            return one.cast(pa.timestamp("us", one.type.tz), safe=False).as_py()
        return str(one.cast(pa.string())) if not pa.types.is_nested(one.type) else str(one)


def text_in(value: Any) -> str:
    match value:
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case bytes():
            return text_of(value.decode(errors="surrogateescape"))
        case list():
            return ", ".join(filter(None, map(text_in, value)))
        case dict():
            return json.dumps(value, ensure_ascii=False, default=text_in)
    return text_of(value)


def ways(fields: Any, before: str = "") -> Iterator[str]:
    """Of a schema or a struct, into the values that every row has."""
    for field in fields:
        way = f"{before}{field.name}"
        yield way
        if import_module("pyarrow").types.is_struct(field.type):
            yield from ways(field.type, f"{way}.")


def leads(kind: Any, way: str) -> bool:
    """Whether there may be a value at that way into one of that type."""
    types = import_module("pyarrow").types
    head, dot, rest = way.partition(".")
    if types.is_struct(kind):
        return any(
            way == name or (way.startswith(f"{name}.") and leads(field.type, way[len(name) + 1 :]))
            for name, field in ((field.name, field) for field in kind)
        )
    if types.is_map(kind):
        return not dot or leads(kind.item_type, rest) or leads(kind.item_type, way)
    if types.is_list(kind) or types.is_large_list(kind):
        is_number = head.isdecimal() and len(head) < MOST_DIGITS
        return is_number and (not dot or leads(kind.value_type, rest))
    return False
