"""A source appeals for the owner of a commitment, and is told what came of it."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from nats.aio.client import Client
from over_http import CHARTER, Door, door, envelope

from services.intake.domain.claim_checked import SettleClaim
from shared.contracts.checking import AppealAsked
from shared.contracts.identity import aggregate_id
from shared.eventsourcing.event_store import AggregateKey
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.streams import InboxLimits, declare, suite_streams
from shared.testing.examples import CHECKING_ID, DAY, MONDAY, ROXBURY

STRUCTURED = {"Content-Type": "application/cloudevents+json", "Prefer": "wait=5"}
MADE = {"owner": "Public Works", "task": "Mend the lamp", "confidential": False}
MADE |= {"place": ROXBURY, "sector": "street-lights", "made_at": MONDAY.isoformat()}
MADE |= {"due_at": (MONDAY + DAY).isoformat()}
CHECK = aggregate_id("check", "boston", "7")


@pytest.fixture
async def here(nats: Client) -> AsyncIterator[Door]:
    limits = {"chicago": InboxLimits(max_bytes=64 * 1024**2)}
    await declare(nats.jetstream(), suite_streams(limits))
    async with door(nats, places=CHARTER.places, sectors=CHARTER.sectors) as opened:
        yield opened


async def says(here: Door, key: str, kind: str, ce_id: str, **data: Any) -> httpx.Response:
    said = envelope("7", ce_id) | {"type": f"commitment.{kind}", "data": {"commitment": "7"} | data}
    return await here.send(key, said, STRUCTURED)


async def appeals(here: Door, key: str, ce_id: str, owner: str = "Public Works") -> httpx.Response:
    return await says(here, key, "appealed", ce_id, owner=owner, reason="It shone that night")


async def test_it_is_told_what_stands_against_it_and_one_is_one(here: Door) -> None:
    """The clock stands, so a verdict is not final in the moment in which it is reached."""
    key, _ = await here.key()
    other, _ = await here.key("chicago")
    narrow, _ = await here.key(kinds=("commitment.appealed",))
    early = await appeals(here, narrow, "too early")
    assert (early.status_code, "No such commitment" in early.text) == (409, True)
    assert (await says(here, key, "made", "made", **MADE)).status_code == 200
    claim = {"owner": "Public Works", "done_at": MONDAY.isoformat()}
    assert (await says(here, key, "done", "done", **claim)).status_code == 200
    for ce_id in ("unchecked", "unchecked again"):
        unchecked = await appeals(here, narrow, ce_id)
        assert (unchecked.status_code, "no verdict" in unchecked.text) == (409, True)
    await here.do(SettleClaim(CHECK, CHECKING_ID, MONDAY, "not done", undecided=False, now=MONDAY))
    theirs = await appeals(here, narrow, "of another", owner="Parks")
    assert (theirs.status_code, "Only the owner" in theirs.text) == (409, True)
    assert (await appeals(here, other, "elsewhere")).status_code == 409
    assert (await says(here, key, "appealed", "bare", owner="Public Works")).status_code == 422
    told = [(await appeals(here, narrow, each)).json() for each in ("one", "one", "two")]
    assert {each["accepted"]["id"] for each in told} == {CHECK}
    assert [each["accepted"]["duplicate"] for each in told] == [False, True, True]
    events = await JetStreamEventStore(here.nats).load(AggregateKey("intake", "check", CHECK))
    (asked,) = [each for each in events if isinstance(each.event, AppealAsked)]
    assert asked.event.reason == "It shone that night"
    assert asked.actor == "source:sender:boston"
