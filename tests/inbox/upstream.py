"""What the inbox tests share: upstream messages, a running inbox, a raw client, all receipts."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from nats.aio.client import Client

from services.intake.domain import check, report
from services.intake.translate import translator
from shared.contracts.receipt import Accepted, Receipts, Refused
from shared.eventsourcing.command_handler import CommandHandler
from shared.eventsourcing.digests import Digests
from shared.eventsourcing.inbox.serve import Inbox
from shared.eventsourcing.jetstream.dead_letters import dead_letters
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader
from shared.runtime.loops import Loop, Loops
from shared.testing.examples import (
    DIGESTS,
    DORCHESTER,
    GRAFFITI,
    MONDAY,
    ROXBURY,
    STREET_LIGHTS,
)

WITHIN_S = 60.0
PLACES = {ROXBURY, DORCHESTER}
SECTORS = {STREET_LIGHTS, GRAFFITI}
SUBMITTED = "inbox.boston.report.submitted"
RESOLVED = "inbox.boston.report.resolved"

Headers = dict[str, str]


def submitted(number: int, ce_id: str | None = None, **changes: Any) -> tuple[Headers, bytes]:
    """A good `report.submitted`, unless the changes make it a bad one."""
    body = {
        "report": str(number),
        "place": ROXBURY,
        "sector": STREET_LIGHTS,
        "text": "The lamp is out.",
        "filed_at": MONDAY.isoformat(),
    } | changes
    return headers(ce_id or f"submitted-{number}"), json.dumps(body).encode()


def confirmed(number: int) -> tuple[Headers, bytes]:
    body = {"report": str(number), "outcome": "confirmed", "resolved_at": MONDAY.isoformat()}
    return headers(f"confirmed-{number}", "report.resolved"), json.dumps(body).encode()


def headers(ce_id: str, kind: str = "report.submitted") -> Headers:
    return {
        "ce-specversion": "1.0",
        "ce-id": ce_id,
        "ce-source": "https://311.example",
        "ce-type": kind,
        "content-type": "application/json",
    }


async def send(client: Client, *messages: tuple[Headers, bytes], subject: str = SUBMITTED) -> None:
    """Returns when all are stored, whoever else sends."""
    acknowledgements = [
        await client.jetstream().publish_async(subject, body, headers=message_headers)
        for message_headers, body in messages
    ]
    await asyncio.wait_for(asyncio.gather(*acknowledgements), WITHIN_S)


def handler(client: Client) -> CommandHandler:
    categories = (report.category, check.category)
    return CommandHandler(JetStreamEventStore(client), categories, lambda: MONDAY)


def inbox(
    client: Client, commands: CommandHandler | None = None, digests: Digests = DIGESTS
) -> Inbox:
    translate = translator(PLACES, SECTORS)
    commands = commands or handler(client)
    return Inbox(client, "intake", "boston", commands, translate, lambda _: MONDAY, digests)


@asynccontextmanager
async def running(box: Inbox) -> AsyncIterator[Inbox]:
    """As a service runs it: what fails begins again from its checkpoint."""
    loops = Loops([Loop("inbox", box.run, position=lambda: box.position)])
    task = asyncio.create_task(loops.run())
    try:
        yield box
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert not loops.damaged.is_set(), loops.troubles()


@dataclass
class Answered:
    """By inbox sequence; a message that got two receipts would show in `receipts`."""

    accepted: dict[int, Accepted] = field(default_factory=dict)
    refused: dict[int, Refused] = field(default_factory=dict)
    dead: dict[int, str] = field(default_factory=dict)
    receipts: int = 0
    messages: int = 0

    def is_complete(self, sent: int) -> bool:
        """Every message has exactly one receipt, or lies in DEAD."""
        answered = [*self.accepted, *self.refused, *self.dead]
        return sorted(answered) == list(range(1, sent + 1)) and self.receipts == len(
            self.accepted
        ) + len(self.refused)


async def answers(client: Client, box: Inbox) -> Answered:
    """All there are once everything that was sent before has been taken in."""
    sent = (await client.jetstream().stream_info(box.stream)).state.last_seq
    async with asyncio.timeout(WITHIN_S):
        while box.position < sent:
            await asyncio.sleep(0.005)
    return await all_answers(client)


async def all_answers(client: Client) -> Answered:
    found = Answered()
    for message in await read_stream(client, "RECEIPTS"):
        receipts = Receipts.model_validate_json(message.body)
        found.messages += 1
        found.receipts += len(receipts.accepted) + len(receipts.refused)
        found.accepted |= {receipt.inbox_sequence: receipt for receipt in receipts.accepted}
        found.refused |= {receipt.inbox_sequence: receipt for receipt in receipts.refused}
    found.dead = {letter.sequence: letter.error for letter in await dead_letters(client)}
    return found


async def read_stream(client: Client, stream: str) -> list[Message]:
    last = (await client.jetstream().stream_info(stream)).state.last_seq
    messages: list[Message] = []
    async with open_reader(client, ReadFrom(stream, 1)) as reader:
        while len(messages) < last:
            messages += await asyncio.wait_for(reader.next(), WITHIN_S)
    return messages


async def all_stored(client: Client, count: int) -> None:
    """A stream takes in what it was sent only after the server has taken it."""
    async with asyncio.timeout(WITHIN_S):
        while (await client.jetstream().stream_info("INBOX_BOSTON")).state.last_seq < count:
            await asyncio.sleep(0.002)


async def send_raw(url: str, *messages: tuple[bytes, bytes, bytes]) -> list[bytes]:
    """Subject, header block and body as they are, by a client that checks nothing; its errors."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    await reader.readline()
    writer.write(b'CONNECT {"verbose":false,"pedantic":false,"headers":true}\r\n')
    for subject, block, body in messages:
        size = len(block) + len(body)
        command = (
            b"HPUB %b %d %d\r\n%b%b\r\n" % (subject, len(block), size, block, body)
            if block
            else b"PUB %b %d\r\n%b\r\n" % (subject, len(body), body)
        )
        writer.write(command)
    writer.write(b"PING\r\n")
    await writer.drain()
    errors = []
    while not (line := await asyncio.wait_for(reader.readline(), WITHIN_S)).startswith(b"PONG"):
        if not line:
            errors.append(b"the server hung up")
            break
        if line.startswith(b"-ERR"):
            errors.append(line)
    writer.close()
    return errors
