"""Explains an event or a qualification: the chain of what led to it, with sequences."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

from nats.js.errors import NotFoundError

from deploy.reading import messages
from shared.contracts.member import MemberQualified, ReportCredited
from shared.contracts.proof import digest_of
from shared.contracts.reference import Reference
from shared.contracts.report import ReportFiled
from shared.contracts.routing import logs, streams_of
from shared.eventsourcing.cloudevents import decode
from shared.eventsourcing.event_store import AggregateKey, RecordedEvent
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import message_for
from shared.eventsourcing.jetstream.event_store import JetStreamEventStore
from shared.eventsourcing.jetstream.wire import one_line

AGGREGATES = (("promotion", "member"), ("intake", "report"), ("intake", "check"))
NOT_TOLD = {"text", "answer", "reason", "earned_by", "chains"}


class UnknownIdError(Exception):
    pass


@dataclass(frozen=True)
class Line:
    """One line of the explanation; it is the reason of the line above that has less `depth`."""

    depth: int
    stream: str
    sequence: int
    what: str
    text: str


async def explain(client: Client, given: str) -> list[Line]:
    """`given` is `STREAM/sequence`, an event's id, or the id of a member, report or check.

    Raises UnknownIdError.
    """
    store = JetStreamEventStore(client)
    lines = []
    for recorded in await _find(client, store, given):
        lines += [line async for line in _chain(client, store, recorded, 0)]
    return lines


async def _find(client: Client, store: JetStreamEventStore, given: str) -> list[RecordedEvent]:
    reference = Reference.parse(given.upper())
    if reference and reference.stream in logs():
        recorded = await _at(client, reference)
        return [recorded] if recorded else _unknown(given)
    if not given.isalnum():
        return _unknown(given)
    for service, category in AGGREGATES:
        history = await store.load(AggregateKey(service, category, given))
        qualifications = [r for r in history if isinstance(r.event, MemberQualified)]
        if history:
            return qualifications or history
    for name in logs():
        wanted = ("ce-id", "ce-subject") if name in streams_of("public") else ("ce-id",)
        found = [
            await _at(client, Reference(name, message.sequence))
            async for message in messages(client, name, headers_only=True)
            if given in [message.headers.get(header) for header in wanted]
        ]
        if found:
            return [recorded for recorded in found if recorded]
    return _unknown(given)


def _unknown(given: str) -> list[RecordedEvent]:
    raise UnknownIdError(
        f"nothing in the log has the id {given}; give an event's id, the id of a member, report or"
        " check, or STREAM/sequence such as PROMOTION/1203"
    )


async def _chain(
    client: Client, store: JetStreamEventStore, recorded: RecordedEvent, depth: int
) -> AsyncIterator[Line]:
    yield _line(recorded, depth)
    event = recorded.event
    if isinstance(event, MemberQualified):
        async for line in _earned(client, store, recorded, depth + 1):
            yield line
        return
    if (
        event.aggregate == "report"
        and event.service == "intake"
        and not isinstance(event, ReportFiled)
    ):
        history = await store.load(AggregateKey("intake", "report", event.aggregate_id))
        for filed in [one for one in history if isinstance(one.event, ReportFiled)][:1]:
            yield _line(filed, depth + 1)
            async for line in _cause(client, store, filed, depth + 2):
                yield line
    async for line in _cause(client, store, recorded, depth + 1):
        yield line


async def _earned(
    client: Client, store: JetStreamEventStore, qualified: RecordedEvent, depth: int
) -> AsyncIterator[Line]:
    """The credits before it in the member's log, each with what it was given for; and whether they
    are those that it counted."""
    event = qualified.event
    history = await store.load(AggregateKey("promotion", "member", event.aggregate_id))
    credited = [
        one.event
        for one in history
        if isinstance(one.event, ReportCredited) and one.sequence < qualified.sequence
    ]
    if isinstance(event, MemberQualified):
        digest = digest_of(each.earned_by.id for each in credited)
        proven = digest == event.digest and len(credited) == event.confirmed
        text = "as its digest says" if proven else "NOT those that its digest stands for"
        yield Line(depth, "", 0, f"{len(credited):,} credits", text)
    for each in credited:
        earned = await _at(client, each.earned_by.reference)
        if earned is not None:
            async for line in _chain(client, store, earned, depth + 1):
                yield line


async def _cause(
    client: Client, store: JetStreamEventStore, recorded: RecordedEvent, depth: int
) -> AsyncIterator[Line]:
    reference = Reference.parse(recorded.cause)
    if reference is None:
        text = "released by publishing; what is public carries no trace" * (
            recorded.event.service == "public"
        )
        yield Line(depth, "", 0, text or "a sweep or a command by request; no event led to it", "")
    elif reference.stream in logs():
        cause = await _at(client, reference)
        if cause is not None:
            async for line in _chain(client, store, cause, depth):
                yield line
    else:
        yield await _upstream(client, reference, depth)


async def _upstream(client: Client, reference: Reference, depth: int) -> Line:
    """As its sender wrote it; whatever may stand in a header, nothing of it steers a terminal."""
    message = await message_for(client, reference.stream, {"seq": reference.sequence})
    if message is None:
        return Line(depth, *reference, "upstream event", "not kept any more")
    headers = message.headers
    kind = message.subject.split(".", 2)[2]
    told = f"{headers.get('ce-id', '')} at {headers.get('ce-time', '?')}"
    return Line(depth, *reference, one_line(kind), one_line(told))


async def _at(client: Client, reference: Reference) -> RecordedEvent | None:
    if reference.sequence < 1:
        return None
    try:
        message = await client.jetstream().get_msg(*reference, direct=True)
    except NotFoundError:
        return None
    return decode(message.headers or {}, message.data or b"", reference.sequence)


def _line(recorded: RecordedEvent, depth: int) -> Line:
    """Everything but free text, which may be personal, and long lists."""
    body = json.loads(recorded.event.model_dump_json(exclude=NOT_TOLD))
    told = {k: v for k, v in body.items() if v is not None and k not in ("confidential", "source")}
    text = " ".join(f"{name}={value}" for name, value in told.items())
    return Line(depth, *recorded.reference, type(recorded.event).__name__, text)
