"""Publishing into a stream: one message, or a batch that is stored whole or not at all."""

import asyncio
import json
import random
from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import BadSubjectError
from nats.errors import Error as NatsError

from shared.eventsourcing.errors import (
    ConcurrencyError,
    LogFullError,
    LogUnavailableError,
    RefusedAppendError,
    StoreFullError,
    TooLargeError,
)
from shared.eventsourcing.event_store import nobody_listens
from shared.eventsourcing.jetstream.wire import Outgoing, hpub, write
from shared.eventsourcing.lease import heed_lease

CONFLICT_CODES = {10071, 10164, 10201}
BUSY_CODES = {10167, 10176, 10210, 10008}
STREAM_FULL_CODES, STORE_FULL_CODES = {10077}, {10023, 10047}
ANSWER_WITHIN = 5.0
TRY_FOR = 60.0
UNAVAILABLE = 503
NO_STREAM = b'{"error":{"code":503,"err_code":0,"description":"no stream takes this subject"}}'
LARGEST_BATCH_BYTES = 8 * 1024 * 1024


def expecting(sequence: int, subject_filter: str) -> dict[str, str]:
    """The headers that make the server check the last sequence over a subject filter."""
    return {
        "Nats-Expected-Last-Subject-Sequence": str(sequence),
        "Nats-Expected-Last-Subject-Sequence-Subject": subject_filter,
    }


def expecting_end(sequence: int) -> dict[str, str]:
    """The header that makes the server check the last sequence of the whole stream."""
    return {"Nats-Expected-Last-Sequence": str(sequence)}


class InDoubtError(ConcurrencyError):
    """A conflict after an attempt whose answer got lost: it may be our own."""


class Publisher:
    """Appends with repetition until the server answers, at most `try_for` seconds."""

    def __init__(self, client: Client, try_for: float = TRY_FOR) -> None:
        self._client = client
        self._try_for = try_for

    async def publish(
        self, messages: Sequence[Outgoing], sent: Callable[[], None] = nobody_listens
    ) -> int:
        """Store all messages or none; the sequence of the last. `sent` is called once they are on
        their way, and again if they have to be sent again.

        Raises ConcurrencyError (InDoubtError if it may be our own doing), TooLargeError,
        RefusedAppendError, LogFullError, LogUnavailableError; LeaseLostError if the loop that asks
        belongs to another process meanwhile.
        """
        give_up = asyncio.get_running_loop().time() + self._try_for
        in_doubt = False
        pause = 0.05
        while True:
            await heed_lease()
            try:
                answer = await self._send(messages, sent)
            except BadSubjectError:
                raise RefusedAppendError("a subject with characters that none may have") from None
            except (NatsError, OSError, TimeoutError) as error:
                in_doubt, reason = True, repr(error)
            else:
                if "error" not in answer:
                    return int(answer["seq"])
                reason = _take_note(answer["error"], messages[0].subject, in_doubt=in_doubt)
            if asyncio.get_running_loop().time() > give_up:
                raise LogUnavailableError(f"no answer to an append in {self._try_for} s: {reason}")
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311
            pause = min(pause * 2, 1.0)

    async def _send(self, messages: Sequence[Outgoing], sent: Callable[[], None]) -> Any:
        """All but the last message of a batch ask for no answer; the last one commits."""
        inbox = self._client.new_inbox()
        commands = self._commands(messages, inbox)
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        async def receive(message: Msg) -> None:
            if not answer.done():
                answer.set_result(message.data)

        subscription = await self._client.subscribe(inbox, cb=receive, max_msgs=1)
        try:
            await write(self._client, commands)
            sent()
            async with asyncio.timeout(ANSWER_WITHIN):
                return json.loads(await answer or NO_STREAM)
        finally:
            await subscription.unsubscribe()

    def _commands(self, messages: Sequence[Outgoing], inbox: str) -> list[bytes]:
        """Raises TooLargeError before anything is written: the server would hang up for good."""
        if len(messages) == 1:
            commands = [hpub(messages[0], {}, inbox)]
        else:
            batch = {"Nats-Batch-Id": uuid4().hex}
            commands = [
                hpub(message, batch | {"Nats-Batch-Sequence": str(number)})
                for number, message in enumerate(messages[:-1], 1)
            ]
            last = {"Nats-Batch-Sequence": str(len(messages)), "Nats-Batch-Commit": "1"}
            commands.append(hpub(messages[-1], batch | last, inbox))
        most = self._client.max_payload
        if (largest := max(map(len, commands))) > most:
            raise TooLargeError(f"a message of {largest:,} bytes; {most:,} is the most")
        if len(commands) > 1 and (whole := sum(map(len, commands))) > LARGEST_BATCH_BYTES:
            raise TooLargeError(f"a batch of {whole:,} bytes; {LARGEST_BATCH_BYTES:,} is the most")
        return commands


def _take_note(error: dict[str, Any], subject: str, *, in_doubt: bool) -> str:
    """The reason, if it is worth trying again; else it is raised."""
    code, reason = error.get("err_code"), str(error["description"])
    if code in CONFLICT_CODES:
        raise InDoubtError(reason) if in_doubt else ConcurrencyError(reason)
    if code in STREAM_FULL_CODES | STORE_FULL_CODES:
        full = StoreFullError if code in STORE_FULL_CODES else LogFullError
        raise full(f"{subject.partition('.')[0]}: {reason} ({code})")
    if code not in BUSY_CODES and error.get("code") != UNAVAILABLE:
        raise RefusedAppendError(f"{subject}: {reason} ({code})")
    return reason
