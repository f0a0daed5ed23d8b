"""Has a dead letter tried again: `cmd.{service}.redrive` with its number in DEAD."""

from collections.abc import Awaitable, Callable, Mapping

from faststream.nats import NatsBroker
from pydantic import BaseModel

from shared.eventsourcing.errors import DomainError
from shared.eventsourcing.jetstream.dead_letters import dead_letter, remove
from shared.eventsourcing.jetstream.reader import Message
from shared.runtime.broker import WAITING, WAITING_BYTES

TryAgain = Callable[[Message], Awaitable[Exception | None]]


class Redrive(BaseModel):
    number: int


class NoSuchLetterError(DomainError):
    pass


class StillFailsError(DomainError):
    pass


def serve_redrive(broker: NatsBroker, service: str, by_stream: Mapping[str, TryAgain]) -> None:
    """`by_stream` tells who tries again what came from which stream."""

    @broker.subscriber(
        f"cmd.{service}.redrive",
        queue=service,
        title="Redrive",
        pending_msgs_limit=WAITING,
        pending_bytes_limit=WAITING_BYTES,
    )
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
