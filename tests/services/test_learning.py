"""What an older process skipped, because it did not know it, a newer one makes good."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from nats.aio.client import Client

from services.promotion.domain.member import category
from services.promotion.reactions import REACTIONS
from services.publishing.passages import passages
from shared.contracts.member import RefutationNoted, ReportCredited
from shared.contracts.report import ReportConfirmed, ReportFiled, ReportRefuted
from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.errors import LogDamagedError, NewerEventError
from shared.eventsourcing.event_store import AggregateKey, Append
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.positions import PositionKeeper
from shared.eventsourcing.reaction import Reaction
from shared.eventsourcing.reactor import Reactor
from shared.eventsourcing.relay import Passage, Relay
from shared.testing.examples import (
    MEMBER_ID,
    MONDAY,
    REPORT_CONFIRMED,
    REPORT_FILED,
    REPORT_REFUTED,
    new_event,
    varied,
)

WITHIN_S = 60.0
CREDITS, *_ = REACTIONS
KEY = b"a key for tests"


def reactor(client: Client, reaction: Reaction = CREDITS) -> Reactor:
    handler = CommandHandler(JetStreamEventStore(client), [category(())], lambda: MONDAY)
    return Reactor(client, reaction, handler)


def relay(client: Client, passage: Passage = passages(KEY)[0]) -> Relay:  # noqa: B008
    return Relay(client, "publishing", passage, lambda: MONDAY)


async def fill(client: Client, count: int, first: int = 0) -> None:
    """Two reports of three are confirmed, the third refuted."""
    appends = []
    for number in range(first, first + count):
        report_id = f"{number:032x}"
        settled = REPORT_REFUTED if number % 3 == 2 else REPORT_CONFIRMED
        events = [varied(event, report_id=report_id) for event in (REPORT_FILED, settled)]
        news = [new_event(e, n + 1, f"command {number}", n) for n, e in enumerate(events)]
        appends.append(Append(AggregateKey("intake", "report", report_id), 0, news))
    await JetStreamEventStore(client).append(appends)


async def run_until(what: Any, holds: Callable[[], bool]) -> None:
    run = asyncio.create_task(what.run())
    async with asyncio.timeout(WITHIN_S):
        while not holds() and not run.done():
            await asyncio.sleep(0.005)
    run.cancel()
    (result,) = await asyncio.gather(run, return_exceptions=True)
    if isinstance(result, Exception):
        raise result


async def credited(client: Client) -> list[str]:
    events = await JetStreamEventStore(client).load(AggregateKey("promotion", "member", MEMBER_ID))
    return [type(recorded.event).__name__ for recorded in events]


async def test_a_reaction_that_learns_a_type_goes_back_for_what_it_skipped(nats: Client) -> None:
    older = replace(CREDITS, handles=(ReportConfirmed,))
    await fill(nats, 30)
    first = reactor(nats, older)
    await run_until(first, lambda: first.position >= 58)
    assert set(await credited(nats)) == {ReportCredited.__name__}
    second = reactor(nats)
    await fill(nats, 3, first=30)
    await run_until(second, lambda: second.position >= 66)
    found = await credited(nats)
    assert (found.count("ReportCredited"), found.count("RefutationNoted")) == (22, 11)


async def test_what_an_older_process_skipped_after_a_rollback_is_made_good_too(
    nats: Client,
) -> None:
    older = replace(CREDITS, handles=(ReportConfirmed,))
    for first, reaction in ((0, CREDITS), (30, older), (60, CREDITS)):
        await fill(nats, 30, first=first)
        one = reactor(nats, reaction)
        await run_until(one, lambda goal=2 * first + 58, one=one: one.position >= goal)  # type: ignore[misc]
    one = reactor(nats)
    await run_until(one, lambda: one.position >= 180)
    found = await credited(nats)
    assert (found.count("ReportCredited"), found.count(RefutationNoted.__name__)) == (60, 30)


async def public(client: Client) -> list[str]:
    end = (await client.jetstream().stream_info("PUBLIC")).state.last_seq
    found = []
    for sequence in range(1, end + 1):
        message = await client.jetstream().get_msg("PUBLIC", sequence)
        recorded = decode(message.headers or {}, message.data or b"", sequence)
        found.append(f"{type(recorded.event).__name__} {recorded.id}")
    return found


async def test_a_relay_that_learns_a_type_publishes_what_it_let_pass(nats: Client) -> None:
    (passage, *_) = passages(KEY)
    older = replace(passage, handles=(ReportFiled, ReportConfirmed))
    await fill(nats, 30)
    first = relay(nats, older)
    await run_until(first, lambda: first.position >= 60)
    assert len(await public(nats)) == 50
    second = relay(nats)
    await fill(nats, 3, first=30)
    await run_until(second, lambda: second.position >= 66)
    found = await public(nats)
    kinds = [line.split()[0] for line in found]
    assert len(found) == len(set(found)) == 66
    assert kinds.count(ReportRefuted.__name__) == 11


@pytest.mark.parametrize("lost", ["position.publishing.>", "all"])
async def test_a_relay_that_lost_its_position_publishes_nothing_twice(
    nats: Client, lost: str
) -> None:
    await fill(nats, 30)
    one = relay(nats)
    await run_until(one, lambda: one.position >= 60)
    before = await public(nats)
    await nats.jetstream().purge_stream("POSITIONS", subject=None if lost == "all" else lost)
    again = relay(nats)
    await fill(nats, 1, first=30)
    await run_until(again, lambda: again.position >= 62)
    assert (await public(nats))[:60] == before
    assert len(await public(nats)) == 62


async def test_a_crash_between_publishing_and_the_position_publishes_nothing_twice(
    nats: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(nats, 30)

    async def die(*_: object) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as crashing:
        crashing.setattr(PositionKeeper, "move", die)
        one = relay(nats)
        crashing.setattr(one, "_begin", lambda: one._tail.begin(0))
        with pytest.raises(ConnectionResetError):
            await run_until(one, lambda: False)
    assert len(await public(nats)) == 60
    again = relay(nats)
    await run_until(again, lambda: again.position >= 60)
    assert len(await public(nats)) == 60


async def test_a_newer_version_of_what_it_handles_is_waited_for(nats: Client) -> None:
    await fill(nats, 2)
    message = await nats.jetstream().get_msg("INTAKE", 4)
    schema = {"ce-dataschema": "urn:tribune.intake.ReportConfirmed:99", "ce-id": "newer"}
    own = {k: v for k, v in (message.headers or {}).items() if k.startswith("ce-")} | schema
    await nats.jetstream().publish(str(message.subject), message.data or b"", headers=own)
    for one in (reactor(nats), relay(nats)):
        with pytest.raises(NewerEventError, match="ReportConfirmed 99"):
            await run_until(one, lambda: False)
        assert one.position == 4, "what came before it is done"


@pytest.mark.parametrize("make", [reactor, relay], ids=["reaction", "relay"])
async def test_a_position_beyond_what_was_written_is_damage(
    nats: Client, make: Callable[[Client], Any]
) -> None:
    """The stream that it writes was cut, or restored from an older backup than its position."""
    await fill(nats, 3)
    one = make(nats)
    await run_until(one, lambda: one.position >= 6)
    keeper = one._keeper
    await keeper.move(replace(keeper.position, wrote=1000))
    with pytest.raises(LogDamagedError, match="wrote up to 1000"):
        await run_until(make(nats), lambda: False)
