"""What made a read model's rows is known: another table or fold under its name is an error."""

from collections.abc import Callable
from importlib import import_module
from itertools import count
from pathlib import Path

import pytest
from nats.aio.client import Client
from sqlalchemy import Engine, Index, inspect, text

from deploy.programs import SERVICES
from deploy.suite import read_models
from shared.eventsourcing.projections import fingerprints
from shared.eventsourcing.projections.fingerprints import ReadModelChangedError, fingerprint
from shared.eventsourcing.projections.fold_code import code_of
from shared.eventsourcing.projections.prepare import prepare
from shared.eventsourcing.projections.read_model import ReadModel
from shared.eventsourcing.projections.rebuild import rebuild

SOURCE = '''"""A read model."""
from sqlalchemy import Column, Integer, MetaData, String, Table
from shared.eventsourcing.projections.read_model import ReadModel

FIRST = 1
KINDS = frozenset({"a", "b", "c"})

class Half:
    SIZE = 2

def whole(n):
    return n

STEPS = {"whole": whole, "none": lambda n: 0, "all": {"twice": [lambda n: 2 * n, lambda n: n]}}
WHERE = [int, str], (Half,)

key = Column("id", String(10), primary_key=True)
table = Table("some_v1", MetaData(), key, Column("n", Integer))

def step(kind):
    """Says how far."""
    kind = STEPS and WHERE and kind
    return FIRST if kind in KINDS else 0  # not far

def keys(event: object) -> tuple[str, ...]:
    return (event.id,)

def apply(rows, recorded):
    rows[recorded.event.id]["n"] += step("a")

def queried():
    return 1

model = ReadModel("some_v1", "INTAKE", table, keys, apply)
'''

Made = Callable[..., ReadModel]
_numbers = count()


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    """The read model of a file in which some words stand for others."""
    monkeypatch.syspath_prepend(tmp_path)

    def make(*changes: tuple[str, str]) -> ReadModel:
        source, name = SOURCE, f"made_{next(_numbers)}"
        for old, new in changes:
            assert old in source
            source = source.replace(old, new)
        (tmp_path / f"{name}.py").write_text(source)
        return import_module(name).model  # type: ignore[no-any-return]

    return make


SAYS_NOTHING_NEW = {
    "a comment": ("  # not far", "  # very near"),
    "a docstring": ('"""Says how far."""', '"""How far."""'),
    "an annotation": ("event: object", "event"),
    "a line's length": ("FIRST if kind in KINDS else 0", "(\n FIRST if kind in KINDS\n else 0)"),
    "a query": ("return 1", "return 2"),
    "what stands before it": ("FIRST = 1", "BEFORE = 0\nFIRST = 1"),
    "a function's line": ("[lambda n: 2 * n, ", "[lambda n: 2\n * n,\n"),
}
SAYS_SOMETHING_NEW = {
    "the fold": ('["n"] +=', '["n"] -='),
    "the keys": ("(event.id,)", "(event.id, 'all')"),
    "what the fold calls": ("else 0", "else 2"),
    "a constant": ("FIRST = 1", "FIRST = 2"),
    "a set": ('"c"', '"d"'),
    "a function in a dict": ("return n", "return n + 1"),
    "which one it is": ('"whole": whole', '"whole": len'),
    "one without a name": ("n: 0", "n: 1"),
    "another one in its line": ("lambda n: n]", "lambda n: -n]"),
    "one further in": ("2 * n", "3 * n"),
    "a class": ("[int, str]", "[int, bytes]"),
    "a class of its own": ("SIZE = 2", "SIZE = 3"),
    "a column's length": ("String(10)", "String(11)"),
    "a column's type": ('Column("n", Integer)', 'Column("n", String)'),
    "a column more": ('Column("n", Integer)', 'Column("n", Integer), Column("m", Integer)'),
    "whether it may be null": ('Column("n", Integer)', 'Column("n", Integer, nullable=False)'),
    "an index": ('Column("n", Integer)', 'Column("n", Integer, index=True)'),
}


@pytest.mark.parametrize("change", SAYS_NOTHING_NEW.values(), ids=SAYS_NOTHING_NEW)
def test_what_only_looks_different_is_the_same(made: Made, change: tuple[str, str]) -> None:
    assert fingerprint(made(change)) == fingerprint(made())


@pytest.mark.parametrize("change", SAYS_SOMETHING_NEW.values(), ids=SAYS_SOMETHING_NEW)
def test_what_makes_other_rows_is_another(made: Made, change: tuple[str, str]) -> None:
    assert fingerprint(made(change)) != fingerprint(made())


def test_a_changed_one_is_refused_with_what_to_do(database: Engine, made: Made) -> None:
    prepare(database, [made()])
    prepare(database, [made(SAYS_NOTHING_NEW["a comment"])])
    for change in (SAYS_SOMETHING_NEW["the fold"], SAYS_SOMETHING_NEW["a column more"]):
        with pytest.raises(ReadModelChangedError, match=r"some_v1 .*new version.*tribune rebuild"):
            prepare(database, [made(change)])
    prepare(database, [made()])


def test_an_older_database_is_taken_as_it_is_and_remembered(database: Engine, made: Made) -> None:
    prepare(database, [made()])
    with database.begin() as connection:
        connection.execute(text("DROP TABLE fingerprints"))
    prepare(database, [made()])
    with database.connect() as connection:
        assert fingerprints.read(connection, "some_v1") == fingerprint(made())
    with pytest.raises(ReadModelChangedError):
        prepare(database, [made(SAYS_SOMETHING_NEW["the fold"])])


def test_one_that_begins_from_nothing_is_remembered_anew(database: Engine, made: Made) -> None:
    changed = made(SAYS_SOMETHING_NEW["the fold"])
    prepare(database, [made()])
    with database.begin() as connection:
        connection.execute(text("DELETE FROM checkpoints"))
    prepare(database, [changed])
    with pytest.raises(ReadModelChangedError):
        prepare(database, [made()])


def test_indexes_of_a_name_belong_to_the_table(made: Made) -> None:
    one, two = made(), made()
    Index("some_v1_n", two.table.c.n)
    Index("some_v1_n", one.table.c.n, unique=True)
    assert fingerprint(one) != fingerprint(two)


def test_every_read_model_of_the_suite_has_a_fold_that_can_be_read() -> None:
    for model in [model for service in SERVICES for model in read_models(service)]:
        code = repr(list(code_of(model)))
        assert code.count("FunctionDef") >= 2, model.name


async def test_a_rebuild_makes_tables_of_the_new_form(
    database: Engine, made: Made, nats: Client
) -> None:
    prepare(database, [made()])
    changed = made(SAYS_SOMETHING_NEW["a column more"])
    assert await rebuild(nats, database, changed) == 0
    assert [column["name"] for column in inspect(database).get_columns("some_v1")][-1] == "m"
    prepare(database, [changed])
