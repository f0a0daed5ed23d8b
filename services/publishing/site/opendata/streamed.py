"""Rows of a large answer, a few at a time."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Select

from shared.eventsourcing.projections.read_model import Row

AT_ONCE = 1_000


def streamed(connection: Connection, chosen: Select[Any]) -> Iterator[Row]:
    found = connection.execute(chosen, execution_options={"yield_per": AT_ONCE})
    for row in found.mappings():
        yield dict(row)
