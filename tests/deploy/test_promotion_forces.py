"""`tribune promotion forces` tells from the log who rises, with the events that it rests on."""

import json

import pytest
from crediting import credit
from nats.aio.client import Client
from promoted import ONE, OTHER, TRACK, charter, ran, taken_back

from services.promotion.domain.member import CreditReport, category
from shared.eventsourcing.command_handler import CommandHandler, Envelope
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.testing.examples import MONDAY, varied

__all__ = ["charter"]
pytestmark = pytest.mark.usefixtures("charter")


async def lived(nats: Client) -> None:
    """One has fifteen days, confirmed by three in turn; the other three."""
    handler = CommandHandler(JetStreamEventStore(nats), [category([TRACK])], lambda: MONDAY)
    found = [
        Envelope(
            CreditReport(
                varied(
                    credit(day, int(member[0]), "abc"[day % 3], member=member), confidential=False
                )
            ),
            f"{member} {day}",
        )
        for member, reports in ((ONE, 15), (OTHER, 3))
        for day in range(reports)
    ]
    assert not any(outcome.error for outcome in await handler.handle(found))


async def test_who_rises_is_told_with_each_event_and_twice_the_same(nats: Client) -> None:
    await lived(nats)
    found = await ran("forces", "--json")
    assert found.exit_code == 0, found.output
    told = json.loads(found.stdout)
    assert told["span"] == {"before": "2029-01-21", "since": "2029-10-18", "until": "2030-01-15"}
    (one,) = told["forces"]
    assert (one["member_id"], one["days"], one["confirmers"]) == (ONE, 15, 3)
    assert (one["own"], one["others"]) == (4.0, 2.105)
    assert len(one["credits"]) == 15
    assert one["credits"][0]["at"].startswith("PROMOTION")
    assert (await ran("forces", "--json")).stdout == found.stdout
    lines = (await ran("forces")).stdout
    assert f"{ONE}  lights  15 days by 3 confirmers (us.ma 15)" in lines


async def test_what_is_taken_back_counts_no_more(nats: Client) -> None:
    await lived(nats)
    await taken_back(nats, ONE)
    (one,) = json.loads((await ran("forces", "--json")).stdout)["forces"]
    assert one["days"] == len(one["credits"]) == 14


async def test_of_another_place_nobody_and_of_none_that_is_unknown(nats: Client) -> None:
    await lived(nats)
    elsewhere = await ran("forces", "--place", "us.ma.boston.roxbury")
    assert "nobody rises there" in elsewhere.stdout
    unknown = await ran("forces", "--sector", "moonlight")
    assert unknown.exit_code == 2
    assert "moonlight" in unknown.output


async def test_of_an_empty_log_it_says_so(nats: Client) -> None:
    handler = CommandHandler(JetStreamEventStore(nats), [category([TRACK])], lambda: MONDAY)
    assert handler
    found = await ran("forces")
    assert found.exit_code == 0, found.output
    assert "nobody has a confirmed report yet" in found.stdout
