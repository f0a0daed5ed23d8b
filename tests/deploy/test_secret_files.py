"""Secrets are files beside the keys of NATS: made once, taken over from an older `.env`, read."""

import os
import stat
from pathlib import Path

import pytest

from deploy.commands.init import init
from deploy.locks.secret_files import GIVEN, MADE, OF_DATABASES, complete
from deploy.problems import told
from shared.runtime.settings import Settings

NOBODY = 65_534
EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    (tmp_path / EXAMPLE.name).write_text(EXAMPLE.read_text())
    return tmp_path


def _secrets(clone: Path) -> dict[str, str]:
    return {file.name: file.read_text() for file in (clone / "keys" / "secrets").iterdir()}


def test_each_has_a_file_and_none_stands_in_the_environment_file(clone: Path) -> None:
    assert init(clone) == 0
    secrets, env = _secrets(clone), (clone / ".env").read_text()
    assert secrets.keys() == {*MADE, *GIVEN}
    made = [secrets[name] for name in MADE]
    assert len(set(made)) == len(made) == 9
    assert all(len(secret) >= 40 and secret.isalnum() and secret[0].isalpha() for secret in made)
    assert [secret for secret in made if secret in env] == []
    assert secrets["oidc_client_secret"] == ""


def test_nobody_else_reads_them(clone: Path) -> None:
    """The database's container has a user of its own, and gets its files one by one."""
    init(clone)
    folder = clone / "keys" / "secrets"
    for path in (folder, folder.parent):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()}
    assert {name for name, mode in modes.items() if mode != 0o600} == set(OF_DATABASES)


def test_those_of_an_older_file_are_taken_over_and_count_from_then_on(
    clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = EXAMPLE.read_text() + (
        "TRIBUNE_RELEASE_KEY='the old one, never to change'\n"
        "TRIBUNE_DATABASE_PASSWORDS__INTAKE=sesame\n"
        "TRIBUNE_OIDC_CLIENT_SECRET=theirs\n"
    )
    (clone / ".env").write_text(old.replace("TRIBUNE_USER=", "TRIBUNE_USER=1000:1000"))
    before = (clone / ".env").read_text()
    assert init(clone, add_missing=True) == 0
    said = capsys.readouterr().out
    secrets = _secrets(clone)
    assert secrets["release_key"] == "the old one, never to change"
    assert secrets["database_passwords__intake"] == "sesame"
    assert secrets["oidc_client_secret"] == "theirs"
    assert "TRIBUNE_RELEASE_KEY" in said
    assert "take these lines out of .env" in said
    assert "sesame" not in said
    assert (clone / ".env").read_text() == before
    (clone / ".env").write_text(before.replace("sesame", "changed here alone"))
    settings = _settings(clone)
    assert settings.database_passwords["intake"].get_secret_value() == "sesame"
    assert settings.oidc_client_secret.get_secret_value() == "theirs"


def test_what_is_there_stays(clone: Path) -> None:
    init(clone)
    before = _secrets(clone)
    complete(clone / "keys", {"TRIBUNE_WEB_KEY": "another"})
    assert _secrets(clone) == before


def test_settings_read_them_beside_the_keys_or_where_they_are_told(
    clone: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    init(clone)
    secrets = _secrets(clone)
    settings = _settings(clone)
    assert settings.release_key.get_secret_value() == secrets["release_key"]
    assert (
        settings.database("promotion")
        .split(":")[2]
        .startswith(f"{secrets['database_passwords__promotion']}@")
    )
    elsewhere = tmp_path / "run"
    elsewhere.mkdir()
    (elsewhere / "web_key").write_text("one that compose has put there\n")
    monkeypatch.setenv("TRIBUNE_SECRETS_DIR", str(elsewhere))
    settings = _settings(clone)
    assert settings.web_key.get_secret_value() == "one that compose has put there"
    assert settings.release_key.get_secret_value() == ""
    monkeypatch.setenv("TRIBUNE_WEB_KEY", "")
    assert _settings(clone).web_key.get_secret_value() == "", "the environment counts more"


def _settings(clone: Path) -> Settings:
    """As in the clone's folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(clone)
        return Settings(_env_file=".env")


def test_a_folder_that_is_not_there_is_no_trouble(tmp_path: Path) -> None:
    assert Settings(_env_file=None, keys_dir=tmp_path).web_key.get_secret_value() == ""


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "keys" / "secrets"
    complete(folder.parent, {})
    monkeypatch.setenv("TRIBUNE_SECRETS_DIR", str(folder))
    assert _by_environment().signing_key.get_secret_value()
    return folder


def _by_environment() -> Settings:
    return Settings(_env_file=None)


@pytest.mark.parametrize("of", ["a folder", "no text", "a link to nothing"])
def test_a_secret_that_is_no_file_of_text_is_named_and_not_made_anew(
    secrets: Path, of: str
) -> None:
    (secrets / "signing_key").unlink()
    if of == "a folder":
        (secrets / "signing_key").mkdir()
    elif of == "no text":
        (secrets / "signing_key").write_bytes(b"\xff" * 40)
    else:
        (secrets / "signing_key").symlink_to("nothing")
    with pytest.raises(OSError, match="signing_key") as raised:
        _by_environment()
    code, words = told(raised.value)
    assert code == 1
    assert words.startswith(f"{secrets / 'signing_key'}: it is to be a secret, and is no ")


def test_a_folder_of_secrets_that_is_named_has_to_be_there(secrets: Path) -> None:
    secrets.rename(secrets.with_name("elsewhere"))
    with pytest.raises(OSError, match="TRIBUNE_SECRETS_DIR names it") as raised:
        _by_environment()
    assert told(raised.value)[1].startswith(f"{secrets}: ")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
@pytest.mark.parametrize("closed", ["secrets", "signing_key"])
def test_secrets_of_another_user_are_not_taken_for_none(secrets: Path, closed: str) -> None:
    """A service would make a key of its own, and end all sessions with it."""
    for path in (secrets, *secrets.parents):
        if not path.stat().st_mode & stat.S_IXOTH:
            path.chmod(0o755)
    for path in secrets.iterdir():
        path.chmod(0o644)
    (secrets if closed == "secrets" else secrets / closed).chmod(0o700)
    os.seteuid(NOBODY)
    try:
        with pytest.raises(PermissionError, match=closed):
            _by_environment()
    finally:
        os.seteuid(0)
