"""A keyring makes what is missing and nothing twice; all of it is for us alone."""

import stat
import time
from pathlib import Path

import pytest
from small_disk import small_disk

from deploy.locks.claims import read_claims
from deploy.locks.keyring import Keyring
from deploy.locks.kinds import FOLDER, OUTSIDE, SERVICES, kind, rights
from deploy.locks.lost import NoKeysError
from deploy.locks.users import OURS, User
from deploy.programs import PROGRAMS
from shared.contracts.inbox import INBOX_KINDS
from shared.eventsourcing.jetstream.credentials import Credentials


@pytest.fixture
def keyring(tmp_path: Path) -> Keyring:
    made = Keyring(tmp_path / "keys")
    made.complete(["boston"])
    return made


def contents(keyring: Keyring) -> dict[str, bytes]:
    return {str(f): f.read_bytes() for f in keyring.folder.rglob("*") if f.is_file()}


def test_a_second_start_changes_no_file(keyring: Keyring) -> None:
    before = contents(keyring)
    keyring.complete(["boston"])
    assert contents(keyring) == before


def test_a_source_that_is_new_gets_keys_and_the_others_keep_theirs(keyring: Keyring) -> None:
    before = contents(keyring)
    keyring.complete(["boston", "chicago"])
    after = contents(keyring)
    assert before.items() <= after.items()
    assert keyring.creds("source-chicago").exists()


def test_everything_is_readable_for_us_alone(keyring: Keyring) -> None:
    for path in [keyring.folder, *keyring.folder.rglob("*")]:
        mode = stat.S_IMODE(path.stat().st_mode)
        assert mode == (0o700 if path.is_dir() else 0o600), path


def test_what_the_server_is_told_holds_no_seed(keyring: Keyring) -> None:
    seeds = [file.read_text() for file in (keyring.folder / "keys").iterdir()]
    told = " ".join(keyring.all_told().values())
    assert len(seeds) > len(OURS)
    assert not any(seed in told for seed in seeds)


def test_each_of_ours_has_an_account_of_its_own_but_who_declares_streams(keyring: Keyring) -> None:
    signers = {name: read_claims(Credentials.read(keyring.creds(name)).jwt)["iss"] for name in OURS}
    assert signers["setup"] == keyring.public("log")
    assert len(set(signers.values())) == len(OURS)


def test_an_account_is_told_anew_only_where_it_says_something_else(keyring: Keyring) -> None:
    before = keyring.all_told()
    keyring.add("dashboard", "press")
    keyring.complete(["boston"])
    after = keyring.all_told()
    assert {key for key in after if after[key] != before.get(key)} == {
        keyring.public("dashboard-press")
    }


def test_what_is_told_later_is_always_of_a_later_second(keyring: Keyring) -> None:
    keyring.add("dashboard", "press")
    moments = []
    for _ in range(3):
        keyring.add("dashboard", "press")
        user = keyring.user("dashboard", "press")
        assert user is not None
        moments.append(read_claims(keyring.revoke_former(user))["iat"])
    assert moments == sorted(set(moments))


def test_a_user_that_is_revoked_stays_so_through_later_starts(keyring: Keyring) -> None:
    user = keyring.user("source", "boston")
    assert user is not None
    keyring.revoke(user)
    keyring.complete(["boston"])
    claims = keyring.told("source-boston")
    assert claims is not None
    assert claims["nats"]["revocations"].keys() == {"*", user.key}
    assert not keyring.creds("source-boston").exists()


def test_who_is_let_in_again_has_a_key_that_is_later_than_the_revocation(keyring: Keyring) -> None:
    user = keyring.user("source", "boston")
    assert user is not None
    revoked = read_claims(keyring.revoke(user))["nats"]["revocations"]["*"]
    again = keyring.add("source", "boston")
    assert read_claims(again.jwt)["iat"] > revoked


def test_who_may_do_everything_may_not_for_ever(keyring: Keyring) -> None:
    assert read_claims(keyring.root(60).jwt)["exp"] <= time.time() + 60


def test_every_kind_that_there_is_is_one_of_those_we_name() -> None:
    named = {file.stem for file in FOLDER.glob("*.toml")}
    assert named == {*OURS, *OUTSIDE}
    assert SERVICES == PROGRAMS
    assert {name for name in named if kind(name).outside} == set(OUTSIDE)


def covers(export: str, subject: str) -> bool:
    there, asked = export.split("."), subject.split(".")
    for at, token in enumerate(there):
        if token == ">":
            return len(asked) > at
        if at >= len(asked) or asked[at] == ">" or (token != "*" and token != asked[at]):
            return False
    return len(there) == len(asked)


