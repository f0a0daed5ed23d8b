"""An account of which a file is lost forgets nobody who was revoked, or nothing starts by it."""

import time
from pathlib import Path

import pytest

from deploy.locks.claims import read_claims
from deploy.locks.keyring import Keyring
from deploy.locks.lost import NoKeysError
from deploy.locks.users import User
from shared.eventsourcing.jetstream.credentials import Credentials

BORIS = "dashboard", "boris"


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    made = Keyring(tmp_path / "keys")
    made.complete(["boston"])
    return made


def known(keyring: Keyring, of: str, name: str) -> User:
    user = keyring.user(of, name)
    assert user is not None
    return user


def revocations(keyring: Keyring, account: str) -> dict[str, int]:
    claims = keyring.told(account)
    assert claims is not None
    return dict(claims["nats"].get("revocations", {}))


def lose(keyring: Keyring, account: str, *, also_who_is_out: bool = False) -> None:
    (keyring.folder / "accounts" / f"{account}.jwt").unlink()
    if also_who_is_out:
        (keyring.folder / "revoked" / f"{account}.json").unlink()


def revoked(keyring: Keyring) -> User:
    """As after `tribune user revoke`, and NATS was told."""
    keyring.add(*BORIS)
    keyring.revoke(known(keyring, *BORIS))
    keyring.settled(known(keyring, *BORIS))
    return known(keyring, *BORIS)


def test_an_account_that_is_made_anew_knows_who_is_revoked(keyring: Keyring) -> None:
    user = revoked(keyring)
    before = revocations(keyring, user.account)
    assert before.keys() == {"*", user.key}
    lose(keyring, user.account)
    keyring.complete(["boston"])
    assert revocations(keyring, user.account) == before


def test_so_it_is_for_keys_of_before_a_rotation_and_in_the_log_s_own(keyring: Keyring) -> None:
    for of, account in (("intake", "intake"), ("setup", "log")):
        old = known(keyring, of, of).key
        keyring.add(of, of)
        keyring.revoke_former(known(keyring, of, of))
        keyring.settled(known(keyring, of, of))
        lose(keyring, account)
        keyring.complete(["boston"])
        assert old in revocations(keyring, account)
        assert known(keyring, of, of).key not in revocations(keyring, account)


def test_it_is_later_than_what_the_server_has_whatever_the_clock_was(
    keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of two claims the server takes the later."""
    tomorrow = time.time() + 86_400
    with monkeypatch.context() as ahead:
        ahead.setattr("deploy.locks.told.time.time", lambda: tomorrow)
        user = revoked(keyring)
    before = keyring.told(user.account)
    assert before is not None
    lose(keyring, user.account)
    keyring.complete(["boston"])
    after = keyring.told(user.account)
    assert after is not None
    assert after["iat"] > before["iat"] >= int(tomorrow)


def test_one_that_is_lost_is_revoked_all_the_same(keyring: Keyring) -> None:
    keyring.add(*BORIS)
    user = known(keyring, *BORIS)
    lose(keyring, user.account)
    assert user.key in read_claims(keyring.revoke(user))["nats"]["revocations"]


def test_what_older_versions_told_the_server_is_noted_at_the_next_start(keyring: Keyring) -> None:
    user = revoked(keyring)
    for file in (keyring.folder / "revoked").iterdir():
        file.unlink()
    keyring.complete(["boston"])
    lose(keyring, user.account)
    keyring.complete(["boston"])
    assert user.key in revocations(keyring, user.account)


def test_where_nobody_knows_any_more_nothing_is_made(keyring: Keyring) -> None:
    user = revoked(keyring)
    lose(keyring, user.account, also_who_is_out=True)
    with pytest.raises(NoKeysError, match=r"boris\.jwt is gone, and so is who was revoked") as said:
        keyring.complete(["boston"])
    assert not (keyring.folder / "accounts" / f"{user.account}.jwt").exists()
    _do_as_told(keyring, str(said.value))
    keyring.complete(["boston"])
    assert keyring.user(*BORIS) is None


@pytest.mark.parametrize(("of", "account"), [("intake", "intake"), ("setup", "log")])
def test_without_the_key_of_an_account_its_credentials_are_good_for_nothing(
    keyring: Keyring, of: str, account: str
) -> None:
    (keyring.folder / "keys" / f"account-{account}.seed").unlink()
    with pytest.raises(NoKeysError, match=rf"account-{account}\.seed is gone") as said:
        keyring.complete(["boston"])
    _do_as_told(keyring, str(said.value))
    keyring.complete(["boston"])
    claims = read_claims(Credentials.read(keyring.creds(of)).jwt)
    assert claims["iss"] == keyring.public(account)


def _do_as_told(keyring: Keyring, said: str) -> None:
    """Delete what it names."""
    for word in said.replace(",", " ").split():
        if word.startswith(("keys/", "users/", "creds/")):
            (keyring.folder / word).unlink(missing_ok=True)


def test_another_operator_signs_all_accounts_anew(keyring: Keyring) -> None:
    (keyring.folder / "keys" / "operator.seed").unlink()
    keyring.complete(["boston"])
    operator = read_claims(keyring.operator_claims())["sub"]
    assert {read_claims(jwt)["iss"] for jwt in keyring.all_told().values()} == {operator}


def test_damage_to_who_is_out_is_named(keyring: Keyring) -> None:
    for content in (b"", b"half", b"{}", b"[]", b"\xff\xff"):
        (keyring.folder / "revoked" / "intake.json").write_bytes(content)
        with pytest.raises(NoKeysError, match=r"revoked/intake\.json is damaged"):
            keyring.complete(["boston"])
