"""What the environment says becomes the address of each service's database."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError
from sqlalchemy.engine import make_url

from deploy.problems import WRONG_USE, told
from shared.runtime.settings import Settings

PASSWORDS = ["sesame", "p@ss", "a/b:c?d#e", "100%", "{service}", "ein Wort \u00fc"]


@pytest.mark.parametrize("password", PASSWORDS)
def test_any_password_names_no_other_host_or_database(password: str) -> None:
    settings = Settings(
        database_url=SecretStr("postgresql://{service}:{password}@db/{service}"),
        database_passwords={"intake": SecretStr(password)},
    )
    url = make_url(settings.database("intake"))
    assert (url.username, url.host, url.database) == ("intake", "db", "intake")
    assert url.password == password


def test_each_service_gets_its_own_database_and_sqlite_beside_the_keys_by_default() -> None:
    settings = Settings(database_url=SecretStr("postgresql://db/{service}"))
    assert settings.database("promotion") == "postgresql://db/promotion"
    usual = Settings(data_dir=Path("somewhere"))
    assert usual.database("intake") == "sqlite:///somewhere/intake.db"


def test_no_secret_is_shown_by_printing_the_settings() -> None:
    settings = Settings(
        nats_url=SecretStr("nats://user:sesame@host:4222"),
        database_url=SecretStr("postgresql://u:sesame@db/x"),
        database_passwords={"intake": SecretStr("sesame")},
        release_key=SecretStr("sesame"),
    )
    assert "sesame" not in f"{settings} {settings!r}"


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("nats_url", "nats://user:sesame/x@127.0.0.1:4222"),
        ("nats_url", "nats://user:sesame#x@127.0.0.1:4222"),
        ("nats_url", "nats://user:sesame[x@127.0.0.1:4222"),
        ("nats_monitor_url", "http://user:sesame?x@127.0.0.1:8222"),
        ("database_url", "postgresql://user:x@sesame:sesame/{service}"),
        ("database_url", "postgresql://user:x:y@host:sesame@h/{service}"),
    ],
)
def test_a_password_that_spoils_its_address_is_not_quoted(name: str, url: str) -> None:
    """ "Port could not be cast to integer value as" and the password, it was."""
    with pytest.raises(ValidationError) as error:
        Settings(**{name: url})
    code, words = told(error.value)
    assert (code, "sesame" in words, "sesame" in str(error.value)) == (WRONG_USE, False, False)
    assert words.startswith(f"TRIBUNE_{name.upper()}: is no address")
