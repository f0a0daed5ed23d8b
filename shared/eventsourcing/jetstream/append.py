"""Publishing into a stream: one message, or a batch that is stored whole or not at all."""

import asyncio
import json
import random
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from shared.eventsourcing.errors import ConcurrencyError, LogUnavailableError
from shared.eventsourcing.jetstream.wire import Outgoing, hpub, write

CONFLICT_CODES = {10071, 10164, 10201}
BUSY_CODES = {10167, 10023, 10176, 10210, 10008}
ANSWER_WITHIN = 5.0
TRY_FOR = 60.0
UNAVAILABLE = 503
NO_STREAM = b'{"error":{"code":503,"err_code":0,"description":"no stream takes this subject"}}'


def expecting(sequence: int, subject_filter: str) -> dict[str, str]:
    """The headers that make the server check the last sequence over a subject filter."""
    return {
        "Nats-Expected-Last-Subject-Sequence": str(sequence),
        "Nats-Expected-Last-Subject-Sequence-Subject": subject_filter,
    }


class RefusedAppendError(Exception):
    """The server refused for a reason that trying again does not cure."""


class InDoubtError(ConcurrencyError):
    """A conflict after an attempt whose answer got lost: it may be our own."""


class Publisher:
    """Appends with repetition until the server answers, at most `try_for` seconds."""

    def __init__(self, client: Client, try_for: float = TRY_FOR) -> None:
        self._client = client
        self._try_for = try_for

    async def publish(self, messages: Sequence[Outgoing]) -> int:
        """Store all messages or none; the sequence of the last.

        Raises ConcurrencyError (InDoubtError if it may be our own doing), RefusedAppendError,
        LogUnavailableError.
        """
        give_up = asyncio.get_running_loop().time() + self._try_for
        in_doubt = False
        pause = 0.05
        while True:
            try:
                answer = await (
                    self._single(messages[0]) if len(messages) == 1 else self._batch(messages)
                )
            except (NatsError, OSError, TimeoutError) as error:
                in_doubt, reason = True, repr(error)
            else:
                if "error" not in answer:
                    return int(answer["seq"])
                code, reason = answer["error"].get("err_code"), answer["error"]["description"]
                if code in CONFLICT_CODES:
                    raise InDoubtError(reason) if in_doubt else ConcurrencyError(reason)
                if code not in BUSY_CODES and answer["error"].get("code") != UNAVAILABLE:
                    raise RefusedAppendError(f"{messages[0].subject}: {reason} ({code})")
            if asyncio.get_running_loop().time() > give_up:
                raise LogUnavailableError(f"no answer to an append in {self._try_for} s: {reason}")
            await asyncio.sleep(pause * random.uniform(0.5, 1.5))  # noqa: S311
            pause = min(pause * 2, 1.0)

    async def _single(self, message: Outgoing) -> Any:
        answer = await self._client.request(
            message.subject, message.body, timeout=ANSWER_WITHIN, headers=message.headers
        )
        return json.loads(answer.data)

    async def _batch(self, messages: Sequence[Outgoing]) -> Any:
        """All but the last message ask for no answer; the last one commits."""
        batch_id, last = uuid4().hex, len(messages)
        inbox = self._client.new_inbox()
        answer: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        async def receive(message: Msg) -> None:
            if not answer.done():
                answer.set_result(message.data)

        subscription = await self._client.subscribe(inbox, cb=receive, max_msgs=1)
        try:
            commands = [
                hpub(message, {"Nats-Batch-Id": batch_id, "Nats-Batch-Sequence": str(number)})
                for number, message in enumerate(messages[:-1], 1)
            ]
            commit = {
                "Nats-Batch-Id": batch_id,
                "Nats-Batch-Sequence": str(last),
                "Nats-Batch-Commit": "1",
            }
            commands.append(hpub(messages[-1], commit, inbox))
            await write(self._client, commands)
            return json.loads(await asyncio.wait_for(answer, ANSWER_WITHIN) or NO_STREAM)
        finally:
            await subscription.unsubscribe()