def test_what_an_account_imports_another_exports(keyring: Keyring) -> None:
    """The server leaves out without a word what is not."""
    for of, name in (("staff", "a"), ("dashboard", "a"), ("member", "a")):
        keyring.add(of, name)
    claims = [read_claims(jwt) for jwt in keyring.all_told().values()]
    exports = {c["sub"]: [e["subject"] for e in c["nats"].get("exports", ())] for c in claims}
    imports = [each for c in claims for each in c["nats"].get("imports", ())]
    assert len(imports) > 100
    for each in imports:
        assert any(covers(e, each["subject"]) for e in exports[each["account"]]), each["subject"]


@pytest.mark.parametrize("of", OUTSIDE)
def test_who_is_outside_may_name_nothing_by_a_star_in_the_log(of: str) -> None:
    for subject in rights(of, "press").requests:
        assert "*" not in subject
        assert ">" not in subject


def test_a_source_sends_what_there_is_and_makes_up_no_subjects() -> None:
    """Of each subject that there ever was the log server keeps 270 bytes in memory."""
    sends = {each for each in rights("source", "press").requests if each.startswith("inbox.")}
    assert sends == {f"inbox.press.{kind}" for kind in INBOX_KINDS}


@pytest.mark.parametrize("of", OUTSIDE)
def test_who_is_outside_makes_and_changes_no_consumer_or_stream(of: str) -> None:
    words = ("CREATE", "DELETE", "UPDATE", "PURGE", "RESTORE", "SNAPSHOT", "LEADER", "PAUSE")
    assert not [s for s in rights(of, "press").requests if set(words) & set(s.split("."))]


def test_users_of_one_name_and_two_kinds_are_two() -> None:
    assert User("boston", "dashboard", "").account != User("boston", "source", "").account


def test_where_a_file_of_credentials_is_gone_its_key_is_good_no_more(keyring: Keyring) -> None:
    user = keyring.user("operator", "operator")
    assert user is not None
    keyring.creds("operator").unlink()
    keyring.complete(["boston"])
    claims = keyring.told("log") if kind("operator").inside else keyring.told("operator")
    assert claims is not None
    assert user.key in claims["nats"]["revocations"]


def _revoked(keyring: Keyring, made: Credentials) -> bool:
    """Whether the server would say so: for the key or for all, a moment that is not before it."""
    user = keyring.user("member", "boris")
    assert user is not None
    revocations = read_claims(keyring.revoke(user))["nats"]["revocations"]
    begun = read_claims(made.jwt)["iat"]
    return bool(revocations[user.key] >= begun and revocations["*"] >= begun)


def test_who_is_let_in_again_may_be_revoked_in_the_same_second(keyring: Keyring) -> None:
    for _ in range(3):
        assert _revoked(keyring, keyring.add("member", "boris"))


def test_a_key_is_revoked_that_was_made_while_the_clock_was_ahead(
    keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    tomorrow = time.time() + 86_400
    with monkeypatch.context() as ahead:
        ahead.setattr("deploy.locks.keyring.time.time", lambda: tomorrow)
        keyring.add("member", "boris")
    user = keyring.user("member", "boris")
    assert user is not None
    revocations = read_claims(keyring.revoke(user))["nats"]["revocations"]
    assert revocations[user.key] > tomorrow


def test_a_full_disk_keeps_no_half_of_a_key(tmp_path: Path) -> None:
    """Each start that is tried would leave some more."""
    with small_disk(tmp_path / "small", "1m") as disk:
        disk.fill()
        for _ in range(2):
            with pytest.raises(OSError, match=r"No space left on device: '.*operator\.seed'"):
                Keyring(disk.folder / "keys").complete()
        assert not [file for file in (disk.folder / "keys").rglob("*") if file.is_file()]
        disk.make_room()
        Keyring(disk.folder / "keys").complete()


@pytest.mark.parametrize(
    "name", ["keys/operator.seed", "keys/account-log.seed", "accounts/log.jwt", "users/intake.json"]
)
@pytest.mark.parametrize("content", [b"", b"half", b"\xff\xff"])
def test_a_damaged_file_is_named_and_what_stands_in_it_is_not(
    keyring: Keyring, name: str, content: bytes
) -> None:
    (keyring.folder / name).write_bytes(content)
    with pytest.raises(NoKeysError, match=f"{name} is damaged.*put it back from a copy") as raised:
        keyring.complete(["boston"])
    assert "half" not in str(raised.value)


def test_no_account_imports_a_subject_twice(keyring: Keyring) -> None:
    """The server then lets nobody of it in, and says no more than that the credentials are bad."""
    for of in OUTSIDE:
        keyring.add(of, "a")
    for jwt in keyring.all_told().values():
        claims = read_claims(jwt)
        imports = [(each["account"], each["subject"]) for each in claims["nats"].get("imports", ())]
        assert sorted(imports) == sorted(set(imports)), claims["name"]
