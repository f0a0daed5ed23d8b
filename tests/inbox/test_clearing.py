"""What is sealed in the log, or would have to be, is deleted from its inbox after its receipt; what
is gone there is missed by nobody."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client
from own_vault import vault_in
from upstream import (
    PLACES,
    SECTORS,
    WITHIN_S,
    confirmed,
    headers,
    inbox,
    read_stream,
    running,
    send,
    submitted,
)

from deploy.looking.reading import messages
from deploy.upkeep.redo import redo
from services.intake.domain import check, report
from services.intake.translate import translator
from shared.contracts.identity import aggregate_id
from shared.contracts.receipt import Receipts
from shared.eventsourcing.codec import Codec
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.inbox.clearing import Clearing
from shared.eventsourcing.inbox.receipts import ReceiptWriter
from shared.eventsourcing.inbox.serve import Inbox
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.dead_letters import dead_letters
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.positions import PositionKeeper
from shared.eventsourcing.jetstream.streams import InboxLimits, inbox_stream
from shared.runtime.vault.letters import SealedLetters
from shared.runtime.vault.persons import Persons
from shared.runtime.vault.vault import Vault
from shared.runtime.vault.words import WordsInInboxes
from shared.testing.examples import DIGESTS, MONDAY
from shared.testing.servers import NatsServer

HOUR = 3600.0
SAID = "Ada of number 12 told me"
INBOX = "INBOX_BOSTON"
STRUCTURED = {"content-type": "application/cloudevents+json"}


def hidden(number: int, **changes: Any) -> tuple[dict[str, str], bytes]:
    return submitted(number, text=SAID, **changes)


def told(message: Any) -> tuple[dict[str, str], bytes]:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return headers("odd"), body


def box_with(client: Client, vault: Vault, translate: Any = None) -> Inbox:
    store = JetStreamEventStore(client, Codec(vault))
    handler = CommandHandler(store, (report.category, check.category), lambda: MONDAY)
    known = translate or translator(PLACES, SECTORS)
    letters = SealedLetters(vault, Persons(vault, DIGESTS))
    return Inbox(client, "intake", "boston", handler, known, lambda _: MONDAY, DIGESTS, letters)


def clearing(
    client: Client, vault: Vault, now: float | None = None, *, hides_names: bool = True
) -> Clearing:
    words = WordsInInboxes(vault, Persons(vault, DIGESTS), hides_names=hides_names)
    at = time.time() + 2 * HOUR if now is None else now
    return Clearing(client, "intake", "boston", words, HOUR, lambda: at)


async def taken_in(client: Client, box: Inbox) -> None:
    end = (await client.jetstream().stream_info(INBOX)).state.last_seq
    async with running(box):
        await until(lambda: box.position >= end)


async def until(holds: Any) -> None:
    async with asyncio.timeout(WITHIN_S):
        while not holds():
            await asyncio.sleep(0.01)


@asynccontextmanager
async def clears(one: Clearing) -> AsyncIterator[None]:
    task = asyncio.create_task(one.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def cleared(client: Client, one: Clearing, through: int | None = None) -> list[int]:
    """What is left in the inbox, once all was looked at."""
    end = (await client.jetstream().stream_info(INBOX)).state.last_seq
    goal = end if through is None else through
    async with clears(one), asyncio.timeout(WITHIN_S):
        while await position(client) < goal:
            await asyncio.sleep(0.01)
    return await left(client)


async def position(client: Client) -> int:
    return (await PositionKeeper(client, "intake", "words-boston").begin()).wrote


async def left(client: Client) -> list[int]:
    return [message.sequence async for message in messages(client, INBOX)]


def files_with(server: NatsServer, words: str) -> list[str]:
    return [
        path.name
        for path in server.directory.rglob("*")
        if path.is_file() and words.encode() in path.read_bytes()
    ]


async def test_words_that_are_sealed_leave_the_inbox_and_its_files(
    server: NatsServer, nats: Client, tmp_path: Path
) -> None:
    vault = vault_in(tmp_path)
    await send(nats, hidden(1), submitted(2, confidential=False), hidden(3, place="nowhere"))
    await send(nats, told(SAID.encode()), told({"report": "\ud800", "text": SAID}))
    await send(nats, hidden(4), subject="inbox.boston.report.submited")
    await send(nats, confirmed(2), confirmed(1), subject="inbox.boston.report.resolved")
    await send(nats, ({**headers("odd"), **STRUCTURED}, json.dumps({"data": SAID}).encode()))
    await send(nats, told({"commitment": "1"}), subject="inbox.boston.commitment.done")
    await send(nats, hidden(1))
    await taken_in(nats, box_with(nats, vault))
    assert files_with(server, SAID) != []
    assert await cleared(nats, clearing(nats, vault)) == [2, 7, 10]
    assert files_with(server, SAID) == []


@pytest.mark.parametrize(("is_public", "stay"), [(False, []), (True, [1])])
async def test_names_stay_where_the_data_of_a_source_are_public(
    nats: Client, tmp_path: Path, *, is_public: bool, stay: list[int]
) -> None:
    vault = vault_in(tmp_path)
    named = {"correspondent": "Ada"}
    await send(nats, submitted(1, confidential=False, **named), hidden(2, **named))
    await taken_in(nats, box_with(nats, vault))
    assert await cleared(nats, clearing(nats, vault, hides_names=not is_public)) == stay


async def test_nothing_leaves_it_before_its_hour_is_over(nats: Client, tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    await send(nats, hidden(1))
    await taken_in(nats, box_with(nats, vault))
    early = clearing(nats, vault, time.time() + HOUR / 2)
    waits, asked = asyncio.Event(), early._until

    async def until_due(due: float) -> None:
        waits.set()
        await asked(due)

    early._until = until_due  # type: ignore[method-assign]
    async with clears(early):
        await asyncio.wait_for(waits.wait(), WITHIN_S)
    assert await left(nats) == [1]
    assert await position(nats) == 0


async def test_what_was_not_taken_in_yet_stays(nats: Client, tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    await send(nats, hidden(1))
    await taken_in(nats, box_with(nats, vault))
    await send(nats, hidden(1), hidden(2))
    assert await cleared(nats, clearing(nats, vault), through=1) == [2, 3]
    assert await clearing(nats, vault).clear_at_once(aggregate_id("report", "boston", "1"))
    assert await left(nats) == [2, 3]


async def test_what_speaks_of_a_report_goes_at_once_if_it_is_erased(
    nats: Client, tmp_path: Path
) -> None:
    vault = vault_in(tmp_path)
    await send(nats, hidden(1), hidden(2), hidden(1))
    await taken_in(nats, box_with(nats, vault))
    one = clearing(nats, vault, now=0)
    assert await one.clear_at_once(aggregate_id("report", "boston", "1"))
    assert await left(nats) == [2]
    assert await one.clear_at_once("0" * 32, known=[2, 9])
    assert await left(nats) == []


async def test_an_inbox_of_before_lets_nothing_go_and_says_so(nats: Client, tmp_path: Path) -> None:
    await nats.jetstream().delete_stream(INBOX)
    config = inbox_stream("boston", InboxLimits())
    config.deny_delete = True
    await nats.jetstream().add_stream(config)
    vault = vault_in(tmp_path)
    await send(nats, hidden(1))
    await taken_in(nats, box_with(nats, vault))
    assert not await clearing(nats, vault).clear_at_once(aggregate_id("report", "boston", "1"))
    assert await left(nats) == [1]


@pytest.mark.parametrize("start", [1, 3, 5])
async def test_it_is_taken_in_again_over_what_is_gone(
    nats: Client, tmp_path: Path, start: int
) -> None:
    """Also to its end, where that is gone; and nobody says that it expired unread."""
    vault = vault_in(tmp_path)
    given = [submitted(each, confidential=False) for each in (2, 4)]
    await send(nats, hidden(1), given[0], hidden(3), given[1], hidden(5))
    await taken_in(nats, box_with(nats, vault))
    assert await cleared(nats, clearing(nats, vault)) == [2, 4]
    await redo(nats, "inbox-boston", start)
    again = box_with(nats, vault)
    await taken_in(nats, again)
    assert again.tally.expired == 0
    await redo(nats, "inbox-boston", 2)
    await taken_in(nats, box_with(nats, vault))
    await send(nats, hidden(6))
    await taken_in(nats, again)
    assert await cleared(nats, clearing(nats, vault)) == [2, 4]
    *_, last = await read_stream(nats, "RECEIPTS")
    assert [each.inbox_sequence for each in _receipts(last.body).accepted] == [6]


def _receipts(body: bytes) -> Receipts:
    return Receipts.model_validate_json(body)


async def test_a_dead_letter_whose_message_is_gone_stays_when_the_rest_is_taken_in_again(
    nats: Client, tmp_path: Path
) -> None:
    def breaks(*_: object) -> object:
        raise ZeroDivisionError

    vault = vault_in(tmp_path)
    await send(nats, hidden(1), submitted(2, confidential=False))
    await taken_in(nats, box_with(nats, vault, breaks))
    assert await cleared(nats, clearing(nats, vault)) == [2]
    await redo(nats, "inbox-boston", 1)
    box = box_with(nats, vault)
    await taken_in(nats, box)
    (dead,) = await dead_letters(nats)
    assert dead.sequence == 1
    assert await box.redrive(dead.message) is None


async def test_a_gap_that_nobody_had_taken_in_is_damage_as_ever(nats: Client) -> None:
    await send(nats, *(submitted(each) for each in (1, 2, 3)))
    await nats.jetstream().delete_msg(INBOX, 2)
    box = inbox(nats)
    with pytest.raises(Exception, match="INBOX_BOSTON has no message 2, next is 3"):
        await asyncio.wait_for(box.run(), WITHIN_S)


async def test_receipts_that_named_more_than_there_is_do_not_hide_what_comes_next(
    nats: Client,
) -> None:
    """Such as an operator withdraws: the inbox goes to its own end, and not beyond it."""
    await send(nats, submitted(1))
    writer = ReceiptWriter(nats, Publisher(nats), "boston", "INTAKE")
    await writer.begin()
    await writer.write([], [], through=2)
    await redo(nats, "inbox-boston", 1)
    box = inbox(nats)
    await taken_in(nats, box)
    assert box.position == 1
    await send(nats, submitted(2))
    await taken_in(nats, box)
    assert (box.position, box.tally.accepted) == (2, 2)
