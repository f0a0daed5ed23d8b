"""Whom an id stands for only the person's key tells, and nobody once it is destroyed."""

import json
from pathlib import Path

import pytest
from own_vault import vault_in

from shared.contracts.identity import aggregate_id
from shared.eventsourcing.digests import Digests
from shared.eventsourcing.inbox.letters import ClosedLetterError
from shared.eventsourcing.inbox.parse import Upstream, parse
from shared.eventsourcing.jetstream.dead_letters import HIDDEN
from shared.eventsourcing.jetstream.message import Message
from shared.runtime.vault import upkeep
from shared.runtime.vault.letters import SealedLetters
from shared.runtime.vault.persons import Persons, behind
from shared.runtime.vault.spoken import SUBMITTED, Named
from shared.testing.examples import DIGESTS, MONDAY, ROXBURY, STREET_LIGHTS

ADA = Named("boston", "ada")
NOBODY = {"correspondent": None}


def said_of(name: str, **body: object) -> Message:
    said = {"report": "7", "confidential": False, "correspondent": name} | body
    return Message("inbox.boston.report.submitted", {}, json.dumps(said).encode(), 7)


def read_of(name: str, **body: object) -> Upstream:
    about = {"place": ROXBURY, "sector": STREET_LIGHTS, "filed_at": MONDAY.isoformat()}
    body_of = said_of(name, **about, **body).body
    headers = {"ce-specversion": "1.0", "ce-id": "7", "ce-source": "x", "ce-type": SUBMITTED}
    return parse("boston", SUBMITTED, headers, body_of)


def test_somebody_is_the_same_for_as_long_as_the_key_is(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    persons = Persons(vault, DIGESTS)
    one = persons.id_of(*ADA)
    assert one == persons.id_of(*ADA) == Persons(vault_in(tmp_path), DIGESTS).id_of(*ADA)
    assert one != persons.id_of("boston", "bob") != persons.id_of("chicago", "bob")
    upkeep.rotate(vault.store_path, vault.key_path)
    assert persons.id_of(*ADA) == one


def test_who_has_all_but_the_key_can_not_tell_who_it_is(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    one = Persons(vault_in(tmp_path), DIGESTS).id_of(*ADA)
    assert one != Persons(vault_in(tmp_path / "other"), DIGESTS).id_of(*ADA)
    plain = aggregate_id("member", *ADA)
    assert one not in (plain, DIGESTS.of("person", *ADA), DIGESTS.of("member", *ADA))


def test_who_was_erased_is_nobody_and_is_not_made_anew(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    persons = Persons(vault, DIGESTS)
    one, bob = persons.id_of(*ADA), persons.id_of("boston", "bob")
    assert one
    whose = behind(vault.all_keys(), [one, "0" * 32])
    assert whose == [persons.whose(ADA)]
    assert vault.destroy(whose) == 1
    with persons.ahead([read_of("ada"), read_of("bob")]):
        assert persons.id_of(*ADA) is None
        assert persons.id_of("boston", "bob") == bob
    assert persons.id_of(*ADA) is None
    assert behind(vault.all_keys(), [one]) == []


def test_all_of_a_batch_are_known_by_one_transaction(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    persons = Persons(vault, DIGESTS)
    nobody = read_of("ada")._replace(data=read_of("ada").data.model_copy(update=NOBODY))
    with persons.ahead([read_of("ada"), nobody, read_of("ada"), read_of("bob")]):
        assert vault.store.count == 2
        one = persons.id_of(*ADA)
    assert (vault.store.count, persons.id_of(*ADA)) == (2, one)
    vault.destroy([persons.whose(ADA)])
    assert persons.id_of(*ADA) is None, "nothing of the batch is remembered"


def test_a_dead_letter_that_names_somebody_is_under_their_key(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    persons = Persons(vault, DIGESTS)
    letters, message = SealedLetters(vault, persons), said_of("ada")
    hidden = letters.hidden("INBOX_BOSTON", message)
    assert b"ada" not in hidden.body
    assert hidden.headers[HIDDEN] == persons.whose(ADA)
    assert letters.shown("INBOX_BOSTON", hidden) == message
    vault.destroy([persons.whose(ADA)])
    with pytest.raises(ClosedLetterError):
        letters.shown("INBOX_BOSTON", hidden)


def test_another_digest_key_knows_nobody(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    other = Persons(vault, Digests(b"another digest key of 32 bytes..")).id_of(*ADA)
    assert other != Persons(vault, DIGESTS).id_of(*ADA)
