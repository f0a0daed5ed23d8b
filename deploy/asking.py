"""Asks a service by request and reply."""

import asyncio
import json
import math
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar

from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError

from shared.eventsourcing.jetstream.connection import Client

T = TypeVar("T")

AWAY = (NatsError, OSError, TimeoutError)
TRIES, TRY_AGAIN_S = 120, 0.25
FIRST_WITHIN_S, OTHERS_WITHIN_S = 6.0, 0.5
NOBODY = "503"


class NoAnswerError(TimeoutError):
    """The service is there and did not answer in time."""


class NobodyAnswersError(NoRespondersError):
    """No process of the service runs; says which service, and where it was asked."""

    def __init__(self, client: Client, service: str) -> None:
        url = client.connected_url
        where = f"the suite at {url.hostname}:{url.port}" if url else "the suite"
        super().__init__(
            f"{service} does not run in {where}, so nobody answers; start the suite with `tribune"
            " up`, or see `tribune status`"
        )

    def __str__(self) -> str:
        return str(self.args[0])


class NotDoneError(Exception):
    """The service refused or failed, and says why."""


async def ask(
    client: Client, service: str, query: str = "progress", body: Any = None, *, within_s: float = 10
) -> Any:
    """The answer of `query.{service}.{query}`."""
    return await request(client, f"query.{service}.{query}", body, within_s=within_s)


async def request(client: Client, subject: str, body: Any = None, *, within_s: float = 10) -> Any:
    """Raises NotDoneError with the problem's words; or NobodyAnswersError, NoAnswerError."""
    service = subject.split(".")[1]
    try:
        answer = await client.request(subject, _written(body), timeout=within_s)
    except NoRespondersError as error:
        raise NobodyAnswersError(client, service) from error
    except TimeoutError as error:
        raise NoAnswerError(f"{service} did not answer within {within_s:g} s") from error
    return _read(answer)


async def ask_all(client: Client, service: str) -> list[Any]:
    """The progress of all replicas of a service, the first one first; none if none runs.

    Nobody knows how many there are, so after each answer there is a short wait for another one.
    """
    inbox = client.new_inbox()
    subscription = await client.subscribe(inbox)
    answers: list[Any] = []
    try:
        await client.publish(f"query.{service}.progress", _written(None), reply=inbox)
        with suppress(TimeoutError):
            while True:
                patience = OTHERS_WITHIN_S if answers else FIRST_WITHIN_S
                message = await subscription.next_msg(timeout=patience)
                if (message.headers or {}).get("Status") == NOBODY:
                    break
                try:
                    answers.append(_read(message))
                except NotDoneError as error:
                    answers.append({"service": service, "troubles": [str(error)]})
    finally:
        await subscription.unsubscribe()
    return answers


def _written(body: Any) -> bytes:
    return json.dumps(body or {}).encode()


def _read(answer: Msg) -> Any:
    said = json.loads(answer.data)
    if (answer.headers or {}).get("status", "200") >= "400":
        raise NotDoneError(f"{said['title']}: {said['detail']}")
    return said


async def outlasting(
    client: Client,
    question: Callable[[], Awaitable[T]],
    *,
    tries: float = TRIES,
    for_s: float = math.inf,
    away: tuple[type[Exception], ...] = AWAY,
) -> T:
    """Ask again while NATS or a service is away for a while, as after a crash; never once the
    connection is closed. What is no `away` is raised at once."""
    clock = asyncio.get_running_loop().time
    give_up, tried = clock() + for_s, 0
    while True:
        try:
            return await question()
        except away:
            tried += 1
            if client.is_closed or tried > tries or clock() > give_up:
                raise
            await asyncio.sleep(TRY_AGAIN_S)
