"""Of a large log a second process proves the rows: it finds the same, and is never left behind."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client
from pydantic import SecretStr
from small_log import reports_with_rows
from sqlalchemy import text

from deploy.suite import database
from deploy.verify import verify
from deploy.verify.beside import ALONE
from shared.runtime.settings import Settings
from shared.testing.servers import NatsServer

REPORTS = 20


@pytest.fixture
async def harmed(nats: Client, server: NatsServer, tmp_path: Path) -> Settings:
    """A suite with rows of intake of which some say something else than the log."""
    given = Settings(_env_file=None, data_dir=tmp_path, nats_url=SecretStr(server.url))
    await reports_with_rows(nats, given, REPORTS)
    engine = database(given, "intake")
    with engine.begin() as connection:
        connection.execute(text("UPDATE reports_v5 SET state = 'closed'"))
    engine.dispose()
    return given


@pytest.fixture
def beside(monkeypatch: pytest.MonkeyPatch) -> list[asyncio.subprocess.Process]:
    """The processes that were begun: with a log of any size there is one."""
    monkeypatch.setattr("deploy.verify.beside.BESIDE_FROM", 0)
    begun, begin = [], asyncio.create_subprocess_exec

    async def noted(*arguments: str, **given: Any) -> asyncio.subprocess.Process:
        begun.append(await begin(*arguments, **given))
        return begun[-1]

    monkeypatch.setattr("asyncio.create_subprocess_exec", noted)
    return begun


async def test_it_finds_and_tells_the_same(
    nats: Client, harmed: Settings, request: pytest.FixtureRequest
) -> None:
    alone, together = [], []
    here = await verify(nats, harmed, alone.append)
    begun = request.getfixturevalue("beside")
    there = await verify(nats, harmed, together.append)
    assert len(begun) == 1
    assert begun[0].returncode == 0
    assert there == here
    assert f"… and {REPORTS - 5} more: rows of reports_v5: differs in state" in "\n".join(
        there.wrong
    )
    assert "reports_v5: 20 rows at 20" in there.looked_at
    assert [step for step in alone if step in together] == together, "and in the same order"


async def test_where_it_comes_to_nothing_the_rows_are_proven_all_the_same(
    nats: Client, harmed: Settings, beside: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.verify.beside.ALONE", [sys.executable, "-c", "exit(3)"])
    there = await verify(nats, harmed, lambda _: None)
    assert [each.returncode for each in beside] == [3]
    assert any("reports_v5" in line for line in there.wrong)


async def test_who_ends_a_proof_ends_both(
    nats: Client, harmed: Settings, beside: list[Any]
) -> None:
    came_there = asyncio.Event()
    proof = asyncio.create_task(
        verify(nats, harmed, lambda _: came_there.set() if beside else None)
    )
    await came_there.wait()
    proof.cancel()
    with pytest.raises(asyncio.CancelledError):
        await proof
    assert beside[0].returncode is not None


async def test_it_ends_with_who_began_it() -> None:
    """Also with one that was killed: nobody writes to it any more."""
    process = await asyncio.create_subprocess_exec(
        *ALONE, stdin=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), 60) != 0
