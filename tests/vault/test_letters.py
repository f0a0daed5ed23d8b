"""What a source said of a report lies in DEAD sealed, and is tried again by who has the keys."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client
from own_vault import vault_in

from services.intake.domain import check, report
from services.intake.translate import translator
from shared.contracts.identity import aggregate_id
from shared.eventsourcing.codec import Codec
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.inbox.letters import KEYLESS, ClosedLetterError
from shared.eventsourcing.inbox.serve import Inbox
from shared.eventsourcing.jetstream.dead_letters import HIDDEN, dead_letters
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.message import Message
from shared.runtime.vault.letters import SealedLetters
from shared.runtime.vault.persons import Persons
from shared.runtime.vault.spoken import Named
from shared.runtime.vault.words import WordsInInboxes
from shared.testing.examples import DIGESTS, MONDAY, ROXBURY, STREET_LIGHTS

SAID = "Ada of number 12 told me"
WITHIN_S = 60.0
STREAM = "INBOX_BOSTON"
REPORT = {"report": "7", "text": SAID, "place": ROXBURY, "sector": STREET_LIGHTS}
HEADERS = {
    "ce-specversion": "1.0",
    "ce-id": "one",
    "ce-source": "https://311.example",
    "ce-type": "report.submitted",
}


def letter(body: Any, kind: str = "report.submitted", **headers: str) -> Message:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Message(f"inbox.boston.{kind}", headers, data, 7)


def letters_in(folder: Path) -> SealedLetters:
    vault = vault_in(folder)
    return SealedLetters(vault, Persons(vault, DIGESTS))


def test_what_speaks_of_a_report_is_hidden_under_its_key(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    letters = SealedLetters(vault, Persons(vault, DIGESTS))
    structured = {"content-type": "application/cloudevents+json"}
    for message, whose in (
        (letter(REPORT), "7"),
        (letter({"specversion": "1.0", "data": REPORT}, **structured), "7"),
        (letter({"report": "8", "reason": SAID}, "report.resolved"), "8"),
        (letter({"report": 9, "text": SAID}), ""),
        (letter(SAID.encode() + b"\xff\xfe"), ""),
        (letter([SAID]), ""),
        (letter(b"[" * 100_000 + SAID.encode()), ""),
    ):
        hidden = letters.hidden(STREAM, message)
        assert SAID.encode() not in hidden.body
        of = aggregate_id("report", "boston", whose) if whose else "letters"
        assert hidden.headers[HIDDEN] == of
        assert letters.shown(STREAM, hidden) == message
        with pytest.raises(ClosedLetterError):
            letters.shown(STREAM, hidden._replace(sequence=8))
        with pytest.raises(ClosedLetterError):
            KEYLESS.shown(STREAM, hidden)
    hidden = letters.hidden(STREAM, letter(REPORT))
    vault.destroy([aggregate_id("report", "boston", "7")])
    with pytest.raises(ClosedLetterError, match="erased"):
        letters.shown(STREAM, hidden)


def test_what_speaks_of_a_correspondent_alone_is_hidden_under_their_key(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    persons = Persons(vault, DIGESTS)
    letters = SealedLetters(vault, persons)
    whose = persons.whose(Named("boston", "ada"))
    for body, of in (
        ({"correspondent": "ada", "place": ROXBURY}, whose),
        ({"correspondent": "ada", "successor": "ben"}, whose),
        ({"correspondent": 7, "text": SAID}, "letters"),
        (SAID.encode() + b"\xff\xfe", "letters"),
    ):
        hidden = letters.hidden(STREAM, letter(body, "correspondent.replaced"))
        assert hidden.headers[HIDDEN] == of
        assert b"ada" not in hidden.body
        assert letters.shown(STREAM, hidden) == letter(body, "correspondent.replaced")
    words = WordsInInboxes(vault, persons)
    told = letter({"correspondent": "ada", "successor": "ben"}, "correspondent.replaced")
    assert words.hidden([told], {7}) == [7], "it names somebody"
    for name in ("ada", "ben"):
        assert words.of([told], persons.whose(Named("boston", name))) == [7]
    assert words.of([told], persons.whose(Named("boston", "cy"))) == []


def test_what_need_not_be_hidden_stays_and_nobody_makes_a_letter_look_hidden(
    tmp_path: Path,
) -> None:
    letters = letters_in(tmp_path)
    for message in (
        letter(REPORT | {"confidential": False}),
        letter({"commitment": "1"}, "commitment.made"),
    ):
        forged = message._replace(headers={HIDDEN: "mine"})
        assert letters.hidden(STREAM, forged) == message == letters.shown(STREAM, message)


async def test_a_dead_message_is_in_dead_without_its_words_and_can_be_tried_again(
    nats: Client, tmp_path: Path
) -> None:
    def broken(*_: object) -> object:
        raise ZeroDivisionError(SAID)

    vault = vault_in(tmp_path)
    store = JetStreamEventStore(nats, Codec(vault))
    handler = CommandHandler(store, (report.category, check.category), lambda: MONDAY)
    translate: Any = translator({ROXBURY}, {STREET_LIGHTS}, {"boston"})
    box = Inbox(
        nats,
        "intake",
        "boston",
        handler,
        broken,
        lambda _: MONDAY,
        DIGESTS,
        SealedLetters(vault, Persons(vault, DIGESTS)),
    )
    body = json.dumps(REPORT | {"filed_at": MONDAY.isoformat()}).encode()
    await nats.jetstream().publish("inbox.boston.report.submitted", body, headers=HEADERS)
    running = asyncio.create_task(box.run())
    async with asyncio.timeout(WITHIN_S):
        while box.position < 1:
            await asyncio.sleep(0.01)
    running.cancel()
    (dead,) = await dead_letters(nats)
    assert SAID not in repr(dead)
    assert dead.error == "ZeroDivisionError"
    box._preparation._translate = translate
    assert await box.redrive(dead.message) is None
    filed = await nats.jetstream().get_msg("INTAKE", 1)
    assert SAID.encode() not in (filed.data or b"")
    vault.destroy([aggregate_id("report", "boston", "7")])
    assert isinstance(await box.redrive(dead.message), ClosedLetterError)
