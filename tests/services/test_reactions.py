"""Several reactions of one service on one stream, and several commands of one event: each once."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from nats.aio.client import Client

from deploy import suite
from deploy.upkeep.redo import names, redo
from deploy.verify.expectations import expectations
from services.promotion.domain.member import CreditReport, NoteRefutation, category
from services.promotion.reactions import REACTIONS
from shared.contracts.event import Event
from shared.contracts.identity import command_id
from shared.contracts.report import ReportConfirmed, ReportRefuted
from shared.eventsourcing.codec import PLAIN
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.errors import NewerEventError
from shared.eventsourcing.event_store import AggregateKey, Append, RecordedEvent
from shared.eventsourcing.jetstream.dead_letters import dead_letters
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.positions import PositionKeeper
from shared.eventsourcing.reaction import Ask, Reaction
from shared.eventsourcing.reactor import Reactor, _heaviest
from shared.runtime.loops import Loops
from shared.runtime.parts import NameTakenError, add_reaction
from shared.runtime.redrive import by_stream
from shared.runtime.settings import Settings
from shared.testing.examples import (
    MEMBER_ID,
    MONDAY,
    REFUTATION_NOTED,
    REPORT_CONFIRMED,
    REPORT_CREDITED,
    REPORT_FILED,
    REPORT_REFUTED,
    new_event,
    recorded,
    varied,
)

WITHIN_S = 60.0
CREDITS, *_ = REACTIONS
SECOND_ID, THIRD_ID = "2" * 32, "3" * 32


def _credit(recorded: RecordedEvent, member: str, report: str = "") -> CreditReport:
    about = report or recorded.event.aggregate_id
    return CreditReport(
        varied(REPORT_CREDITED, member_id=member, report_id=about, earned_by=recorded.ref)
    )


def _for_all(recorded: RecordedEvent) -> Sequence[Ask]:
    """Two aggregates, and one of them twice."""
    return [
        Ask(_credit(recorded, MEMBER_ID), "who filed it"),
        Ask(_credit(recorded, SECOND_ID), "who checked it"),
        Ask(_credit(recorded, SECOND_ID, "e" * 32), "who checked it, for looking"),
    ]


def _note(recorded: RecordedEvent) -> Sequence[Ask]:
    about = recorded.event.aggregate_id
    noted = varied(REFUTATION_NOTED, member_id=THIRD_ID, report_id=about, noted_from=recorded.ref)
    return [Ask(NoteRefutation(noted))]


MANY = Reaction("promotion", "many", "INTAKE", (ReportConfirmed,), _for_all)
NOTES = Reaction("promotion", "notes", "INTAKE", (ReportRefuted,), _note)


def reactor(client: Client, reaction: Reaction) -> Reactor:
    handler = CommandHandler(JetStreamEventStore(client), [category(())], lambda: MONDAY)
    return Reactor(client, reaction, handler)


async def file(client: Client, number: int, settled: Event) -> int:
    report_id = f"{number:032x}"
    events = [varied(event, report_id=report_id) for event in (REPORT_FILED, settled)]
    news = [new_event(event, n + 1, f"command {number}", n) for n, event in enumerate(events)]
    key = AggregateKey("intake", "report", report_id)
    return (await JetStreamEventStore(client).append([Append(key, 0, news)]))[0] + 1


async def run_until(reactor: Reactor, goal: int) -> None:
    run = asyncio.create_task(reactor.run())
    async with asyncio.timeout(WITHIN_S):
        while reactor.position < goal and not run.done():
            await asyncio.sleep(0.005)
    run.cancel()
    (result,) = await asyncio.gather(run, return_exceptions=True)
    if isinstance(result, Exception):
        raise result


async def member(client: Client, member_id: str) -> list[str]:
    key = AggregateKey("promotion", "member", member_id)
    return [type(each.event).__name__ for each in await JetStreamEventStore(client).load(key)]


async def test_one_event_asks_for_commands_to_several_aggregates_each_once(nats: Client) -> None:
    last = await file(nats, 1, REPORT_CONFIRMED)
    for _life in range(3):
        await run_until(reactor(nats, MANY), last)
        await nats.jetstream().purge_stream("POSITIONS")
    assert await member(nats, MEMBER_ID) == ["ReportCredited"]
    assert await member(nats, SECOND_ID) == ["ReportCredited"] * 2


async def test_two_reactions_on_one_stream_have_each_its_filters_and_its_position(
    nats: Client,
) -> None:
    confirmed = await file(nats, 1, REPORT_CONFIRMED)
    refuted = await file(nats, 2, REPORT_REFUTED)
    await run_until(reactor(nats, MANY), confirmed)
    assert await member(nats, THIRD_ID) == [], "the other one has not run"
    await run_until(reactor(nats, NOTES), refuted)
    at = [await PositionKeeper(nats, "promotion", name).begin() for name in ("many", "notes")]
    assert [each.sequence for each in at] == [confirmed, refuted]
    assert at[0].handles == {"tribune.intake.ReportConfirmed"}
    assert len(await member(nats, SECOND_ID)) == 2
    assert await member(nats, THIRD_ID) == ["RefutationNoted"]


async def test_two_reactions_at_work_side_by_side_do_not_disturb_each_other(nats: Client) -> None:
    ends = [await file(nats, n, (REPORT_CONFIRMED, REPORT_REFUTED)[n % 2]) for n in range(60)]
    both = [reactor(nats, each) for each in (MANY, NOTES)]
    await asyncio.gather(*(run_until(one, ends[n - 2]) for n, one in enumerate(both)))
    found = [len(await member(nats, each)) for each in (MEMBER_ID, SECOND_ID, THIRD_ID)]
    assert found == [30, 31, 30], "the look counts once"


async def test_a_letter_is_tried_by_those_of_its_stream_that_handle_it(nats: Client) -> None:
    broken = replace(NOTES, asks=lambda _: 1 / 0)  # type: ignore[arg-type,return-value]
    refuted = await file(nats, 1, REPORT_REFUTED)
    await run_until(reactor(nats, broken), refuted)
    (letter,) = await dead_letters(nats)
    try_again = by_stream([reactor(nats, MANY), reactor(nats, broken)])["INTAKE"]
    assert isinstance(await try_again(letter.message), ZeroDivisionError)
    try_again = by_stream([reactor(nats, MANY), reactor(nats, NOTES)])["INTAKE"]
    assert await try_again(letter.message) is None
    assert await member(nats, THIRD_ID) == ["RefutationNoted"]
    assert await member(nats, SECOND_ID) == []


async def test_two_commands_for_the_same_are_a_fault_and_none_of_them_is_lost_unseen(
    nats: Client,
) -> None:
    unclear = replace(
        MANY, asks=lambda recorded: [Ask(each.command) for each in _for_all(recorded)]
    )
    last = await file(nats, 1, REPORT_CONFIRMED)
    await run_until(reactor(nats, unclear), last)
    (letter,) = await dead_letters(nats)
    assert "say what each is for" in letter.error
    assert await member(nats, SECOND_ID) == []


def test_an_id_follows_from_the_event_the_reaction_and_what_it_is_for() -> None:
    event, other = recorded(REPORT_CONFIRMED, 7), recorded(REPORT_CONFIRMED, 8)
    renamed = replace(MANY, name="more")
    ids = [one.id for each in (MANY, renamed) for of in (event, other) for one in each.ask(of)]
    assert len(ids) == len(set(ids)) == 12
    assert MANY.ask(event) == MANY.ask(event)


def test_a_correlation_id_of_ours_goes_on_and_an_upstreams_own_does_not() -> None:
    event, ours, by = recorded(REPORT_CONFIRMED, 7), "f" * 32, "source:sender:boston"
    for told, actor, goes_on in ((ours, by, ours), (ours, "", ""), ("+1 617 555 0101", by, "")):
        (asked,) = CREDITS.ask(replace(event, correlation_id=told, actor=actor))
        assert asked.correlation_id == goes_on
        assert asked.actor.text == "suite:reaction:credits"


def test_credits_keeps_the_ids_from_before_names_were_part_of_them() -> None:
    (asked,) = CREDITS.ask(recorded(REPORT_CONFIRMED, 7))
    assert asked.id == command_id("reaction", "promotion", recorded(REPORT_CONFIRMED, 7).id)
    assert recorded(REPORT_CONFIRMED, 7).id == "7c9139706ce95e029ad45dbd05adaa69"
    assert asked.id == "48478b3cec005823b7bd13c8c3cfa338"


async def test_what_was_credited_before_an_upgrade_is_not_credited_again(
    nats: Client,
) -> None:
    """By the id alone: the member's own memory of reports is not asked."""
    last = await file(nats, 1, REPORT_CONFIRMED)
    older = replace(CREDITS, origin=("reaction", "promotion"), asks=_other(1))
    await run_until(reactor(nats, older), last)
    await nats.jetstream().purge_stream("POSITIONS")
    await run_until(reactor(nats, replace(CREDITS, asks=_other(2))), last)
    assert await member(nats, MEMBER_ID) == ["ReportCredited"]
    await nats.jetstream().purge_stream("POSITIONS")
    await run_until(reactor(nats, replace(CREDITS, asks=_other(3), origin=())), last)
    assert len(await member(nats, MEMBER_ID)) == 2, "with other ids it would have been"


