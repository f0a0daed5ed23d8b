"""A list of ids that say nothing outlives every backup of the log and of the vault."""

import stat
from pathlib import Path

import pytest
from nats.aio.client import Client
from own_vault import vault_in

from services.intake.domain import person, report
from services.intake.erased_again import ErasedAgain
from shared.contracts.attachment import all_of
from shared.contracts.person import PersonErased
from shared.contracts.report import ReportErased
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.eventsourcing.in_memory import InMemoryEventStore
from shared.runtime.clock import Clock
from shared.runtime.vault.beginning import open_vault
from shared.runtime.vault.erased import ErasedList, Erasure, erasure_of
from shared.runtime.vault.errors import VaultAwayError
from shared.runtime.vault.persons import Persons
from shared.runtime.vault.spoken import Named
from shared.runtime.vault.vault import Vault
from shared.testing.examples import (
    DIGESTS,
    MONDAY,
    PERSON_ERASED,
    REPORT_ERASED,
    REPORT_FILED,
    REPORT_ID,
    new_event,
    report_id,
    varied,
)

ADA = Named("boston", "ada")
ONE, TWO = Erasure("report", report_id(1)), Erasure("person", report_id(2), may_return=True)


def test_it_says_what_was_erased_and_nothing_else(tmp_path: Path) -> None:
    listed = ErasedList(tmp_path / "erased.list")
    assert listed.read() == []
    listed.add([])
    assert not listed.path.exists()
    listed.add([ONE, TWO])
    listed.add([TWO, ONE, Erasure("person", report_id(2))])
    assert listed.read() == [ONE, TWO, Erasure("person", report_id(2))]
    assert stat.S_IMODE(listed.path.stat().st_mode) == 0o600
    assert erasure_of(REPORT_ERASED) == Erasure("report", REPORT_ERASED.report_id)
    gone = varied(PERSON_ERASED, may_return=True)
    assert erasure_of(gone) == Erasure("person", gone.person_id, may_return=True)


def test_a_line_that_a_death_has_torn_costs_no_other(tmp_path: Path) -> None:
    listed = ErasedList(tmp_path / "erased.list")
    listed.path.write_text(f"{ONE.line}\n{TWO.line[:20]}")
    listed.add([TWO])
    assert listed.read() == [ONE, TWO]


def test_a_list_that_can_not_be_had_is_told(tmp_path: Path) -> None:
    listed = ErasedList(tmp_path)
    with pytest.raises(VaultAwayError, match="can't be used"):
        listed.read()
    with pytest.raises(VaultAwayError, match="can't be used"):
        ErasedList(tmp_path / "nowhere" / "erased.list").add([ONE])


def test_who_may_return_is_somebody_new_and_who_may_not_is_nobody(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    persons = Persons(vault, DIGESTS)
    one = persons.id_of(*ADA)
    assert vault.destroy([], [persons.whose(ADA)]) == 1
    again = persons.id_of(*ADA)
    assert again not in (None, one)
    assert vault.destroy([persons.whose(ADA)]) == 1
    assert persons.id_of(*ADA) is None
    vault.destroy([], [persons.whose(ADA)])
    assert persons.id_of(*ADA) is None, "what was asked for counts more"


async def test_a_vault_and_a_log_from_before_learn_of_it_at_the_start(
    nats: Client, tmp_path: Path
) -> None:
    """Neither has the erasures; nothing is opened before they are done again. What somebody found
    as a checker goes with them, also if they may return: then they are another person."""
    vault = Vault(tmp_path / "vault.db", tmp_path / "vault.key")
    await open_vault(nats, "intake", vault)
    persons = Persons(vault, DIGESTS)
    ada, bob = persons.id_of(*ADA), persons.id_of("boston", "bob")
    assert ada
    assert bob
    await vault.ahead({report_id(1): True, report_id(2): True})
    found = [*all_of(ada), *all_of(bob)]
    vault.keys_of(found)
    vault.listed.add([ONE, Erasure("person", ada), Erasure("person", bob, may_return=True)])
    restored = Vault(tmp_path / "vault.db", tmp_path / "vault.key")
    await open_vault(nats, "intake", restored)
    known = Persons(restored, DIGESTS)
    assert restored.store.wrapped(report_id(1)) is None
    assert restored.store.wrapped(report_id(2)) is not None
    assert [each for each in found if not restored.is_destroyed(each)] == []
    assert known.id_of(*ADA) is None
    assert known.id_of("boston", "bob") not in (None, bob)


async def test_the_log_is_told_of_what_it_lost_and_only_of_what_it_knows() -> None:
    store, clock = InMemoryEventStore(), Clock(MONDAY, speed=0)
    await store.append(
        [Append(AggregateKey("intake", "report", REPORT_ID), 0, [new_event(REPORT_FILED)])]
    )
    handler = CommandHandler(store, [report.category, person.category], clock.now)
    listed = [Erasure("report", REPORT_ID), ONE, TWO]
    for _again in range(2):
        await ErasedAgain(handler, clock).tell(listed)
    _, erased, nobody = (each.event for each in store.streams["INTAKE"])
    assert isinstance(erased, ReportErased)
    assert isinstance(nobody, PersonErased)
    assert (erased.report_id, nobody.person_id, nobody.may_return) == (REPORT_ID, TWO.id, True)
