"""Many rows at once are read, added, changed and removed as one by one."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Engine,
    ExceptionContext,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    select,
)
from sqlalchemy.event import listens_for, remove
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from shared.eventsourcing.projections.bulk import bulk
from shared.eventsourcing.projections.bulk_sqlite import Bulk, Row
from shared.eventsourcing.projections.read_model import Instant

MORE_THAN_PARAMETERS = 70_000

table = Table(
    'as "they" come',
    MetaData(),
    Column("check", String(32), primary_key=True),
    Column("on", Date),
    Column("50%", Float),
    Column("sure", Boolean, nullable=False),
    Column("number", BigInteger, nullable=False),
    Column("text", String(20)),
    Column("at", Instant),
    Column("few", Integer),
)
AT = datetime(2030, 1, 7, 12, tzinfo=UTC)
FULL: Row = {
    "check": "a'b\"c\\",
    "on": date(2030, 1, 7),
    "50%": 1 / 3,
    "sure": True,
    "number": 2**53 - 1,
    "text": '\\ " \n \t \U0001d11e %s ? :x',
    "at": AT,
    "few": -1,
}
EMPTY: Row = dict.fromkeys(FULL) | {"check": "", "sure": False, "number": 0, "text": ""}


@pytest.fixture
def rows(database: Engine) -> Iterator[Bulk]:
    table.create(database)
    yield bulk(table, database.dialect)
    table.drop(database)


def _all(database: Engine) -> dict[str, Row]:
    """The library's own way."""
    with database.connect() as connection:
        found = connection.execute(select(table)).mappings()
        return {row["check"]: dict(row) for row in found}


def test_what_is_added_is_what_the_library_reads(database: Engine, rows: Bulk) -> None:
    with database.begin() as connection:
        rows.add(connection, [FULL, EMPTY])
        found = rows.read(connection, [FULL["check"], "", "unheard of"])
    assert found == _all(database) == {FULL["check"]: FULL, "": EMPTY}


def test_only_the_columns_that_are_named_change(database: Engine, rows: Bulk) -> None:
    elsewhere = timezone(timedelta(hours=2))
    new = EMPTY | {"check": FULL["check"], "at": AT.astimezone(elsewhere), "on": None, "few": 3}
    with database.begin() as connection:
        rows.add(connection, [FULL, EMPTY])
        rows.change(connection, ["at", "on"], [new])
        rows.change(connection, ["few"], [{"check": "", "few": 7}])
    expected = {FULL["check"]: FULL | {"on": None}, "": EMPTY | {"few": 7}}
    assert _all(database) == expected


def test_many_more_than_a_statement_takes_parameters(database: Engine, rows: Bulk) -> None:
    many = [EMPTY | {"check": str(number)} for number in range(MORE_THAN_PARAMETERS)]
    keys = [row["check"] for row in many]
    with database.begin() as connection:
        rows.add(connection, many)
        rows.change(connection, ["few"], [row | {"few": 1} for row in many])
        found = rows.read(connection, keys)
        rows.remove(connection, keys[1:])
        rows.remove(connection, [])
        rows.add(connection, [])
    assert len(found) == MORE_THAN_PARAMETERS
    assert all(row["few"] == 1 for row in found.values())
    assert list(_all(database)) == ["0"]


def test_a_row_that_can_not_be_written_says_so_in_the_librarys_terms(
    database: Engine, rows: Bulk
) -> None:
    faults = [(IntegrityError, EMPTY | {"number": None}), (IntegrityError, EMPTY)]
    if database.dialect.name == "postgresql":
        faults += [(DataError, EMPTY | {"check": "x" * 33}), (DataError, EMPTY | {"few": 2**40})]
        faults += [(DataError, EMPTY | {"check": "\0"})]
    with database.begin() as connection:
        rows.add(connection, [EMPTY])
        for error, row in faults:
            with pytest.raises(error), connection.begin_nested():
                rows.add(connection, [FULL, row])
        with pytest.raises(KeyError):
            rows.add(connection, [{"check": "of few columns"}])
    assert _all(database) == {"": EMPTY}


def test_what_can_not_be_read_says_so_in_the_librarys_terms(database: Engine, rows: Bulk) -> None:
    told: list[str] = []

    def listen(context: ExceptionContext) -> None:
        told.append(str(context.statement))

    listens_for(database, "handle_error")(listen)
    with database.begin() as connection:
        table.drop(connection)
        with pytest.raises(DBAPIError), connection.begin_nested():
            rows.read(connection, ["a"])
        table.create(connection)
        assert rows.read(connection, ["a"]) == {}
    remove(database, "handle_error", listen)
    assert len(told) == 1
