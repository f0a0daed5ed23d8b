"""Rows and checkpoint move together, once for each event, whatever happens in between."""

import asyncio

import pytest
from counts import (
    PLACES,
    WITHIN_S,
    checkpoint,
    count,
    counted,
    counting,
    expected,
    fail_at,
    fill,
    messages,
    prepared,
    until,
)
from nats.aio.client import Client
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.event_store import RecordedEvent
from shared.eventsourcing.projections import set_aside
from shared.eventsourcing.projections.read_model import Rows


def test_a_batch_is_counted_once_however_often_it_is_delivered(database: Engine) -> None:
    model = counting()
    projector = prepared(database, model)
    for _delivery in range(3):
        projector.apply(messages(1, 10))
    assert counted(database, model) == expected(10)
    projector.apply(messages(8, 12))
    assert counted(database, model) == expected(12)
    assert checkpoint(database, model) == projector.position == 12


def test_after_a_crash_between_batches_the_checkpoint_says_where_to_go_on(database: Engine) -> None:
    model = counting()
    prepared(database, model).apply(messages(1, 10))
    anew = prepared(database, model)
    assert anew.position == 10
    anew.apply(messages(6, 20))
    assert counted(database, model) == expected(20)


def test_a_database_that_fails_leaves_neither_rows_nor_checkpoint(database: Engine) -> None:
    """That is no fault of a row: the batch comes again."""
    good, bad = counting("good_v1"), counting("bad_v1")
    projector = prepared(database, good, bad)
    bad.table.drop(database)
    with pytest.raises(DBAPIError):
        projector.apply(messages(1, 5))
    assert counted(database, good) == {}
    assert checkpoint(database, good) == projector.position == 0


def test_an_event_that_can_not_be_applied_is_set_aside_and_stops_nobody(database: Engine) -> None:
    good, bad = counting("good_v1"), counting("bad_v1", fail_at(13, 15))
    projector = prepared(database, good, bad)
    for first, last in ((1, 10), (11, 20), (21, 30)):
        for _delivery in (1, 2):
            projector.apply(messages(first, last))
    assert counted(database, good) == expected(30)
    found, right = counted(database, bad), expected(30)
    assert found[PLACES[0]] == (right[PLACES[0]][0] - 1, right[PLACES[0]][1] - 13)
    assert found[PLACES[1]] == right[PLACES[1]]
    assert found[PLACES[2]] == (right[PLACES[2]][0] - 1, right[PLACES[2]][1] - 15)
    assert projector.set_aside == {"bad_v1": 2}
    assert prepared(database, good, bad).set_aside == {"bad_v1": 2}
    with database.connect() as connection:
        aside = set_aside.of_model(connection, bad)
    assert [(each.sequence, each.error) for each in aside] == [
        (13, "ZeroDivisionError"),
        (15, "ZeroDivisionError"),
    ]


def test_a_row_that_the_database_refuses_costs_the_others_of_its_batch_nothing(
    database: Engine,
) -> None:
    """PostgreSQL takes nothing more in a transaction in which it refused a statement."""

    def leave_out(rows: Rows, found: RecordedEvent) -> None:
        count(rows, found)
        if found.sequence == 13:
            rows[found.event.place]["sum"] = None

    good, bad = counting("good_v1"), counting("bad_v1", leave_out)
    bad.table.c["sum"].nullable = False
    projector = prepared(database, good, bad)
    projector.apply(messages(1, 10))
    projector.apply(messages(11, 20))
    assert projector.set_aside == {"bad_v1": 1}
    assert checkpoint(database, bad) == 20
    found, right = counted(database, bad), expected(20)
    assert found[PLACES[0]] == (right[PLACES[0]][0] - 1, right[PLACES[0]][1] - 13)
    assert found | {PLACES[0]: right[PLACES[0]]} == right == counted(database, good)


