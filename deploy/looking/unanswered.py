"""A message without a receipt: where it is, and why it has none."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Literal

from deploy.looking.reading import messages
from deploy.looking.receipts import Asked
from shared.contracts.reference import Reference
from shared.contracts.routing import is_inbox, source_of
from shared.eventsourcing.inbox.receipts import taken_in
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import message_for
from shared.eventsourcing.jetstream.message import Message


@dataclass(frozen=True)
class Unanswered:
    """It lies dead, at `number` in DEAD; or waits, for its inbox is taken in only `through` there;
    or it should have one and does not."""

    where: Reference
    state: Literal["dead", "waits", "without"]
    number: int = 0
    through: int = 0

    def __str__(self) -> str:
        match self.state:
            case "dead":
                return (
                    f"failed for a reason of ours, and has no receipt yet: DEAD/{self.number};"
                    f" `tribune dead redrive {self.number}` tries it again"
                )
            case "waits":
                return (
                    "is not taken in yet: all up to"
                    f" {Reference(self.where.stream, self.through)} are"
                )
            case _:
                return "has no receipt, though it was taken in; `tribune verify` tells more"


async def unanswered(client: Client, asked: Asked) -> AsyncGenerator[Unanswered, None]:
    """Every message of that name. A `ce-id` that stands in a body is not found."""
    dead = set()
    async with aclosing(_dead(client, asked)) as letters:
        async for letter in letters:
            dead.add(letter.where)
            yield letter
    infos = await client.jetstream().streams_info()
    inboxes = filter(is_inbox, (str(info.config.name) for info in infos))
    for stream in sorted(filter(asked.is_in, inboxes)):
        async with aclosing(_places(client, stream, asked)) as places:
            async for place in places:
                if place not in dead:
                    yield await _undecided(client, place)


async def _dead(client: Client, asked: Asked) -> AsyncGenerator[Unanswered, None]:
    """They outlive the inbox."""
    async with aclosing(messages(client, "DEAD", ["dead.intake.>"], headers_only=True)) as letters:
        async for message in letters:
            place = Reference.parse("/".join(message.subject.split(".")[2:]))
            named = (place == asked.place) if asked.place else _is_named(message, asked)
            if place and named and asked.is_in(place.stream):
                yield Unanswered(place, "dead", number=message.sequence)


async def _places(client: Client, stream: str, asked: Asked) -> AsyncGenerator[Reference, None]:
    if asked.place:
        query = {"seq": asked.place.sequence}
        if await message_for(client, stream, query):
            yield asked.place
        return
    async with aclosing(messages(client, stream, headers_only=True)) as all_of_it:
        async for message in all_of_it:
            if _is_named(message, asked):
                yield Reference(stream, message.sequence)


def _is_named(message: Message, asked: Asked) -> bool:
    return message.headers.get("ce-id") == asked.message


async def _undecided(client: Client, place: Reference) -> Unanswered:
    through = (await taken_in(client, source_of(place.stream))).through
    if place.sequence > through:
        return Unanswered(place, "waits", through=through)
    return Unanswered(place, "without", through=through)
