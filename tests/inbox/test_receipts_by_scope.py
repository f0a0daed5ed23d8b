"""A key that is for some kinds alone reads the receipts of what it sent, and learns of no other."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from nats.aio.client import Client
from over_http import STRUCTURED, Door, door, envelope
from own_vault import vault_in
from sqlalchemy import Engine

from services.intake.projections import unsealed
from shared.contracts.identity import aggregate_id
from shared.eventsourcing.projections.projector import prepare
from shared.runtime.vault.holders import Holders

OWN, OTHER = (aggregate_id("report", "boston", number) for number in ("1", "2"))
KIOSK = {"kinds": ("report.submitted", "report.corroborated")}


@pytest.fixture
async def here(nats: Client, database: Engine, tmp_path: Path) -> AsyncIterator[Door]:
    prepare(database, [unsealed.read_model])
    vault = vault_in(tmp_path)
    await vault.ahead({OWN: True, OTHER: True})
    async with door(nats, ("boston",), engine=database, holders=Holders(vault)) as found:
        yield found
    vault.close()


async def sends(here: Door, key: str, message: dict[str, object]) -> str:
    """Where its receipt is."""
    answer = await here.send(key, message, {"Content-Type": STRUCTURED})
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == answer.json()["receipt"]
    return str(answer.headers["location"])


async def test_it_asks_at_the_addresses_that_it_was_told_and_nowhere_else(here: Door) -> None:
    whole, _ = await here.key()
    kiosk, key_id = await here.key(**KIOSK)
    own = await sends(here, kiosk, envelope("1"))
    others = await sends(here, whole, envelope("2"))
    assert "code" in await here.receipt(kiosk, own)
    assert others == "/receipts/boston/2"
    bare = own.partition("?")[0]
    for address in (others, bare, f"{bare}?sent=%C3%A9", own.replace("boston/1", "boston/2")):
        refused = await here.ask(kiosk, address)
        assert refused.status_code == 403, address
        assert OTHER not in refused.text
    second, _ = await here.key(**KIOSK)
    assert (await here.ask(second, own)).status_code == 403, "what another key sent"
    assert "code" in await here.receipt(whole, "/receipts/boston/1")
    assert "code" in await here.receipt(await here.replace(key_id), own)


async def test_in_a_batch_each_has_its_address(here: Door) -> None:
    kiosk, _ = await here.key(**KIOSK)
    body = [envelope("1"), envelope("2")]
    sent = await here.send(kiosk, body, {"Content-Type": "application/cloudevents-batch+json"})
    first, second = [each["receipt"] for each in sent.json()]
    assert first.rpartition("=")[2] != second.rpartition("=")[2]
    assert (await here.receipt(kiosk, second))["accepted"]["id"] == OTHER


async def test_who_names_what_another_key_filed_learns_nothing_of_it(here: Door) -> None:
    whole, _ = await here.key()
    kiosk, _ = await here.key(**KIOSK)
    await here.receipt(whole, await sends(here, whole, envelope("2")))
    seen = {
        "specversion": "1.0",
        "id": "seen",
        "source": "https://311.example",
        "type": "report.corroborated",
        "data": {"report": "2", "seen_at": "2030-01-07T09:00:00Z", "correspondent": "w"},
    }
    for message in (envelope("2", "again"), seen):
        told = await here.receipt(kiosk, await sends(here, kiosk, message))
        assert told["state"] == "accepted", told
        assert not {"code", "openings"} & told.keys()
    assert "code" in await here.receipt(whole, await sends(here, whole, envelope("2", "third")))