def test_what_is_no_event_is_set_aside_by_every_read_model(database: Engine) -> None:
    one, two = counting("one_v1"), counting("two_v1")
    projector = prepared(database, one, two)
    first, garbage, third = messages(1, 3)
    projector.apply([first, garbage._replace(headers={}, body=b"{}"), third])
    assert projector.set_aside == {"one_v1": 1, "two_v1": 1}
    assert checkpoint(database, one) == checkpoint(database, two) == 3
    assert sum(n for n, _ in counted(database, one).values()) == 2


def test_a_second_projector_can_not_apply_what_the_first_has_applied(database: Engine) -> None:
    model = counting()
    one, two = prepared(database, model), prepared(database, model)
    one.apply(messages(1, 10))
    with pytest.raises(ConcurrencyError):
        two.apply(messages(1, 7))
    assert counted(database, model) == expected(10)
    assert checkpoint(database, model) == 10
    two.begin()
    two.apply(messages(1, 12))
    assert counted(database, model) == expected(12)


def test_none_of_several_is_applied_where_another_projector_has_moved_one(
    database: Engine,
) -> None:
    one, two = counting("one_v1"), counting("two_v1")
    both = prepared(database, one, two)
    prepared(database, two).apply(messages(1, 5))
    with pytest.raises(ConcurrencyError, match=r"one_v1.*two_v1"):
        both.apply(messages(1, 5))
    assert (checkpoint(database, one), checkpoint(database, two)) == (0, 5)
    both.begin()
    both.apply(messages(1, 5))
    assert counted(database, one) == counted(database, two) == expected(5)


def test_read_models_at_different_positions_take_what_each_of_them_lacks(database: Engine) -> None:
    old, new = counting("old_v1"), counting("new_v1")
    prepared(database, old).apply(messages(1, 10))
    both = prepared(database, old, new)
    assert both.position == 0
    both.apply(messages(1, 6))
    both.apply(messages(7, 15))
    assert counted(database, old) == counted(database, new) == expected(15)


def test_an_unknown_event_type_only_moves_the_checkpoint(database: Engine) -> None:
    model = counting()
    projector = prepared(database, model)
    (known, unknown) = messages(1, 2)
    strange = unknown._replace(headers=unknown.headers | {"ce-type": "tribune.intake.Unheard"})
    projector.apply([known, strange])
    assert counted(database, model) == expected(1)
    assert checkpoint(database, model) == 2


async def test_a_projector_follows_the_log(nats: Client, database: Engine) -> None:
    model = counting()
    projector = prepared(database, model)
    heard: list[int] = []
    run = asyncio.create_task(projector.run(nats, "test", heard.append))
    for last in (100, 101, 400):
        await fill(nats, projector.position + 1, last)
        await until(lambda: max(heard, default=0), run, last)
        assert counted(database, model) == expected(last)
    run.cancel()
    await asyncio.gather(run, return_exceptions=True)
    assert heard == sorted(heard)
    assert heard[-1] == 400


async def test_stopped_after_every_batch_and_started_anew_it_counts_everything_once(
    nats: Client, database: Engine
) -> None:
    model = counting()
    for first in range(1, 2500, 500):
        await fill(nats, first, first + 499)
    stops = 0
    prepared(database, model)
    while checkpoint(database, model) < 2500:
        projector = prepared(database, model)
        stopped = asyncio.Event()
        run = asyncio.create_task(projector.run(nats, "test", lambda _, s=stopped: s.set()))  # type: ignore[misc]
        await asyncio.wait_for(stopped.wait(), WITHIN_S)
        run.cancel()
        await asyncio.gather(run, return_exceptions=True)
        stops += 1
    assert stops > 1, "it was never stopped on its way"
    assert counted(database, model) == expected(2500)


async def test_catching_up_stops_where_it_was_told_to(nats: Client, database: Engine) -> None:
    model = counting()
    await fill(nats, 1, 50)
    projector = prepared(database, model)
    await projector.catch_up(nats, until=20)
    assert counted(database, model) == expected(20)
    await projector.catch_up(nats, until=20)
    assert checkpoint(database, model) == 20
