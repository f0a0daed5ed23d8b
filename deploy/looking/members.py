"""What happened to members, from the log; all of them, or one."""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from deploy.looking.ids import Names
from deploy.looking.lookup import Log, history
from deploy.looking.reading import batches
from deploy.looking.why import UnknownIdError
from shared.contracts.routing import streams_of
from shared.eventsourcing.event_store import AggregateKey, RecordedEvent
from shared.eventsourcing.jetstream.ends import last_under

Tell = Callable[[int, float], None]


async def of_all(log: Log, tell: Tell) -> AsyncGenerator[RecordedEvent]:
    """Those of each member in their order; of a kind that nobody knows none. `tell` is told how
    many were read, and which share of the log that is."""
    streams, done = streams_of("promotion"), 0
    for number, stream in enumerate(streams):
        only = [f"{stream.lower()}.member.>"]
        until = await last_under(log.client, stream, only)
        async with aclosing(batches(log.client, stream, until, only)) as found:
            async for batch in found:
                for message in batch:
                    recorded = log.codec.decode_known(
                        message.headers, message.body, message.sequence
                    )
                    if recorded is not None:
                        yield recorded
                done += len(batch)
                tell(done, (number + batch[-1].sequence / until) / len(streams))


async def member_named(log: Log, given: str, names: Names) -> AggregateKey:
    """By the log's own id, or a public one where the release key is known.

    Raises UnknownIdError.
    """
    key = AggregateKey("promotion", "member", given)
    if given.isalnum() and await _is_there(log, key):
        return key
    async with aclosing(names.of_the_public(log.client, given, "member")) as found:
        async for behind in found:
            return behind
    raise UnknownIdError(
        f"nothing in the log is of a member {given}; give the id as `tribune promotion what-if`,"
        " the log or a page has it"
    )


async def _is_there(log: Log, key: AggregateKey) -> bool:
    async with aclosing(history(log, key)) as found:
        async for _ in found:
            return True
    return False
