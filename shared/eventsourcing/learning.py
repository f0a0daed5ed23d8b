"""What an older process let pass, because it did not know the types, is read once more."""

from collections.abc import Awaitable, Callable, Collection, Iterable

from shared.contracts.event import Event
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import last_under
from shared.eventsourcing.jetstream.reader import Message, ReadFrom, open_reader

BATCH = 500


async def read_again(
    client: Client,
    stream: str,
    types: Iterable[type[Event]],
    learned: Collection[str],
    until: int,
    work: Callable[[list[Message]], Awaitable[None]],
) -> None:
    """Give `work` the events up to the sequence `until` whose types are `learned`, in order."""
    filters = [each.filter() for each in types if each.type_name() in learned]
    last = min(until, await last_under(client, stream, filters))
    async with open_reader(client, ReadFrom(stream, 1, filters=filters, batch=BATCH)) as reader:
        done = 0
        while done < last:
            batch = await reader.next()
            done = batch[-1].sequence
            await work([each for each in batch if each.sequence <= until])
