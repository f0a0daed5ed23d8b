"""Who was late comes in pages, and the pages together are what one page would be."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from nats.aio.client import Client
from sqlalchemy import Engine, insert

from deploy.asking import NotDoneError, ask
from deploy.looking.late import outside_the_log, who_was_late
from deploy.problems import told
from services.intake.answering import serve_late
from services.intake.app import READ_MODELS
from services.intake.projections.lateness import known_late_on, lateness
from shared.eventsourcing.projections.database import open_database
from shared.eventsourcing.projections.projector import prepare
from shared.runtime.broker import make_broker
from shared.runtime.service import Runtime
from shared.testing.examples import MONDAY
from shared.testing.servers import NatsServer

DAY = timedelta(days=1)
ON = MONDAY + 30 * DAY
LATE = 57


def row(number: int, known: datetime = MONDAY, withdrawn: datetime | None = None) -> Any:
    """Three due dates for all, so that many share one."""
    return {
        "check_id": f"{number * 7919 % 10_007:032x}",
        "owner": f"Owner {number}",
        "place": "us",
        "waits": 2,
        "due_at": MONDAY + (number % 3) * DAY,
        "known_at": known,
        "withdrawn_known_at": withdrawn,
    }


@pytest.fixture
def rows(database: Engine) -> Engine:
    prepare(database, READ_MODELS)
    found = [row(number) for number in range(LATE - 1)]
    found += [row(101, known=ON + DAY), row(102, withdrawn=ON)]
    found += [row(103, withdrawn=ON + DAY)]
    with database.begin() as connection:
        connection.execute(insert(lateness), found)
    return database


class Served:
    """Only what `late` needs of a running intake."""

    def __init__(self, server: NatsServer, engine: Engine) -> None:
        self.broker = make_broker(server.url, "intake")
        serve_late(cast(Runtime, SimpleNamespace(broker=self.broker, engine=engine)))

    async def __aenter__(self) -> None:
        await self.broker.start()
        await self.broker.connection.flush()  # the server knows who answers

    async def __aexit__(self, *_: object) -> None:
        await self.broker.stop()


@pytest.fixture
async def serving(server: NatsServer, rows: Engine) -> AsyncIterator[None]:
    async with Served(server, rows):
        yield


@contextmanager
def reading(engine: Engine) -> Iterator[Any]:
    with engine.connect().execution_options(reads_only=True) as connection:
        yield connection


@pytest.mark.parametrize("page", [1, 2, 19, LATE - 1, LATE, LATE + 1, 1_000])
@pytest.mark.usefixtures("serving")
async def test_any_size_of_page_gives_the_same_rows(
    bare_nats: Client, rows: Engine, page: int
) -> None:
    with reading(rows) as connection:
        whole = [
            {"check": check_id, "owner": owner, "due_at": due_at.isoformat()}
            for check_id, owner, due_at in known_late_on(connection, ON) or ()
        ]
    assert len(whole) == LATE
    assert await who_was_late(bare_nats, ON, page) == whole


@pytest.mark.usefixtures("serving")
async def test_a_page_says_where_the_next_one_begins_and_the_last_one_that_it_is_the_last(
    bare_nats: Client,
) -> None:
    first = await ask(bare_nats, "intake", "late", {"on": ON.isoformat(), "limit": LATE - 1})
    assert len(first["rows"]) == LATE - 1
    assert first["after"] == [first["rows"][-1]["due_at"], first["rows"][-1]["check"]]
    rest = {"on": ON.isoformat(), "after": first["after"], "limit": 1}
    last = await ask(bare_nats, "intake", "late", rest)
    assert (len(last["rows"]), last["after"]) == (1, None)
    nobody = await ask(bare_nats, "intake", "late", {"on": (MONDAY - DAY).isoformat()})
    assert nobody == {"rows": [], "after": None}


@pytest.mark.parametrize("limit", [0, -1, 1_001])
@pytest.mark.usefixtures("serving")
async def test_no_page_is_larger_than_a_message_can_hold(bare_nats: Client, limit: int) -> None:
    with pytest.raises(NotDoneError, match="Invalid"):
        await ask(bare_nats, "intake", "late", {"on": ON.isoformat(), "limit": limit})


async def test_a_whole_page_of_the_longest_owners_fits_into_a_message(
    server: NatsServer, bare_nats: Client, database: Engine
) -> None:
    prepare(database, READ_MODELS)
    with database.begin() as connection:
        longest = [row(number) | {"owner": "𝄞" * 300} for number in range(1_001)]
        connection.execute(insert(lateness), longest)
    async with Served(server, database):
        assert len(await who_was_late(bare_nats, ON)) == 1_001


async def test_that_the_database_is_away_is_told_in_words_and_without_its_password(
    server: NatsServer, bare_nats: Client
) -> None:
    engine = open_database("postgresql://intake:sesame@127.0.0.1:1/intake")
    async with Served(server, engine):
        with pytest.raises(NotDoneError) as raised:
            await who_was_late(bare_nats, ON)
    _, words = told(raised.value)
    assert words == (
        "Intake's database is away: intake's database intake on 127.0.0.1:1 does not answer"
        " (Connection refused)"
    )


async def test_a_moment_of_which_the_log_knows_nothing_or_not_all_yet_is_told(
    nats: Client,
) -> None:
    assert await outside_the_log(nats, MONDAY, ON) == "nothing stands in the log yet"
    await nats.jetstream().publish("intake.x", b"", headers={"ce-time": MONDAY.isoformat()})
    assert await outside_the_log(nats, MONDAY, ON) == ""
    assert await outside_the_log(nats, ON, ON) == ""
    before = await outside_the_log(nats, MONDAY - DAY, ON)
    assert before == (
        f"the log begins only on {MONDAY:%Y-%m-%d %H:%M} UTC, and before that nothing was known"
    )
    after = await outside_the_log(nats, ON + DAY, ON)
    assert after == f"that is still to come: by the suite's clock it is {ON:%Y-%m-%d %H:%M} UTC"
