"""How many dead letters came from each inbox."""

from collections import Counter

from shared.contracts.routing import is_inbox, source_of
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.dead_letters import dead_letters


async def dead_by_inbox(client: Client) -> Counter[str]:
    """By source."""
    letters = await dead_letters(client)
    return Counter(source_of(each.stream) for each in letters if is_inbox(each.stream))
