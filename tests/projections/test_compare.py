"""Rows of two databases are compared by what they say, whatever form their drivers give it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Boolean, Column, Date, Engine, Float, MetaData, String, Table, update

from shared.eventsourcing.projections.bulk import bulk
from shared.eventsourcing.projections.bulk_sqlite import Row
from shared.eventsourcing.projections.compare import differences
from shared.eventsourcing.projections.meanwhile import fresh_database
from shared.eventsourcing.projections.read_model import Instant

table = Table(
    "compared",
    MetaData(),
    Column("key", String(32), primary_key=True),
    Column("on", Date),
    Column("sure", Boolean, nullable=False),
    Column("share", Float),
    Column("at", Instant),
)
said = Table("compared", MetaData(), Column("key", String(32)), Column("at", String(40)))
"""The same as it is stored."""


def row(key: str) -> Row:
    at = datetime(2030, 1, 7, 12, tzinfo=UTC)
    return {"key": key, "on": date(2030, 1, 7), "sure": True, "share": 0.25, "at": at}


ROWS = [row("a"), row("b"), row("c") | {"on": None, "share": None, "at": None}]


@pytest.fixture
def fresh() -> Iterator[Engine]:
    with fresh_database("tribune-test-") as found:
        yield found


def found(database: Engine, fresh: Engine, live: list[Row], anew: list[Row]) -> dict[str, str]:
    for engine, rows in ((database, live), (fresh, anew)):
        with engine.begin() as connection:
            table.drop(connection, checkfirst=True)
            table.create(connection)
            bulk(table, connection.dialect).add(connection, rows)
    return compared(database, fresh)


def compared(database: Engine, fresh: Engine) -> dict[str, str]:
    with database.connect() as one, fresh.connect() as other:
        return dict(differences(table, one, other))


def test_the_same_is_the_same_in_both(database: Engine, fresh: Engine) -> None:
    assert found(database, fresh, ROWS, ROWS) == {}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("on", date(2030, 1, 8)),
        ("sure", False),
        ("share", 0.5),
        ("at", datetime(2030, 1, 7, 12, 0, 0, 1, tzinfo=UTC)),
        ("at", None),
    ],
)
def test_whatever_differs_is_named(
    database: Engine, fresh: Engine, column: str, value: object
) -> None:
    other = [ROWS[0], ROWS[1] | {column: value}, ROWS[2]]
    assert found(database, fresh, other, ROWS) == {"b": f"differs in {column}"}


def test_what_is_missing_is_told_from_what_is_too_much(database: Engine, fresh: Engine) -> None:
    assert found(database, fresh, [ROWS[0], row("d")], ROWS[:2]) == {
        "b": "follows from the log, but is not live",
        "d": "is live, but does not follow from the log",
    }


def test_a_moment_in_another_form_is_the_same_and_no_moment_differs(
    database: Engine, fresh: Engine
) -> None:
    found(database, fresh, ROWS, ROWS)
    for text, differing in (
        ("2030-01-07T13:00:00+01:00", {}),
        ("once upon a time", {"a": "differs in at"}),
    ):
        with database.begin() as connection:
            connection.execute(update(said).where(said.c.key == "a").values(at=text))
        assert compared(database, fresh) == differing
