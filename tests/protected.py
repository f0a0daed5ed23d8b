"""Reports and members of a protected source, in the log and out of it."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import time
from zoneinfo import ZoneInfo

from nats.aio.client import Client

from services.publishing.release.day import ReleaseTime
from services.publishing.release.releases import Releases
from shared.contracts.event import Event
from shared.contracts.member import MemberQualified
from shared.contracts.report import ReportConfirmed, ReportFiled, ReportRefuted, ReportReopened
from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.event_store import AggregateKey, Append, RecordedEvent
from shared.eventsourcing.jetstream.ends import ends_at
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.runtime.clock import Clock
from shared.testing.examples import (
    MEMBER_QUALIFIED,
    REPORT_CONFIRMED,
    REPORT_FILED,
    REPORT_REFUTED,
    REPORT_REOPENED,
    ROXBURY,
    STREET_LIGHTS,
    new_event,
    varied,
)

KEY = b"a key for tests"
SMALLEST = 2


def filed(
    number: int,
    place: str = ROXBURY,
    sector: str = STREET_LIGHTS,
    source: str = REPORT_FILED.source,
) -> ReportFiled:
    """By a correspondent of its own."""
    who = {"correspondent": f"{number:032x}", "source": source}
    where = {"report_id": f"{number:032x}", "place": place, "sector": sector}
    return varied(REPORT_FILED, **who, **where, protected=True)  # type: ignore[no-any-return]


def confirmed(of: ReportFiled) -> ReportConfirmed:
    return _settled(REPORT_CONFIRMED, of)  # type: ignore[return-value]


def refuted(of: ReportFiled) -> ReportRefuted:
    return _settled(REPORT_REFUTED, of)  # type: ignore[return-value]


def reopened(of: ReportFiled) -> ReportReopened:
    return _settled(REPORT_REOPENED, of)  # type: ignore[return-value]


def _settled(event: Event, of: ReportFiled) -> Event:
    where = {"report_id": of.report_id, "place": of.place, "sector": of.sector}
    return varied(event, **where, protected=True)  # type: ignore[no-any-return]


def qualified(number: int, place: str = ROXBURY, track: str = "correspondent") -> MemberQualified:
    who = {"member_id": f"{number:032x}", "place": place, "track": track}
    return varied(MEMBER_QUALIFIED, **who, protected=True)  # type: ignore[no-any-return]


async def append(client: Client, events: Sequence[Event]) -> None:
    """Each as the next one of its aggregate; of one aggregate all at once."""
    appends: dict[AggregateKey, list[Event]] = {}
    for event in events:
        key = AggregateKey(event.service, event.aggregate, event.aggregate_id)
        appends.setdefault(key, []).append(event)
    store = JetStreamEventStore(client)
    for key, those in appends.items():
        there = len(await store.load(key))
        last = (await store.load(key))[-1].sequence if there else 0
        command = f"{key.id} {there}"
        news = [new_event(e, there + n + 1, command, n) for n, e in enumerate(those)]
        await store.append([Append(key, last, news)])


def releases(client: Client, clock: Clock, *, wanted: bool = True) -> Releases:
    at = ReleaseTime(time(6), ZoneInfo("UTC"))
    return Releases(client, "publishing", KEY, at, SMALLEST, clock, wanted=wanted)


async def released(one: Releases, count: int = 1) -> None:
    """It runs until so many releases are out."""
    run = asyncio.create_task(one.run())
    await until(lambda: one.position >= count or run.done())
    run.cancel()
    (result,) = await asyncio.gather(run, return_exceptions=True)
    if isinstance(result, Exception):
        raise result


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not holds():
            await asyncio.sleep(0.005)


async def read(client: Client, stream: str) -> list[RecordedEvent]:
    found = []
    for sequence in range(1, await ends_at(client, stream) + 1):
        message = await client.jetstream().get_msg(stream, sequence)
        found.append(decode(message.headers or {}, message.data or b"", sequence))
    return found
