"""Two databases with a table of the same read model: what differs."""

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Column, Connection, Table, select, type_coerce
from sqlalchemy.types import NullType

ROWS_AT_ONCE = 1000

Values = tuple[Any, ...]
"""As the driver gives them."""


def differences(
    table: Table,
    live: Connection,
    anew: Connection,
    looked_at: Callable[[int], None] = lambda _: None,
) -> Iterator[tuple[str, str]]:
    """Keys in their order, with what is the matter; both tables are read once, a page at a time.
    `looked_at` gets now and then how many of the live rows are."""
    (column,) = table.primary_key.columns
    key = list(table.columns).index(column)
    left, right = _counted(_in_order(table, live), looked_at), _in_order(table, anew)
    a, b = next(left, None), next(right, None)
    while a or b:
        if b is None or (a and a[key] < b[key]):
            yield a[key] if a else "", "is live, but does not follow from the log"
            a = next(left, None)
        elif a is None or b[key] < a[key]:
            yield b[key], "follows from the log, but is not live"
            b = next(right, None)
        else:
            if a != b and (columns := _differing(table, (live, a), (anew, b))):
                yield a[key], f"differs in {', '.join(columns)}"
            a, b = next(left, None), next(right, None)


def _differing(
    table: Table, one: tuple[Connection, Values], other: tuple[Connection, Values]
) -> list[str]:
    """What two drivers give differently may be the same: that a column's type knows, and asking it
    about each value would take most of the time."""
    found = []
    for column, *values in zip(table.columns, one[1], other[1], strict=True):
        if values[0] != values[1]:
            meant = [_meant(column, *each) for each in zip((one[0], other[0]), values, strict=True)]
            if meant[0] != meant[1]:
                found.append(column.name)
    return found


def _meant(column: Column[Any], connection: Connection, value: Any) -> Any:
    """What the type makes nothing of stands for itself; so do numbers in PostgreSQL, of which it
    would have to know which sort the driver has read."""
    dialect = connection.dialect
    try:
        process = column.type.dialect_impl(dialect).result_processor(dialect, None)
        return process(value) if process else value
    except (ValueError, TypeError):
        return value


def _counted(rows: Iterator[Values], looked_at: Callable[[int], None]) -> Iterator[Values]:
    for number, row in enumerate(rows, 1):
        if number % ROWS_AT_ONCE == 0:
            looked_at(number)
        yield row


def _in_order(table: Table, connection: Connection) -> Iterator[Values]:
    """Keys are plain ASCII; PostgreSQL is told to sort them as such, as SQLite does."""
    (order,) = table.primary_key.columns
    if connection.dialect.name == "postgresql":
        order = order.collate("C")  # type: ignore[assignment]
    plain = [type_coerce(column, NullType()) for column in table.columns]
    chosen = select(*plain).order_by(order).execution_options(yield_per=ROWS_AT_ONCE)
    return map(tuple, connection.execute(chosen))