def _other(number: int) -> Callable[[RecordedEvent], Sequence[Ask]]:
    return lambda recorded: [Ask(_credit(recorded, MEMBER_ID, f"{number:032x}"))]


def test_two_reactions_of_one_name_are_an_error_at_start(nats: Client) -> None:
    runtime: Any = SimpleNamespace(
        name="promotion",
        service="promotion",
        client=nats,
        codec=PLAIN,
        loops=Loops(),
        watched=set(),
        lease=lambda _: None,
    )
    handler = CommandHandler(JetStreamEventStore(nats), [category(())], lambda: MONDAY)
    add_reaction(runtime, MANY, handler)
    add_reaction(runtime, NOTES, handler)
    with pytest.raises(NameTakenError, match="two reactions or relays named many"):
        add_reaction(runtime, replace(NOTES, name="many"), handler)


def test_two_flows_of_one_name_are_an_error_for_operators_commands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of = {"promotion": (MANY, replace(NOTES, name="many"))}
    monkeypatch.setattr(suite, "reactions", lambda service: of.get(service, ()))
    with pytest.raises(ValueError, match="named many"):
        suite.flows()


async def test_verify_and_redo_know_every_reaction(
    nats: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    of = {"promotion": (MANY, NOTES)}
    monkeypatch.setattr("deploy.suite.reactions", lambda service: of.get(service, ()))
    monkeypatch.setattr("deploy.verify.expectations.reactions", lambda service: of.get(service, ()))
    assert names([])[:2] == ["many", "notes"]
    known = {each.flow.name: each for each in expectations(Settings())}
    assert len(known["many"].ids(recorded(REPORT_CONFIRMED, 7))) == 3
    last = await file(nats, 1, REPORT_CONFIRMED)
    await run_until(reactor(nats, MANY), last)
    assert "many goes through INTAKE again" in await redo(nats, "many", None)
    await run_until(reactor(nats, MANY), last)
    assert len(await member(nats, SECOND_ID)) == 2


def test_a_message_waits_if_one_of_its_commands_has_to_whatever_failed_before() -> None:
    """It once was buried, and the command that had to wait was never given."""
    failed, waits = ValueError("for good"), NewerEventError("not yet")
    assert _heaviest([None, failed, None, waits]) is waits
    assert _heaviest([None, failed]) is failed
    assert _heaviest([None, None]) is None
