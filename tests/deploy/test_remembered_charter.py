"""A suite's folder remembers the charter that it was started with, and says when it is another."""

import json
from pathlib import Path

import pytest
import structlog
from charters import OWN, copied
from typer.testing import CliRunner

from deploy.cli import app
from deploy.connecting import connected
from deploy.embedded.remembered import (
    changes,
    charter_of,
    charter_to_start_with,
    remember,
    remembered,
)
from deploy.embedded.running import _declare_streams
from deploy.embedded.suite import Suite
from deploy.meant import settings_at_hand
from shared.runtime.charter import CharterError, read_charter
from shared.runtime.settings import Settings
from shared.testing.servers import NatsServer


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Of a suite that was started with a charter of its own; no variable names any."""
    monkeypatch.delenv("TRIBUNE_CHARTER_DIR", raising=False)
    monkeypatch.chdir(tmp_path)
    suite = tmp_path / "suite"
    (suite / "nats").mkdir(parents=True)
    remember(suite, read_charter(copied(tmp_path)))
    return suite


def settings() -> Settings:
    return Settings(_env_file=None)


async def test_who_looks_into_it_goes_by_its_charter_without_a_variable(
    folder: Path, tmp_path: Path
) -> None:
    assert settings_at_hand(folder).charter_dir == tmp_path / "charter"
    async with connected(folder) as suite:
        assert suite.settings.charter_dir == tmp_path / "charter"
        assert suite.where == f"the suite in {folder}"


def test_a_variable_that_names_another_charter_is_told_and_does_not_count(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TRIBUNE_CHARTER_DIR", str(OWN))
    for _ in range(2):
        assert settings_at_hand(folder).charter_dir == tmp_path / "charter"
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1, "however often a command connects"
    assert f"{folder} goes by the charter in {tmp_path / 'charter'}, with which" in told.err
    assert f"TRIBUNE_CHARTER_DIR names {OWN}, which does not count here" in told.err
    monkeypatch.setenv("TRIBUNE_CHARTER_DIR", str(tmp_path / "charter"))
    settings_at_hand(folder)
    assert capsys.readouterr().err == ""


def test_a_charter_that_is_gone_gives_way_to_a_variable_and_to_nothing_else(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "charter").rename(tmp_path / "moved")
    assert charter_of(folder, settings()) == tmp_path / "charter"
    monkeypatch.setenv("TRIBUNE_CHARTER_DIR", str(tmp_path / "moved"))
    assert charter_of(folder, settings()) == tmp_path / "moved"


def test_a_suite_starts_with_what_is_given_then_named_then_remembered(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("TRIBUNE_CHARTER_DIR=./of-another-suite\n")
    assert charter_to_start_with(folder, None) == tmp_path / "charter"
    assert charter_to_start_with(tmp_path / "new", None) == Path("of-another-suite")
    monkeypatch.setenv("TRIBUNE_CHARTER_DIR", "named")
    assert charter_to_start_with(folder, None) == Path("named")
    assert charter_to_start_with(folder, Path("given")) == Path("given")


def test_the_project_s_own_is_remembered_wherever_the_code_is(tmp_path: Path) -> None:
    remember(tmp_path, read_charter(OWN))
    assert json.loads((tmp_path / "charter.json").read_text())["directory"] == ""
    before = remembered(tmp_path)
    assert before is not None
    assert before.directory == OWN
    assert list(changes(before, read_charter(OWN))) == []


def test_who_is_protected_less_than_before_is_told(folder: Path, tmp_path: Path) -> None:
    """What a slip of the pen lets out stays out."""
    charter = tmp_path / "charter"
    for file in OWN.glob("*.toml"):
        (charter / file.name).write_bytes(file.read_bytes())
    sources, body, staff = (charter / f"{name}.toml" for name in ("sources", "body", "staff"))
    sources.write_text('hotline = {name = "Hotline"}\n')
    remember(folder, read_charter(charter))
    before = remembered(folder)
    assert list(changes(before, read_charter(charter))) == []
    sources.write_text('hotline = {name = "Hotline", public = true, keep_days = 30}\n')
    body.write_text(body.read_text().replace("smallest_figure = 5", "smallest_figure = 3"))
    staff.write_text('second_person = ["close-login"]\n')
    assert list(changes(before, read_charter(charter))) == [
        "smallest figure: 5 before, 3 now",
        "for a second person: close-login, open-report before, close-login now",
        "hotline is kept: always before, for 30 days now",
        "hotline is released: once a day, in cells before, at once now",
        "words of hotline: wait for an editor before, public at once now",
    ]
    note = json.loads((folder / "charter.json").read_text())
    del note["protection"]
    (folder / "charter.json").write_text(json.dumps(note))
    assert list(changes(remembered(folder), read_charter(charter))) == [], "of an older version"


def test_a_folder_that_remembers_nothing_is_one_of_an_older_version(tmp_path: Path) -> None:
    assert remembered(tmp_path) is None
    assert charter_of(tmp_path, settings()) == settings().charter_dir


@pytest.mark.parametrize("note", ["", "[]", '{"directory": 5}', '{"directory": "x"}'])
def test_a_damaged_note_is_no_reason_to_go_by_another_charter(
    folder: Path, monkeypatch: pytest.MonkeyPatch, note: str
) -> None:
    """What that one lacks would be refused, for good."""
    (folder / "charter.json").write_text(note)
    for start in (lambda: charter_to_start_with(folder, None), lambda: settings_at_hand(folder)):
        with pytest.raises(CharterError, match=r"is damaged.*`tribune up --charter DIR`"):
            start()
    assert charter_to_start_with(folder, OWN) == OWN
    monkeypatch.setenv("TRIBUNE_CHARTER_DIR", str(OWN))
    assert charter_of(folder, settings()) == charter_to_start_with(folder, None) == OWN
    remember(folder, read_charter(OWN))
    assert remembered(folder)


async def test_another_charter_is_told_at_the_start_with_what_is_otherwise(
    log_server: NatsServer, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRIBUNE_INBOX_MAX_BYTES", "64MB")
    other = tmp_path / "other"
    (tmp_path / "charter").rename(other)
    places = other / "places.toml"
    places.write_text(places.read_text() + '"us.ma.salem" = "Salem"\n"us.ma.lynn" = "Lynn"\n')
    sectors = other / "sectors.toml"
    lines = [line for line in sectors.read_text().splitlines() if not line.startswith("graffiti")]
    sectors.write_text("\n".join(lines))
    suite = Suite(folder, other, nats_port=log_server.port)
    suite.keys.complete()
    with structlog.testing.capture_logs() as logs:
        await _declare_streams(suite)
    assert [line["change"] for line in logs] == [
        f"it was in {tmp_path / 'charter'} before, and is in {other} now",
        "2 places more: us.ma.lynn, us.ma.salem",
        "1 sector less: graffiti",
    ]
    assert settings_at_hand(folder).charter_dir == other
    with structlog.testing.capture_logs() as logs:
        await _declare_streams(suite)
    assert logs == []


@pytest.mark.parametrize("command", ["up", "demo"])
def test_up_takes_the_charter_as_an_option_and_reads_it_before_anything_starts(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = CliRunner().invoke(app, [command, "--charter", "elsewhere"])
    assert ended.exit_code == 2, ended.output
    assert "there is no folder " in ended.stderr
    assert "elsewhere; the charter's folder is named by `tribune up --charter`" in ended.stderr
    assert not (tmp_path / "var").exists()
