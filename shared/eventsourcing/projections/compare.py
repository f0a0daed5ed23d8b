"""Two databases with a table of the same read model: what differs."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, Table, select

from shared.eventsourcing.projections.read_model import Row

ROWS_AT_ONCE = 1000


def differences(
    table: Table,
    live: Connection,
    anew: Connection,
    looked_at: Callable[[int], None] = lambda _: None,
) -> Iterator[tuple[str, str]]:
    """Keys in their order, with what is the matter; both tables are read once, a page at a time.
    `looked_at` gets now and then how many of the live rows are."""
    (column,) = table.primary_key.columns
    key = column.name
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
            if columns := [name for name in a if a[name] != b[name]]:
                yield a[key], f"differs in {', '.join(columns)}"
            a, b = next(left, None), next(right, None)


def _counted(rows: Iterator[Row], looked_at: Callable[[int], None]) -> Iterator[Row]:
    for number, row in enumerate(rows, 1):
        if number % ROWS_AT_ONCE == 0:
            looked_at(number)
        yield row


def _in_order(table: Table, connection: Connection) -> Iterator[Row]:
    """Keys are plain ASCII; PostgreSQL is told to sort them as such, as SQLite does."""
    (order,) = table.primary_key.columns
    if connection.dialect.name == "postgresql":
        order = order.collate("C")  # type: ignore[assignment]
    chosen = select(table).order_by(order).execution_options(yield_per=ROWS_AT_ONCE)
    for row in connection.execute(chosen).mappings():
        yield dict(row)
