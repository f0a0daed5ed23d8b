"""The DEAD stream: messages that failed for a reason of ours, kept until somebody redrives them."""

import json
import re
from dataclasses import dataclass

import structlog
from nats.aio.client import Client

from shared.contracts.reference import Reference
from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.jetstream.append import Publisher, expecting
from shared.eventsourcing.jetstream.deleting import delete
from shared.eventsourcing.jetstream.ends import message_for
from shared.eventsourcing.jetstream.reader import Message
from shared.eventsourcing.jetstream.wire import Outgoing, one_line

SUBJECT, ERROR = "Tribune-Subject", "Tribune-Error"
HIDDEN = "Tribune-Sealed-For"
"""Of a letter that is sealed: whose key it is under."""
NOT_KEPT = ("nats-", "status", "description")
_NAME = re.compile(r"[!-9;-~]+")
_LETTER = re.compile(r"dead\.([^.]+)\.([^.]+)\.([0-9]{1,15})")


@dataclass(frozen=True)
class DeadLetter:
    """`number` is its sequence in DEAD; the message itself came from `stream` at `sequence`."""

    number: int
    service: str
    stream: str
    sequence: int
    error: str
    message: Message

    @property
    def reference(self) -> Reference:
        return Reference(self.stream, self.sequence)


async def bury(
    publisher: Publisher, service: str, stream: str, message: Message, error: Exception
) -> None:
    """Keep the message with its error; the same message twice is kept once.

    The log line says where it stands and nothing that is in it: a `ce-id` may be a phone number.
    """
    where = str(Reference(stream, message.sequence))
    structlog.get_logger().error(
        "a message is dead", message=where, correlation_id=where, error=type(error).__name__
    )
    subject = f"dead.{service}.{stream}.{message.sequence}"
    headers = {name: one_line(value) for name, value in message.headers.items() if _is_kept(name)}
    headers |= {
        SUBJECT: one_line(message.subject),
        ERROR: one_line(_told(error, message))[:500],
        **expecting(0, subject),
    }
    try:
        await publisher.publish([Outgoing(subject, message.body, headers)])
    except ConcurrencyError:
        return


def _told(error: Exception, message: Message) -> str:
    """An error may quote what it failed of; of a hidden letter only its kind is told."""
    kind = type(error).__name__
    return kind if HIDDEN in message.headers else f"{kind}: {error}"


async def dead_letters(client: Client) -> list[DeadLetter]:
    """All that wait, oldest first. What is none is passed over: `verify` names it."""
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


async def buried(client: Client, service: str, stream: str) -> set[int]:
    """The sequences of a stream's messages that lie in DEAD, by one question."""
    filter_ = f"dead.{service}.{stream}.>"
    info = await client.jetstream().stream_info("DEAD", subjects_filter=filter_)
    found = map(_LETTER.fullmatch, info.state.subjects or ())
    return {int(letter[3]) for letter in found if letter}


async def dead_letter(client: Client, number: int) -> DeadLetter | None:
    letter = await _next_letter(client, number)
    return letter if letter and letter.number == number else None


async def remove(client: Client, number: int) -> None:
    await delete(client, "DEAD", number)


async def forget(client: Client, service: str, stream: str, behind: int) -> None:
    """Remove the letters of a stream's messages that come after the sequence `behind`. Of one that
    is not in its stream any more the letter is all there is."""
    for letter in await dead_letters(client):
        is_behind = (letter.service, letter.stream) == (service, stream)
        if (
            is_behind
            and letter.sequence > behind
            and await message_for(client, stream, {"seq": letter.sequence})
        ):
            await remove(client, letter.number)


async def _next_letter(client: Client, start: int) -> DeadLetter | None:
    found = None
    while found is None:
        query = json.dumps({"seq": start, "next_by_subj": "dead.>"}).encode()
        answer = await client.request("$JS.API.DIRECT.GET.DEAD", query, timeout=5)
        headers = answer.headers or {}
        if "Nats-Sequence" not in headers:
            return None
        number = int(headers["Nats-Sequence"])
        found, start = _LETTER.fullmatch(headers["Nats-Subject"]), number + 1
    service, stream, sequence = found.groups()
    own = {k: v for k, v in headers.items() if _is_kept(k) and k not in (SUBJECT, ERROR)}
    message = Message(headers.get(SUBJECT, ""), own, answer.data, int(sequence))
    return DeadLetter(number, service, stream, int(sequence), headers.get(ERROR, ""), message)


def _is_kept(name: str) -> bool:
    """Neither what steers the server nor what could not be sent again."""
    return _NAME.fullmatch(name) is not None and not name.lower().startswith(NOT_KEPT)
