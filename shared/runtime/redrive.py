"""Has a dead letter tried again: `cmd.{service}.redrive` with its number in DEAD."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Protocol

from faststream.nats import NatsBroker
from pydantic import BaseModel

from shared.eventsourcing.errors import DomainError
from shared.eventsourcing.jetstream.dead_letters import dead_letter, remove
from shared.eventsourcing.jetstream.reader import Message
from shared.runtime.broker import answers

TryAgain = Callable[[Message], Awaitable[Exception | None]]


class Follower(Protocol):
    """What works through `stream`; `redrive` tells what still stands against a message."""

    stream: str

    async def redrive(self, message: Message) -> Exception | None: ...


class Redrive(BaseModel):
    number: int


class NoSuchLetterError(DomainError):
    pass


class StillFailsError(DomainError):
    pass


def by_stream(followers: Iterable[Follower]) -> dict[str, TryAgain]:
    """Where several follow one stream, each tries: a letter does not say whose it is, and what is
    done is not done twice."""
    found: dict[str, list[Follower]] = {}
    for follower in followers:
        found.setdefault(follower.stream, []).append(follower)
    return {stream: _each_of(several) for stream, several in found.items()}


def _each_of(followers: Sequence[Follower]) -> TryAgain:
    async def try_again(message: Message) -> Exception | None:
        errors = [await follower.redrive(message) for follower in followers]
        return next((error for error in errors if error is not None), None)

    return try_again


def serve_redrive(
    broker: NatsBroker, service: str, by_stream: Mapping[str, TryAgain], program: str = ""
) -> None:
    """`by_stream` tells who tries again what came from which stream. The letters are the service's,
    also where a `program` of its own has them."""
    asked = program or service

    @answers(broker, f"cmd.{asked}.redrive", "Redrive", asked)
    async def redrive(body: Redrive) -> dict[str, int]:
        client = broker.connection
        letter = await dead_letter(client, body.number)
        if letter is None or letter.service != service or letter.stream not in by_stream:
            raise NoSuchLetterError(f"{service} has no dead message {body.number}")
        error = await by_stream[letter.stream](letter.message)
        if error is not None:
            raise StillFailsError(f"it failed again: {type(error).__name__}: {error}")
        await remove(client, body.number)
        return {"redriven": body.number}
