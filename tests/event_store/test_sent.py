"""Who waits for events to be on their way is told once all of them are."""

import pytest

from services.intake.domain import report
from services.intake.domain.report import FileReport
from shared.eventsourcing.batches import append_all
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.envelope import Envelope
from shared.eventsourcing.event_store import AggregateKey
from shared.eventsourcing.in_memory import InMemoryEventStore
from shared.testing.examples import (
    MONDAY,
    REPORT_FILED,
    new_event,
    varied,
)


def file(number: int, text: str = "") -> Envelope:
    filed = varied(REPORT_FILED, report_id=f"{number:032x}", text=text)
    return Envelope(FileReport(filed), id=f"file {number}")


@pytest.mark.parametrize(
    ("commands", "text"),
    [(3, ""), (1_200, ""), (500, "x" * 20_000)],
    ids=["one batch", "three batches", "halves of one that is too large"],
)
async def test_it_is_told_once_all_is_there(commands: int, text: str) -> None:
    store = InMemoryEventStore()
    told: list[int] = []
    handler = CommandHandler(store, [report.category], lambda: MONDAY)
    outcomes = await handler.handle(
        [file(number, text) for number in range(commands)],
        lambda: told.append(len(store.streams["INTAKE"])),
    )
    assert not any(outcome.error for outcome in outcomes)
    assert told == [commands]


async def test_of_commands_with_more_events_than_a_batch_takes_it_is_told_once_all_are_there() -> (
    None
):
    store = InMemoryEventStore()
    told: list[int] = []
    keys = [AggregateKey("intake", "report", f"{number:032x}") for number in range(1_200)]
    fresh = [(key, [new_event(varied(REPORT_FILED, report_id=key.id))]) for key in keys]
    sequences = await append_all(
        store,
        dict.fromkeys(keys, 0),
        fresh,
        lambda: told.append(len(store.streams["INTAKE"])),
    )
    assert sequences == list(range(1, 1_201))
    assert told == [1_200]
