"""`tribune init`: fresh secrets, for the operator alone, and never over those that are there."""

import os
import stat
from pathlib import Path

import pytest
from cryptography import x509

from deploy.commands.init import init
from shared.runtime.settings import Settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    (tmp_path / EXAMPLE.name).write_text(EXAMPLE.read_text())
    return tmp_path


def test_only_who_runs_it_is_filled_in(clone: Path) -> None:
    assert init(clone) == 0
    example, written = EXAMPLE.read_text().splitlines(), (clone / ".env").read_text().splitlines()
    pairs = list(zip(example, written, strict=True))
    assert [old for old, new in pairs if old != new] == ["TRIBUNE_USER="]


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
    lacks = ("TRIBUNE_HTTP_PORT", "TRIBUNE_SITES__INTAKE")
    old = "".join(line for line in whole if not line.startswith(lacks)).rstrip("\n")
    path.write_text(old + "\nexport MINE='a\nb'")
    before = path.read_text()
    capsys.readouterr()
    assert init(clone) == 1
    assert path.read_text() == before
    said = capsys.readouterr().out
    assert "It lacks TRIBUNE_HTTP_PORT, TRIBUNE_SITES__INTAKE: `tribune init --add-missing`" in said
    assert init(clone, add_missing=True) == 0
    after = path.read_text()
    assert after.startswith(f"{before}\n")
    settings = Settings(_env_file=path)
    assert settings.sites["intake"] == ":8001"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (init(clone, add_missing=True), init(clone)) == (0, 1)
    assert path.read_text() == after


def test_a_value_that_is_empty_is_told(clone: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (clone / ".env").write_text(EXAMPLE.read_text())
    assert init(clone, add_missing=True) == 1
    user = f"{os.getuid() or 10001}:{os.getgid() or 10001}"
    assert f"TRIBUNE_USER in .env has no value; it is {user}" in capsys.readouterr().out
    assert (clone / ".env").read_text() == EXAMPLE.read_text()


def test_two_suites_get_different_secrets(clone: Path) -> None:
    init(clone)
    keys = clone / "keys"
    first = (keys / "secrets" / "web_key").read_text()
    keys.rename(clone / "of-another")
    (clone / ".env").unlink()
    init(clone)
    assert (keys / "secrets" / "web_key").read_text() != first


def test_nats_has_a_certificate_for_the_names_that_are_told(
    clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    init(clone)
    env, certificate = clone / ".env", clone / "keys" / "tls" / "nats.crt"
    env.write_text(f"{env.read_text()}TRIBUNE_NATS_HOSTS=log.tribune.example, 192.0.2.7\n")
    capsys.readouterr()
    assert init(clone, add_missing=True) == 0
    assert "NATS has a new certificate: docker compose restart nats" in capsys.readouterr().out
    made = x509.load_pem_x509_certificate(certificate.read_bytes())
    names = made.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert "log.tribune.example" in names.get_values_for_type(x509.DNSName)


def test_an_older_file_is_told_that_nats_speaks_tls(
    clone: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    init(clone)
    env = clone / ".env"
    env.write_text(env.read_text().replace("=tls://", "=nats://"))
    init(clone, add_missing=True)
    assert "let TRIBUNE_NATS_URL in .env begin with tls://" in capsys.readouterr().out


def test_outside_a_clone_it_writes_nothing(tmp_path: Path) -> None:
    assert init(tmp_path) == 2
    assert list(tmp_path.iterdir()) == []


def test_the_command_line_reaches_each_database_with_its_own_password(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TRIBUNE_DATABASE_URL", "TRIBUNE_NATS_URL"):
        monkeypatch.delenv(name, raising=False)
    init(clone)
    monkeypatch.chdir(clone)
    settings = Settings()
    nats = settings.nats_url.get_secret_value()
    assert nats == "tls://127.0.0.1:4222"
    assert settings.authority == Path("keys/tls/ca.crt")
    for service in ("intake", "promotion", "publishing"):
        password = (clone / f"keys/secrets/database_passwords__{service}").read_text()
        url = f"postgresql://{service}:{password}@127.0.0.1:5432/{service}"
        assert settings.database(service) == url


def test_a_password_may_hold_any_sign() -> None:
    settings = Settings(
        _env_file=None,
        database_url="postgresql://{service}:{password}@host/{service}",
        database_passwords={"intake": "a/b@c:d"},
    )
    assert settings.database("intake") == "postgresql://intake:a%2Fb%40c%3Ad@host/intake"
