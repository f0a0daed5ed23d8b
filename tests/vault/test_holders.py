"""Which login holds which report only the vault tells, and only until it is erased."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from nats.aio.client import Client
from own_vault import vault_in

from shared.runtime.box import Box
from shared.runtime.vault import upkeep
from shared.runtime.vault.beginning import open_vault
from shared.runtime.vault.erased import Erasure
from shared.runtime.vault.errors import VaultAwayError
from shared.runtime.vault.held import HOLDERS
from shared.runtime.vault.holders import MOST, Holders, TooManyHeldError
from shared.runtime.vault.vault import Vault
from shared.testing.examples import REPORT_FILED, report_id

ANN, BEN = "a" * 32, "b" * 32
ONE, TWO = report_id(1), report_id(2)
ADA = str(REPORT_FILED.correspondent)


def holding(folder: Path, *reports: str) -> tuple[Vault, Holders]:
    """With a key of each report, as if words of it had been sealed."""
    vault = vault_in(folder)
    asyncio.run(vault.ahead(dict.fromkeys(reports, True)))
    return vault, Holders(vault)


def code(holders: Holders, report: str) -> str:
    found = holders.code_of(report)
    assert found
    return found


def test_a_code_is_of_one_report_and_for_as_long_as_that_can_be_opened(tmp_path: Path) -> None:
    vault, holders = holding(tmp_path, ONE, TWO)
    own = code(holders, ONE)
    assert own == code(Holders(vault_in(tmp_path)), ONE), "the same in every process"
    for typed in (own, own.upper(), own.replace("-", " "), own.replace("-", "")):
        assert holders.is_code(ONE, typed), typed
    for typed in ("", own[:-1], own + "0", code(holders, TWO), "ä" * 20):
        assert not holders.is_code(ONE, typed), typed
    assert holders.code_of(report_id(3)) is None, "nothing of it is sealed"
    assert not holders.is_code(report_id(3), own)
    assert vault.key_of(report_id(3)) is None, "to ask makes no key"
    vault.destroy([ONE])
    assert holders.code_of(ONE) is None
    assert not holders.is_code(ONE, own)


def test_a_login_holds_what_it_shows_and_no_other_does(tmp_path: Path) -> None:
    _, holders = holding(tmp_path, ONE, TWO)
    assert holders.of(ANN) == []
    assert [holders.add(ANN, ONE, ADA), holders.add(ANN, ONE, ADA)] == [True, False]
    assert holders.add(ANN, TWO)
    assert holders.of(ANN) == sorted([ONE, TWO])
    assert holders.of(BEN) == []
    assert holders.add(BEN, ONE, ADA), "whoever has the code"
    holders.take_off(ANN, ONE)
    holders.take_off(ANN, ONE)
    assert (holders.of(ANN), holders.of(BEN)) == ([TWO], [ONE])
    holders.take_off(ANN)
    assert (holders.of(ANN), holders.of(BEN)) == ([], [ONE]), "a login that was closed"


def test_what_is_erased_nobody_holds(tmp_path: Path) -> None:
    vault, holders = holding(tmp_path, ONE, TWO)
    for login in (ANN, BEN):
        holders.add(login, ONE)
        holders.add(login, TWO, ADA)
    vault.destroy([ONE])
    assert (holders.of(ANN), holders.of(BEN)) == ([TWO], [TWO])
    assert not holders.add(ANN, ONE), "nor anew"
    vault.destroy([], persons=[ADA])
    assert (holders.of(ANN), holders.of(BEN)) == ([], [])
    with vault.store.reading() as read:
        assert read.execute("SELECT COUNT(*) FROM held").fetchone() == (0,)


def test_without_the_master_key_nothing_of_it_is_told(tmp_path: Path) -> None:
    vault, holders = holding(tmp_path, ONE, TWO)
    holders.add(ANN, ONE, ADA)
    holders.add(ANN, TWO, ADA)
    copy = tmp_path / "copy.db"
    upkeep.back_up(vault.store_path, copy, REPORT_FILED.filed_at)
    with sqlite3.connect(copy) as read:
        rows = read.execute("SELECT * FROM held").fetchall()
    said = repr(rows)
    assert len(rows) == 2
    for each in (ANN, BEN, ONE, TWO, ADA):
        assert each not in said
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert ANN.encode() not in files
    assert ADA.encode() not in files
    own = code(holders, ONE)
    assert own.replace("-", "").encode() not in files, "a code is kept nowhere"


def test_a_row_that_was_moved_to_another_login_opens_nothing(tmp_path: Path) -> None:
    vault, holders = holding(tmp_path, ONE, TWO)
    holders.add(ANN, ONE)
    holders.add(BEN, TWO)
    with vault.store.changing() as change:
        change.execute("UPDATE held SET holder = (SELECT max(holder) FROM held)")
    assert sorted(holders.of(ANN) + holders.of(BEN)) in ([ONE], [TWO])


def test_what_is_taken_off_is_overwritten(tmp_path: Path) -> None:
    vault, holders = holding(tmp_path, ONE)
    holders.add(ANN, ONE)
    with vault.store.reading() as read:
        (sealed,) = read.execute("SELECT sealed FROM held").fetchone()
    vault.store.truncate()
    assert sealed in vault.store_path.read_bytes()
    holders.take_off(ANN, ONE)
    assert sealed not in b"".join(path.read_bytes() for path in tmp_path.glob("vault.db*"))


def test_a_login_holds_a_hundred_at_most(tmp_path: Path) -> None:
    reports = [report_id(number) for number in range(MOST + 1)]
    _, holders = holding(tmp_path, *reports)
    for each in reports[:MOST]:
        assert holders.add(ANN, each)
    with pytest.raises(TooManyHeldError):
        holders.add(ANN, reports[MOST])
    assert len(holders.of(ANN)) == MOST
    assert not holders.add(ANN, reports[0]), "it is there already"
    assert holders.add(BEN, reports[MOST])


def test_another_master_key_changes_nothing_of_it(tmp_path: Path) -> None:
    vault, holders = holding(tmp_path, ONE)
    before = code(holders, ONE)
    holders.add(ANN, ONE)
    upkeep.rotate(vault.store_path, vault.key_path)
    assert (holders.of(ANN), code(holders, ONE)) == ([ONE], before)


def test_before_the_vault_is_open_nothing_is_told_of_it(tmp_path: Path) -> None:
    holders = Holders(Vault(tmp_path / "vault.db", tmp_path / "vault.key"))
    assert not holders.can_tell
    for ask in (holders.code_of, holders.of, holders.take_off):
        with pytest.raises(VaultAwayError):
            ask(ONE)


async def test_a_vault_from_before_an_erasure_forgets_who_held_it(
    nats: Client, tmp_path: Path
) -> None:
    vault = Vault(tmp_path / "vault.db", tmp_path / "vault.key")
    await open_vault(nats, "intake", vault)
    await vault.ahead({ONE: True, TWO: True, report_id(3): True})
    holders = Holders(vault)
    holders.add(ANN, ONE)
    holders.add(ANN, TWO, ADA)
    holders.add(ANN, report_id(3))
    vault.listed.add([Erasure("report", ONE), Erasure("person", ADA, may_return=True)])
    restored = Vault(tmp_path / "vault.db", tmp_path / "vault.key")
    await open_vault(nats, "intake", restored)
    assert Holders(restored).of(ANN) == [report_id(3)]


def test_the_key_of_all_rows_is_wrapped_as_others(tmp_path: Path) -> None:
    vault, holders = holding(tmp_path, ONE)
    holders.add(ANN, ONE)
    wrapped, key = vault.store.wrapped(HOLDERS), vault.key_of(HOLDERS)
    assert wrapped
    assert key
    assert key not in vault.store_path.read_bytes() + wrapped
    assert Box(key).open(wrapped, vault.store.id, HOLDERS) is None
