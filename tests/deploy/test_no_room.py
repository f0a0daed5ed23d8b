"""A folder for temporary files that is full is told as that, and not as a fault of a database."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from nats.aio.client import Client
from small_disk import Disk, small_disk
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from deploy.problems import WRONG_USE, told
from deploy.suite import database as database_of
from deploy.suite import read_models
from deploy.verify import verify
from deploy.verify.scratch import EventRow, scratch
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.projections.meanwhile import NoRoomError, fresh_database
from shared.eventsourcing.projections.projector import Projector, prepare
from shared.eventsourcing.projections.rebuild import rebuild
from shared.runtime.settings import Settings
from shared.testing.examples import REPORT_FILED, new_event, varied

REPORTS = 300


@pytest.fixture
def full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Disk]:
    """It takes what a proof notes of so few, and no rows."""
    with small_disk(tmp_path / "disk", "64k") as disk:
        monkeypatch.setattr(tempfile, "tempdir", str(disk.folder))
        yield disk


@pytest.fixture
async def settings(nats: Client, tmp_path: Path) -> Settings:
    """Of a suite of which intake has made its rows."""
    given = Settings(_env_file=None, data_dir=tmp_path)
    for number in range(REPORTS):
        key = AggregateKey("intake", "report", f"{number:032x}")
        filed = new_event(varied(REPORT_FILED, report_id=key.id), 1, key.id)
        await JetStreamEventStore(nats).append([Append(key, 0, [filed])])
    engine, models = database_of(given, "intake"), read_models("intake")
    prepare(engine, models)
    await Projector(engine, models, "INTAKE").catch_up(nats, REPORTS)
    engine.dispose()
    return given


def is_told(error: NoRoomError, disk: Disk) -> None:
    code, words = told(error)
    assert code == WRONG_USE
    assert f"({disk.folder}/tribune-" in words
    assert "database or disk is full" in words
    assert words.endswith("make room there, or name another folder, as in TMPDIR=/var/tmp")
    assert list(disk.folder.iterdir()) == []


async def test_a_proof_accuses_no_database(nats: Client, settings: Settings, full: Disk) -> None:
    with pytest.raises(NoRoomError) as raised:
        await verify(nats, settings, lambda _: None)
    is_told(raised.value, full)


async def test_nor_does_a_rebuild(nats: Client, settings: Settings, full: Disk) -> None:
    engine = database_of(settings, "intake")
    with pytest.raises(NoRoomError) as raised:
        await rebuild(nats, engine, read_models("intake")[0])
    engine.dispose()
    is_told(raised.value, full)


def test_what_a_proof_notes_may_be_too_much_as_well(
    full: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.verify.scratch.CACHE_KB", 100)
    with pytest.raises(NoRoomError) as raised, scratch() as notes:
        for number in range(100_000):
            notes.add(EventRow("INTAKE", number, f"{number:032x}", "", "", 0, ""))
    is_told(raised.value, full)


def test_what_is_wrong_elsewhere_is_no_want_of_room(database: Engine) -> None:
    with pytest.raises(DBAPIError), fresh_database("tribune-test-") as fresh:
        with fresh.connect() as connection:
            connection.execute(text("SELECT 1"))
        with database.connect() as connection:
            connection.execute(text("SELECT * FROM nowhere"))
