"""A login that is closed holds nothing any more, also if it was closed while nobody listened."""

import asyncio
from pathlib import Path

from looking_again import until
from nats.aio.client import Client
from own_vault import vault_in

from services.intake.holding import Holding
from shared.contracts.login import LoginClosed
from shared.eventsourcing.codec import Codec
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.runtime.vault.holders import Holders
from shared.testing.examples import new_event, report_id

ANN, BEN, CAT = "a" * 32, "b" * 32, "c" * 32


async def test_closed_logins_hold_nothing(nats: Client, tmp_path: Path) -> None:
    vault, store = vault_in(tmp_path), JetStreamEventStore(nats, Codec())
    await vault.ahead({report_id(1): True})
    holders = Holders(vault)
    for login in (ANN, BEN, CAT):
        holders.add(login, report_id(1))

    async def close(login: str) -> None:
        closed = new_event(LoginClosed(login_id=login))
        await store.append([Append(AggregateKey("promotion", "login", login), 0, [closed])])

    await close(ANN)
    following = asyncio.create_task(Holding(store, holders).follow_closed(nats))
    await until(lambda: holders.of(ANN) == [])
    await close(BEN)
    await until(lambda: holders.of(BEN) == [])
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)
    assert holders.of(CAT) == [report_id(1)]
