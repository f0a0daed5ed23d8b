"""Has an inbox, a reaction or a relay go through its stream again; nothing is done twice."""

from collections.abc import Sequence
from contextlib import suppress

from nats.errors import Error as NatsError

from deploy.looking.reading import batches
from deploy.suite import Flow, flows
from shared.contracts.routing import log_of
from shared.eventsourcing.errors import ConcurrencyError
from shared.eventsourcing.inbox.digest_key import release
from shared.eventsourcing.inbox.receipts import ReceiptWriter
from shared.eventsourcing.jetstream.append import Publisher
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.positions import Position, PositionKeeper

TRIES = 10
INBOX = "inbox-"


class CannotRedoError(Exception):
    """What is asked would lose something; says what to do."""


def names(sources: Sequence[str]) -> list[str]:
    """Of all readers that may be told, what comes first in the flow first."""
    return [*(INBOX + source for source in sources), *(flow.name for flow in flows())]


async def redo(client: Client, name: str, start: int | None) -> str:
    """From the sequence `start` on, by default from the first there is; says what will be done.

    `name` is one of `names`. Raises CannotRedoError; ConcurrencyError if its position moves all
    the time.
    """
    by_name = {flow.name: flow for flow in flows()}
    if name in by_name:
        return await _redo_flow(client, by_name[name], start or 1)
    return await _redo_inbox(client, name.removeprefix(INBOX), start)


async def _redo_flow(client: Client, flow: Flow, start: int) -> str:
    keeper = PositionKeeper(client, flow.service, flow.name)
    for _ in range(TRIES):
        at = await keeper.begin()
        if start > at.sequence + 1:
            raise CannotRedoError(
                f"{flow.name} is at {at.sequence:,} of {flow.stream}; what lies before {start:,}"
                " would be left out. Name a sequence that it has been at"
            )
        with suppress(ConcurrencyError):
            handles = at.handles if start > 1 else frozenset[str]()
            await keeper.move(Position(start - 1, handles, 0))
            await _tell(client, flow.asked, flow.name)
            return f"{flow.name} goes through {flow.stream} again from {start:,} on"
    raise ConcurrencyError(f"the position of {flow.name} moves all the time; try again")


async def _redo_inbox(client: Client, source: str, start: int | None) -> str:
    """Dead letters stay: intake removes those of what it takes in again, so nobody can die between
    the two."""
    stream = f"INBOX_{source.upper()}"
    state = (await client.jetstream().stream_info(stream)).state
    first = start or max(state.first_seq, 1)
    if first > state.last_seq + 1:
        raise CannotRedoError(f"{stream} ends at {state.last_seq:,}; there is no {first:,} in it")
    await _is_safe(client, source, stream, first)
    writer = ReceiptWriter(client, Publisher(client), source, log_of("intake"))
    for _ in range(TRIES):
        with suppress(ConcurrencyError):
            key_is_lost = start == await writer.reached() + 1  # what intake says to do then
            await writer.take_again(first - 1, any_key=key_is_lost)
            if key_is_lost:
                await release(client, "intake")
            await _tell(client, "intake", f"inbox {source}")
            return f"{stream} is taken in again from {first:,} on; earlier receipts are withdrawn"
    raise ConcurrencyError(f"the inbox of {source} moves all the time; try again")


async def _is_safe(client: Client, source: str, stream: str, first: int) -> None:
    """What can still be read and was not taken in yet is not given up."""
    writer = ReceiptWriter(client, Publisher(client), source, log_of("intake"))
    through = await writer.reached()
    if first <= through + 1:
        return
    async for batch in batches(client, stream, first - 1):
        for message in batch:
            if message.sequence > through:
                raise CannotRedoError(
                    f"message {message.sequence:,} of {stream} can be read and was not taken in"
                    f" yet; begin with it, or before it"
                )


async def _tell(client: Client, service: str, name: str) -> None:
    """Its processes, if any runs; who is not told learns of it when it writes."""
    for loop in (name, f"reaction {name}", f"relay {name}"):
        with suppress(NatsError):
            await client.publish(f"cmd.{service}.begin_again", f'{{"loop": "{loop}"}}'.encode())
    await client.flush()
