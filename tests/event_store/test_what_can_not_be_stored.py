"""What can't be stored costs the one who asked for it, and is never written to the connection."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from nats.aio.client import Client

from services.intake.domain import check, report
from services.intake.domain.check import OpenCheck, RaiseOverdue
from services.intake.domain.claiming import ClaimDone
from services.intake.domain.report import AnswerReport, ConfirmReport, FileReport
from services.promotion.domain.member import CreditReport
from services.promotion.domain.member import category as member
from shared.contracts.check import CheckEvent, DoneClaimed
from shared.contracts.identity import aggregate_id
from shared.contracts.report import ReportAnswered
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.decider import Category, Decider
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.errors import (
    LogFullError,
    TooLargeError,
)
from shared.eventsourcing.event_store import AggregateKey, Append, EventStore
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.testing.examples import (
    CHECK_ID,
    CHECK_OPENED,
    MONDAY,
    REPORT_ANSWERED,
    REPORT_CREDITED,
    REPORT_FILED,
    varied,
)

BEYOND_EVERYTHING = "x" * 4_300_000


def report_id(number: int) -> str:
    return aggregate_id("report", "boston", str(number))


def file(number: int) -> Envelope:
    filed = varied(REPORT_FILED, report_id=report_id(number))
    return Envelope(FileReport(filed), id=f"file {number}")


def handler(store: EventStore, *categories: Category) -> CommandHandler:
    return CommandHandler(store, categories or (report.category, check.category), lambda: MONDAY)


def giant(command: AnswerReport, _: Any) -> list[Any]:
    """A decider with a bug of ours: more than a contract lets pass."""
    event = varied(REPORT_ANSWERED, report_id=command.report_id)
    return [event.model_copy(update={"answer": command.answer})]


BUGGY = replace(
    report.category,
    decider=Decider[Any, Any, Any](
        report.decider.initial_state,
        lambda command, state: (
            giant(command, state)
            if isinstance(command, AnswerReport)
            else report.decider.decide(command, state)
        ),
        report.decider.evolve,
    ),
)


def answer(number: int, text: str) -> Envelope:
    return Envelope(AnswerReport(report_id(number), text, MONDAY), id=f"{number} {text[-20:]}")


def confirm(number: int) -> Envelope:
    return Envelope(ConfirmReport(report_id(number), "seen", MONDAY), id=f"confirm {number}")


async def test_an_event_that_is_too_large_fails_its_command_and_nothing_else(
    store: EventStore,
) -> None:
    one = handler(store, BUGGY)
    await one.handle([file(1), file(2)])
    outcomes = await one.handle(
        [answer(1, "a"), answer(1, BEYOND_EVERYTHING), answer(1, "b"), answer(2, "c"), file(3)]
    )
    assert [type(outcome.error) for outcome in outcomes] == [
        type(None),
        TooLargeError,
        type(None),
        type(None),
        type(None),
    ]
    key = AggregateKey("intake", "report", report_id(1))
    assert [recorded.revision for recorded in await store.load(key)] == [1, 2, 3]


async def test_what_is_too_large_together_goes_in_as_few_parts_as_there_may_be(
    store: EventStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each event is legal, and 500 of them are more than one batch takes."""
    one = handler(store)
    await one.handle([file(number) for number in range(500)])
    stored: list[int] = []
    real = store.append

    async def append(appends: Sequence[Append], *sent: Any) -> list[int]:
        sequences = await real(appends, *sent)
        stored.append(len(appends))
        return sequences

    monkeypatch.setattr(store, "append", append)
    large = [answer(number, "x" * 19_999) for number in range(500)]
    outcomes = await one.handle(large)
    assert [outcome.error for outcome in outcomes] == [None] * 500
    assert sorted(outcome.sequence for outcome in outcomes) == list(range(501, 1001))
    assert stored == [250, 250]


async def test_commands_for_two_streams_are_handled_in_one_go(store: EventStore) -> None:
    credit = CreditReport(REPORT_CREDITED)
    both = handler(store, report.category, member(()))
    outcomes = await both.handle([file(1), Envelope(credit, id="credit"), file(2)])
    assert [(outcome.error, outcome.sequence) for outcome in outcomes] == [
        (None, 1),
        (None, 1),
        (None, 2),
    ]


def _forgetful(state: Any, event: CheckEvent) -> Any:
    if isinstance(event, DoneClaimed):
        raise KeyError("a bug of ours")
    return check.decider.evolve(state, event)


FORGETFUL = Decider[Any, Any, Any](check.decider.initial_state, check.decider.decide, _forgetful)


async def test_the_events_of_a_command_are_stored_all_or_none(store: EventStore) -> None:
    """Also when the last of them does not fold; and nobody decides on what the first one changed,
    or it would be overdue here though nobody has raised it."""
    one = handler(store, replace(check.category, decider=FORGETFUL, look=None))
    await one.handle([Envelope(OpenCheck(CHECK_OPENED), id="open")])
    late = CHECK_OPENED.due_at + (CHECK_OPENED.due_at - MONDAY)
    claim = Envelope(ClaimDone(CHECK_ID, "Public Works", late, late), id="claim")
    key = AggregateKey("intake", "check", CHECK_ID)
    (outcome,) = await one.handle([claim])
    assert isinstance(outcome.error, KeyError)
    assert [type(r.event).__name__ for r in await store.load(key)] == ["CheckOpened"]
    overdue = Envelope(RaiseOverdue(CHECK_ID, CHECK_OPENED.due_at, late), id="overdue")
    _, outcome = await one.handle([claim, overdue])
    assert outcome.new_events == 1
    found = await store.load(key)
    assert [(type(r.event).__name__, r.revision) for r in found] == [
        ("CheckOpened", 1),
        ("CheckOverdue", 2),
    ]


async def test_an_aggregate_that_does_not_fold_costs_its_own_commands_only(
    store: EventStore,
) -> None:
    """A bug of ours in one fold, and thousands of others in the same batch."""
    await handler(store).handle([file(1), file(2), answer(1, "trips it")])

    def evolve(state: Any, event: Any) -> Any:
        if isinstance(event, ReportAnswered):
            raise KeyError("a bug of ours")
        return report.decider.evolve(state, event)

    decider = Decider[Any, Any, Any](report.decider.initial_state, report.decider.decide, evolve)
    anew = handler(store, replace(report.category, decider=decider))
    outcomes = await anew.handle([confirm(1), confirm(2), file(3), confirm(1)])
    assert [type(outcome.error) for outcome in outcomes] == [
        KeyError,
        type(None),
        type(None),
        KeyError,
    ]


async def test_a_full_stream_is_called_so_and_takes_more_once_there_is_room(nats: Client) -> None:
    jetstream = nats.jetstream()
    config = (await jetstream.stream_info("INTAKE")).config
    full = config.evolve(max_bytes=100_000)
    await jetstream.update_stream(full)
    one = handler_of(nats)
    await one.handle([file(1)])
    six = [answer(1, "x" * 19_999 + str(number)) for number in range(6)]
    with pytest.raises(LogFullError, match="maximum bytes exceeded"):
        await one.handle(six)
    await jetstream.update_stream(config)
    outcomes = await one.handle(six)
    assert [outcome.error for outcome in outcomes] == [None] * 6


def handler_of(client: Client) -> CommandHandler:
    return handler(JetStreamEventStore(client))
