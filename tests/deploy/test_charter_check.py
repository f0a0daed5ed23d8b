"""`tribune charter check`: what a charter holds, and what is wrong with it."""

import json
from pathlib import Path

import pytest
from charters import OWN, copied
from typer.testing import CliRunner

from deploy.cli import app


def test_the_command_prints_what_there_is_and_what_is_wrong(tmp_path: Path) -> None:
    good = CliRunner().invoke(app, ["charter", "check", str(OWN)])
    assert good.exit_code == 0
    assert "places 25, sectors 35, sources 1, tracks 2" in good.stdout
    directory = copied(tmp_path)
    (directory / "sectors.toml").write_text('"Street Lights" = "x"\n')
    bad = CliRunner().invoke(app, ["charter", "check", str(directory)])
    assert bad.exit_code == 1
    assert 'sectors.toml, line 1: "Street Lights" is no sector code' in bad.stdout
    as_json = CliRunner().invoke(app, ["charter", "check", str(directory), "--json"])
    assert as_json.exit_code == 1
    said = json.loads(as_json.stdout)
    assert (said["places"], said["sectors"]) == (25, 1)
    assert said["problems"][0]["file"] == "sectors.toml"
    assert said["problems"][0]["line"] == 1


def test_hooks_are_counted_for_one_with_another_ending_is_none(tmp_path: Path) -> None:
    directory = copied(tmp_path)
    (directory / "hooks").mkdir()
    (directory / "hooks" / "kobo.tml").write_text("x")
    assert "hooks 0" in CliRunner().invoke(app, ["charter", "check", str(directory)]).stdout
    (directory / "hooks" / "kobo.toml").write_text("x")
    assert "hooks 1" in CliRunner().invoke(app, ["charter", "check", str(directory)]).stdout


def test_without_a_folder_the_command_looks_at_the_one_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert str(OWN) in CliRunner().invoke(app, ["charter", "check"]).stdout
    monkeypatch.setenv("TRIBUNE_CHARTER_DIR", str(tmp_path / "elsewhere"))
    missing = CliRunner().invoke(app, ["charter", "check"])
    assert missing.exit_code == 2
    assert f"there is no folder {tmp_path / 'elsewhere'}" in missing.stderr


def test_what_is_nested_without_end_has_its_line_and_a_key_steers_no_terminal(
    tmp_path: Path,
) -> None:
    """ "maximum recursion depth exceeded" was all that was said, of no file."""
    directory = copied(tmp_path)
    body = directory / "body.toml"
    body.write_text(f'name = "x"\nnotice = "x"\nx = {"[" * 5_000}\n')
    (directory / "sources.toml").write_text('boston = {name = "x", "m\\u001b[31m" = 1}\n')
    found = CliRunner().invoke(app, ["charter", "check", str(directory)])
    assert found.exit_code == 1
    assert "body.toml, line 3: this is no TOML: Nested too deeply" in found.stdout
    assert r"there is no key 'm\x1b[31m' here" in found.stdout
