"""`tribune init`: fresh secrets, for the operator alone, and never over those that are there."""

import os
import stat
from pathlib import Path

import pytest

from deploy.commands.init import init
from shared.runtime.settings import Settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    (tmp_path / EXAMPLE.name).write_text(EXAMPLE.read_text())
    return tmp_path


def test_every_empty_value_gets_a_secret_of_its_own_and_the_rest_stays(clone: Path) -> None:
    assert init(clone) == 0
    example, written = EXAMPLE.read_text().splitlines(), (clone / ".env").read_text().splitlines()
    pairs = list(zip(example, written, strict=True))
    secrets = [new.removeprefix(old) for old, new in pairs if old not in (new, "TRIBUNE_USER=")]
    assert len(secrets) == len(set(secrets)) == 8
    assert all(old.endswith("=") for old, new in pairs if old != new)
    assert all(secret.isalnum() and secret[0].isalpha() for secret in secrets)


def test_only_its_owner_can_read_it(clone: Path) -> None:
    init(clone)
    assert stat.S_IMODE((clone / ".env").stat().st_mode) == 0o600


def test_the_keys_of_nats_are_made_beside_it_for_whom_the_containers_run_as(clone: Path) -> None:
    init(clone)
    keys, user = clone / "keys", f"{os.getuid() or 10001}:{os.getgid() or 10001}"
    assert f"\nTRIBUNE_USER={user}\n" in (clone / ".env").read_text()
    for path in (keys, keys / "creds" / "intake.creds", keys / "keys" / "operator.seed"):
        assert f"{path.stat().st_uid}:{path.stat().st_gid}" == user
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077
    read_by_nats = keys / "server.conf"
    assert stat.S_IMODE(read_by_nats.stat().st_mode) == 0o644
    assert (keys / "keys" / "operator.seed").read_text() not in read_by_nats.read_text()


def test_the_vault_has_a_folder_and_a_master_key_that_the_containers_can_use(clone: Path) -> None:
    init(clone)
    user = f"{os.getuid() or 10001}:{os.getgid() or 10001}"
    folder, key = clone / "vault", clone / "keys" / "vault" / "vault.key"
    for path in (folder, key):
        assert f"{path.stat().st_uid}:{path.stat().st_gid}" == user
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077
    assert len(key.read_bytes()) == 64
    settings = Settings(_env_file=clone / ".env")
    assert (settings.vault_store, settings.vault_key) == (
        Path("vault/vault.db"),
        Path("keys/vault/vault.key"),
    )


def test_keys_that_are_there_stay(clone: Path) -> None:
    init(clone)
    before = {f: f.read_bytes() for f in (clone / "keys").rglob("*") if f.is_file()}
    init(clone, add_missing=True)
    (clone / ".env").unlink()
    init(clone)
    assert {f: f.read_bytes() for f in (clone / "keys").rglob("*") if f.is_file()} == before


def test_one_that_is_there_stays_as_it_is(clone: Path) -> None:
    (clone / ".env").write_text("mine")
    assert init(clone) == 1
    assert (clone / ".env").read_text() == "mine"


def test_one_from_an_older_version_gets_what_it_lacks_and_nothing_else(
    clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    init(clone)
    path = clone / ".env"
    whole = path.read_text().splitlines(keepends=True)
    lacks = ("TRIBUNE_WEB_KEY", "TRIBUNE_SITES__INTAKE")
    old = "".join(line for line in whole if not line.startswith(lacks)).rstrip("\n")
    path.write_text(old + "\nexport MINE='a\nb'")
    before = path.read_text()
    capsys.readouterr()
    assert init(clone) == 1
    assert path.read_text() == before
    said = capsys.readouterr().out
    assert "It lacks TRIBUNE_WEB_KEY, TRIBUNE_SITES__INTAKE: `tribune init --add-missing`" in said
    assert init(clone, add_missing=True) == 0
    after = path.read_text()
    assert after.startswith(f"{before}\n")
    settings = Settings(_env_file=path)
    key = settings.web_key.get_secret_value()
    assert len(key) >= 32
    assert settings.sites["intake"] == ":8001"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (init(clone, add_missing=True), init(clone)) == (0, 1)
    assert path.read_text() == after
    assert key not in capsys.readouterr().out


def test_a_secret_that_is_empty_is_told(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (clone / ".env").write_text(EXAMPLE.read_text())
    assert init(clone, add_missing=True) == 1
    assert "TRIBUNE_RELEASE_KEY in .env has no value" in capsys.readouterr().out
    assert (clone / ".env").read_text() == EXAMPLE.read_text()


def test_two_suites_get_different_secrets(clone: Path) -> None:
    init(clone)
    first = (clone / ".env").read_text()
    (clone / ".env").unlink()
    init(clone)
    assert (clone / ".env").read_text() != first


def test_outside_a_clone_it_writes_nothing(tmp_path: Path) -> None:
    assert init(tmp_path) == 2
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_reaches_each_database_with_its_own_password(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TRIBUNE_DATABASE_URL", "TRIBUNE_NATS_URL"):
        monkeypatch.delenv(name, raising=False)
    init(clone)
    lines = (clone / ".env").read_text().splitlines()
    given = dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#")
    settings = Settings(_env_file=clone / ".env")
    nats = settings.nats_url.get_secret_value()
    assert nats == "nats://127.0.0.1:4222"
    for service in ("intake", "promotion", "publishing"):
        password = given[f"TRIBUNE_DATABASE_PASSWORDS__{service.upper()}"]
        url = f"postgresql://{service}:{password}@127.0.0.1:5432/{service}"
        assert settings.database(service) == url


def test_a_password_may_hold_any_sign() -> None:
    settings = Settings(
        _env_file=None,
        database_url="postgresql://{service}:{password}@host/{service}",
        database_passwords={"intake": "a/b@c:d"},
    )
    assert settings.database("intake") == "postgresql://intake:a%2Fb%40c%3Ad@host/intake"
