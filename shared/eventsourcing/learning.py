"""How a reaction and a relay begin: where they were, and what older processes let pass is made good
first, for they did not know its types."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

import structlog

from shared.contracts.event import Event
from shared.eventsourcing.errors import LogDamagedError
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import ends_at, last_under
from shared.eventsourcing.jetstream.positions import Position, PositionKeeper
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader

BATCH = 500

Types = Sequence[type[Event]]


def names_of(handles: Types) -> frozenset[str]:
    return frozenset(event_type.type_name() for event_type in handles)


def learned(handles: Types, at: Position) -> frozenset[str]:
    """The types that are handled by now, and were not before."""
    return names_of(handles) - at.handles if at.sequence else frozenset()


async def begun(client: Client, keeper: PositionKeeper, writes: str) -> Position:
    """Where it was. Raises LogDamagedError if what it has written into `writes` is gone."""
    at = await keeper.begin()
    if at.wrote and at.wrote > (end := await ends_at(client, writes)):
        raise LogDamagedError(
            f"{writes} ends at {end}, but {keeper.name} wrote up to {at.wrote}: the log went"
            " backwards"
        )
    return at


async def made_good(
    client: Client,
    keeper: PositionKeeper,
    stream: str,
    handles: Types,
    work: Callable[[list[Message]], Awaitable[None]],
) -> None:
    """Give `work` the events up to the position whose types were learned, in order; from then on
    they count as handled."""
    at = keeper.position
    if names := learned(handles, at):
        log = structlog.get_logger()
        log.info("catches up on what it has learned", reader=keeper.name, until=at.sequence)
        filters = [each.filter() for each in handles if each.type_name() in names]
        last = min(at.sequence, await last_under(client, stream, filters))
        async with open_reader(client, ReadFrom(stream, 1, filters=filters, batch=BATCH)) as reader:
            async for batch in reader.through(last):
                await work([each for each in batch if each.sequence <= at.sequence])
    if at.handles != names_of(handles):
        await keeper.move(replace(at, handles=names_of(handles)))
