"""How many rows of each sort a read model has: kept beside them, changed in one transaction."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from sqlalchemy import BigInteger, Column, Connection, String, Table

from shared.eventsourcing.projections.bulk import bulk
from shared.eventsourcing.projections.bulk_sqlite import Row

LONGEST_SORT = 200

Sorts = Callable[[Row], tuple[str, ...]]
"""The sorts that a row is of; it counts once for each."""


def table_beside(table: Table, model: str) -> Table:
    """Bears the model's name."""
    return Table(
        f"{model}_counts",
        table.metadata,
        Column("sort", String(LONGEST_SORT), primary_key=True),
        Column("count", BigInteger, nullable=False),
    )


def changes(before: Iterable[Row], after: Iterable[Row], sorts: Sorts) -> dict[str, int]:
    found = counted(after, sorts)
    for sort, count in counted(before, sorts).items():
        found[sort] = found.get(sort, 0) - count
    return {sort: change for sort, change in found.items() if change}


def write(connection: Connection, counts: Table, found: Mapping[str, int]) -> None:
    """A sort of which there are no rows any more has no count."""
    if not found:
        return
    table = bulk(counts, connection.dialect)
    before = {sort: row["count"] for sort, row in table.read(connection, sorted(found)).items()}
    after = {sort: before.get(sort, 0) + change for sort, change in found.items()}
    rows = [{"sort": sort, "count": count} for sort, count in sorted(after.items()) if count]
    table.add(connection, [row for row in rows if row["sort"] not in before])
    if known := [row for row in rows if row["sort"] in before]:
        table.change(connection, ["count"], known)
    table.remove(connection, [sort for sort in before if not after[sort]])


def counted(rows: Iterable[Row], sorts: Sorts) -> dict[str, int]:
    """By sort; rows of the same sorts are many, and their sorts few."""
    found: dict[str, int] = {}
    for alike, count in Counter(map(sorts, rows)).items():
        for sort in alike:
            found[sort] = found.get(sort, 0) + count
    return found
