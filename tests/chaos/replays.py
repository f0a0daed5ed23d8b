"""A slice of the half year through the real suite, and what it left behind to compare."""

import asyncio
import json
from collections import Counter
from dataclasses import dataclass
from typing import Any

from faults import Faults
from real_suite import Home, started

from deploy.asking import outlasting
from deploy.feeding.demo import END, FILE, MAPPING
from deploy.feeding.publish import Publication
from deploy.feeding.replay import Hands
from deploy.feeding.replay import replay as play
from deploy.feeding.tables import read_rows
from deploy.looking.lag import settled
from deploy.looking.reading import messages
from shared.contracts.receipt import Receipts
from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.jetstream.connection import Client
from shared.mapping import Mapping, UpstreamEvent

SETTLES_WITHIN_S = 180
LOGS = ("INTAKE", "PROMOTION", "PUBLIC")
BY_CHANCE = frozenset(
    {"overdue_known_at", "withdrawn_known_at", "event_id", "sequence"}
    | {"raised_at", "changed_at", "recorded_at", "raised", "changed"}
    | {"member_id", "member", "key"}
)
"""Columns that say when and where something was recorded: by a sweep or a claim, here or there; and
who somebody is inside."""
OF_THE_ORDER = ("sequence", "digest")
"""Fields of events that come from the order in the log."""
OF_PERSONS = ("member_id", "member", "correspondent", "id")
"""Fields of events that follow from a person's key, which is another one in each suite."""


def events_of(rows: int | None) -> list[UpstreamEvent]:
    return Mapping(MAPPING).events(read_rows(FILE)[:rows])


async def replay(
    client: Client, events: list[UpstreamEvent], faults: Faults | None = None
) -> Publication:
    """As the demo does it: the clock follows, and at last goes past 2019."""

    async def moved(answered: int) -> None:
        if faults:
            await faults.moved(answered)

    publication = await play(Hands.all_of(client), "boston", events, moved, END)
    await asyncio.wait_for(outlasting(client, lambda: settled(client)), SETTLES_WITHIN_S)
    return publication


@dataclass(frozen=True)
class Left:
    """What a replay left behind, without what is up to chance."""

    rows: dict[str, list[tuple[Any, ...]]]
    events: dict[str, Counter[tuple[str, str, str]]]
    """How often each (type, aggregate id, body) stands in each log."""
    receipts: Counter[int]
    """How many messages of the inbox have how many receipts."""


async def left_by(home: Home) -> Left:
    async with home.log() as client:
        events = {stream: await _events(client, stream) for stream in LOGS}
        receipts = await _receipts(client)
    return Left(home.rows(without=BY_CHANCE), events, receipts)


async def _events(client: Client, stream: str) -> Counter[tuple[str, str, str]]:
    found: Counter[tuple[str, str, str]] = Counter()
    async for message in messages(client, stream):
        recorded = decode(message.headers, message.body, message.sequence)
        body = _without_chance(json.loads(message.body))
        kind, of = type(recorded.event).__name__, recorded.event.aggregate_id
        of = of if recorded.event.aggregate != "member" else ""
        found[kind, of, json.dumps(body, sort_keys=True)] += 1
    return found


async def _receipts(client: Client) -> Counter[int]:
    answered: Counter[int] = Counter()
    async for message in messages(client, "RECEIPTS"):
        batch = Receipts.model_validate_json(message.body)
        if (behind := batch.withdrawn_after) is not None:
            answered = Counter({n: count for n, count in answered.items() if n <= behind})
        answered.update(receipt.inbox_sequence for receipt in (*batch.accepted, *batch.refused))
    last = (await client.jetstream().stream_info("INBOX_BOSTON")).state.last_seq
    assert max(answered, default=0) <= last, "a receipt for a message that is not there"
    return Counter(answered[sequence] for sequence in range(1, last + 1))


def _without_chance(body: Any) -> Any:
    """In which order the events of one batch stand is up to where the batch began and ended."""
    if isinstance(body, dict):
        kept = {k: v for k, v in body.items() if k not in OF_THE_ORDER + OF_PERSONS}
        return {k: _without_chance(v) for k, v in kept.items()}
    return [_without_chance(item) for item in body] if isinstance(body, list) else body


async def replayed(home: Home, events: list[UpstreamEvent]) -> Publication:
    """Nothing is killed."""
    async with started(home.suite()) as client:
        return await replay(client, events)
