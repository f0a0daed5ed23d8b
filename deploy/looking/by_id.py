"""Finds the events that an id stands for, whichever of its ids people have of a thing."""

from collections.abc import AsyncIterator, Iterable, Iterator

from deploy.looking.ids import AGGREGATES, Names
from deploy.looking.lookup import Log, at, called, history
from shared.contracts.member import MemberQualified
from shared.contracts.reference import Reference
from shared.contracts.routing import logs
from shared.eventsourcing.event_store import AggregateKey, RecordedEvent


async def found(log: Log, given: str, names: Names) -> AsyncIterator[RecordedEvent]:
    """By `STREAM/sequence`, an id of a member, report or check, an event's, or a source's own."""
    reference = Reference.parse(given.upper())
    if reference and reference.stream in logs():
        if recorded := await at(log, reference):
            yield recorded
        return
    is_known = False
    async for recorded in _of_any(log, _named(given, names)):
        is_known = True
        yield recorded
    if is_known:
        return
    async for recorded in called(log, given):
        yield recorded


async def behind(log: Log, names: Names, public: Iterable[str]) -> AsyncIterator[RecordedEvent]:
    """What happened to what stands in PUBLIC under other ids."""
    for given in public:
        async for key in names.of_the_public(log.client, given):
            async for recorded in _of_aggregate(log, key):
                yield recorded


def _named(given: str, names: Names) -> Iterator[AggregateKey]:
    if given.isalnum():
        yield from (AggregateKey(*category, given) for category in AGGREGATES)
    yield from names.of_a_source(given)


async def _of_any(log: Log, keys: Iterable[AggregateKey]) -> AsyncIterator[RecordedEvent]:
    """Of the first that there is."""
    is_known = False
    for key in keys:
        async for recorded in _of_aggregate(log, key):
            is_known = True
            yield recorded
        if is_known:
            return


async def _of_aggregate(log: Log, key: AggregateKey) -> AsyncIterator[RecordedEvent]:
    """Its qualifications, if it has any; else all that happened to it."""
    is_qualified = False
    async for recorded in history(log, key, MemberQualified):
        is_qualified = True
        yield recorded
    if not is_qualified:
        async for recorded in history(log, key):
            yield recorded
