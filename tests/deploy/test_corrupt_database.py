"""A corrupt SQLite file is named, with what to do; done so, everything is there again."""

import asyncio
import shutil
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from asking_up import events, say_nothing
from real_suite import ON_POSTGRES, Home, started, until
from up_process import up

from deploy.asking import ask
from deploy.feeding.publish import publish
from deploy.looking.lag import settled
from deploy.suite import DatabaseAwayError, database
from services.promotion.projections.members import read_model as members

pytestmark = [
    pytest.mark.deep,
    pytest.mark.skipif(ON_POSTGRES, reason="it is about files of SQLite"),
]

ROWS = 300
PAGE = 4096


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A suite at rest with some rows; its files are whole, nothing waits in a -wal."""
    where = Home(tmp_path_factory.mktemp("filled") / "suite")

    async def fill() -> None:
        async with started(where.suite()) as client:
            await publish(client, "boston", events(ROWS), say_nothing)
            await settled(client)

    asyncio.run(fill())
    return where


@pytest.fixture
def copy(filled: Home, tmp_path: Path) -> Home:
    shutil.copytree(filled.data_dir, tmp_path / "suite")
    return Home(tmp_path / "suite")


def damage(where: Home, service: str, start: int, size: int = 0) -> Path:
    """From there on is garbage, as a torn copy or a bad disk leaves it; to the end of the file if
    no size is given."""
    path = where.data_dir / f"{service}.db"
    size = size or path.stat().st_size - start
    assert size > 0
    with path.open("r+b") as file:
        file.seek(start)
        file.write(b"\xa5" * size)
    return path


def page_of(where: Home, service: str, table: str) -> int:
    with closing(sqlite3.connect(where.data_dir / f"{service}.db")) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        return int(connection.execute(query, [table]).fetchone()[0])


def words(path: Path) -> str:
    return f"{path} is corrupt"


@pytest.mark.parametrize("start", [0, 4096], ids=["from its start", "from its second page"])
async def test_up_names_the_file_and_after_its_removal_works(copy: Home, start: int) -> None:
    rows = copy.rows()
    path = damage(copy, "intake", start)
    async with up(copy) as first:
        code = await asyncio.to_thread(first.process.wait, 90)
        await first.nothing_is_left()
    assert code == 1, first.told
    assert words(path) in first.told
    assert "remove the file" in first.told
    assert "Traceback" not in first.told
    for file in copy.data_dir.glob("intake.db*"):
        file.unlink()
    async with up(copy) as second:
        await second.runs()
        assert await second.ends(signal.SIGTERM) == 0
    assert copy.rows() == rows


async def test_found_only_while_it_runs_it_is_told_as_well(copy: Home) -> None:
    """A page of counts, which is read once an answer or an event asks for them."""
    root = page_of(copy, "promotion", members.tables[-1].name)
    path = damage(copy, "promotion", (root - 1) * PAGE, PAGE)
    suite = copy.suite()
    async with started(suite) as client, httpx.AsyncClient(trust_env=False) as http:
        said = await ask(client, "promotion")
        assert words(path) in said["database"]
        await publish(client, "boston", events(2 * ROWS), say_nothing)
        ready = f"http://127.0.0.1:{suite.inner['promotion-1']}/readyz"

        async def is_told() -> bool:
            answer = await http.get(ready)
            return any(words(path) in reason for reason in answer.json()["reasons"])

        await until(is_told, "readiness names the file")
        status = await asyncio.to_thread(copy.tribune, "status", "--json")
        assert status.returncode == 1
        assert words(path) in status.stdout


def test_the_command_line_names_it_too(copy: Home) -> None:
    path = damage(copy, "intake", 0)
    engine = database(copy.settings, "intake")
    with pytest.raises(DatabaseAwayError, match="remove the file") as raised:
        engine.connect()
    assert words(path) in str(raised.value)
