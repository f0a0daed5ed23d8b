"""How far a long work is, inside each step: a line that is rewritten, or one now and then."""

import asyncio
import io
import json
from pathlib import Path

import pytest
from nats.aio.client import Client
from small_log import reports_with_rows
from typer.testing import CliRunner

from deploy.cli import app
from deploy.commands.steps import step_by_step
from deploy.terminal import Terminal
from deploy.verify import verify
from shared.runtime.settings import Settings
from shared.testing.servers import NatsServer

REPORTS = 250


def told(*moves: tuple[str, int, int], on_terminal: bool) -> str:
    out = io.StringIO()
    console = Terminal(file=out, force_terminal=on_terminal, width=80, _environ={})
    with step_by_step(console) as steps:
        steps.begins("log INTAKE: sequences and more")
        for move in moves:
            steps.moved(*move)
        steps.begins("[inboxes]")
    return out.getvalue()


def test_without_a_terminal_there_is_a_line_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = ["log INTAKE: sequences and more …", "[inboxes] …"]
    moves = [("INTAKE", 500, 2_000), ("rows", 1_000, 0), ("", 0, 0)]
    assert told(*moves, on_terminal=False).splitlines() == steps
    monkeypatch.setattr("deploy.commands.steps.A_LINE_EVERY_S", 0)
    within = ["  INTAKE: 500 of 2,000 (25%), 0 s", "  rows: 1,000, 0 s", "  0 s"]
    assert told(*moves, on_terminal=False).splitlines() == [steps[0], *within, steps[1]]


def test_on_a_terminal_it_is_one_line_that_is_rewritten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.commands.steps.REWRITTEN_EVERY_S", 0)
    shown = told(*[("INTAKE", number, 2_000) for number in range(500)], on_terminal=True)
    assert "log INTAKE … INTAKE: 499 of 2,000 (25%), 0 s\n\x1b[?25h\r\x1b[1A\x1b[2K" in shown
    assert "log INTAKE: sequences and more, 0." in shown, "and what is done stays"


@pytest.fixture
async def whole(nats: Client, tmp_path: Path) -> Settings:
    """A suite of which intake has made its rows, and the others have none."""
    given = Settings(_env_file=None, data_dir=tmp_path)
    await reports_with_rows(nats, given, REPORTS)
    return given


async def test_a_proof_tells_how_far_it_is_in_each_long_step(
    nats: Client, whole: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.looking.reading.BATCH", 100)
    monkeypatch.setattr("deploy.verify.scratch.STEPS_BETWEEN", 100)
    monkeypatch.setattr("shared.eventsourcing.projections.compare.ROWS_AT_ONCE", 100)
    step, found = "", set()

    def begins(name: str) -> None:
        nonlocal step
        step = name.partition(":")[0]

    await verify(
        nats, whole, begins, moved=lambda what, done, of: found.add((step, what, done, of))
    )
    assert ("log INTAKE", "INTAKE", 100, REPORTS) in found
    assert ("log INTAKE", "INTAKE", REPORTS, REPORTS) in found
    assert ("read models of intake", "rows of reports_v5", 200, 0) in found
    assert ("ids and causes", "", 0, 0) in found


async def test_as_json_nothing_else_is_on_its_output(
    server: NatsServer, whole: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deploy.commands.steps.A_LINE_EVERY_S", 0)
    monkeypatch.setenv("TRIBUNE_NATS_URL", server.url)
    monkeypatch.setenv("TRIBUNE_DATA_DIR", str(whole.data_dir))
    ended = await asyncio.to_thread(CliRunner().invoke, app, ["verify", "--json"])
    assert f"INTAKE: {REPORTS} events" in json.loads(ended.stdout)["looked_at"]
    assert "log INTAKE: sequences, ids, revisions, folding …" in ended.stderr
    assert f"  INTAKE: {REPORTS} of {REPORTS} (100%), " in ended.stderr
