"""The DEAD stream: messages that failed for a reason of ours, kept until somebody redrives them."""

import json
from dataclasses import dataclass

from nats.aio.client import Client
from nats.js.errors import NotFoundError

from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.jetstream.append import Publisher, expecting
from shared.eventsourcing.jetstream.reader import Message
from shared.eventsourcing.jetstream.wire import Outgoing

SUBJECT, ERROR = "Tribune-Subject", "Tribune-Error"
NOT_KEPT = ("Nats-", "Status", "Description")


@dataclass(frozen=True)
class DeadLetter:
    """`number` is its sequence in DEAD; the message itself came from `stream` at `sequence`."""

    number: int
    service: str
    stream: str
    sequence: int
    error: str
    message: Message


async def bury(
    publisher: Publisher, service: str, stream: str, message: Message, error: Exception
) -> None:
    """Keep the message with its error; the same message twice is kept once."""
    subject = f"dead.{service}.{stream}.{message.sequence}"
    headers = {k: v for k, v in message.headers.items() if k and not k.startswith(NOT_KEPT)}
    reason = f"{type(error).__name__}: {error}"
    headers |= {
        SUBJECT: message.subject,
        ERROR: " ".join(reason.split())[:500],
        **expecting(0, subject),
    }
    try:
        await publisher.publish([Outgoing(subject, message.body, headers)])
    except ConcurrencyError:
        return


async def dead_letters(client: Client) -> list[DeadLetter]:
    """All that wait, oldest first."""
    jetstream = client.jetstream()
    state = (await jetstream.stream_info("DEAD")).state
    letters = []
    sequence = state.first_seq
    while state.messages and sequence <= state.last_seq:
        letter = await _next_letter(client, sequence)
        if letter is None:
            break
        letters.append(letter)
        sequence = letter.number + 1
    return letters


async def dead_letter(client: Client, number: int) -> DeadLetter | None:
    letter = await _next_letter(client, number)
    return letter if letter and letter.number == number else None


async def remove(client: Client, number: int) -> None:
    try:
        await client.jetstream().delete_msg("DEAD", number)
    except NotFoundError:
        return


async def _next_letter(client: Client, start: int) -> DeadLetter | None:
    answer = await client.request(
        "$JS.API.DIRECT.GET.DEAD",
        json.dumps({"seq": start, "next_by_subj": "dead.>"}).encode(),
        timeout=5,
    )
    headers = answer.headers or {}
    if "Nats-Sequence" not in headers:
        return None
    _, service, stream, sequence = headers["Nats-Subject"].split(".")
    own = {k: v for k, v in headers.items() if not k.startswith((*NOT_KEPT, SUBJECT, ERROR))}
    message = Message(headers.get(SUBJECT, ""), own, answer.data, int(sequence), 0, 0)
    number = int(headers["Nats-Sequence"])
    return DeadLetter(number, service, stream, int(sequence), headers.get(ERROR, ""), message)
