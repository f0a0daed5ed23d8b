"""Explains an event or a qualification: the chain of what led to it, with sequences."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass

from deploy.looking.by_id import behind, found
from deploy.looking.ids import PUBLIC_EVENT, Names
from deploy.looking.lookup import Log, at, history, newest
from deploy.looking.why_drawn import in_words_of as drawn_in_words
from deploy.looking.why_due import in_words_of
from shared.contracts.actor import in_words
from shared.contracts.check import CheckOpened
from shared.contracts.checking import CheckersDrawn
from shared.contracts.event import Event
from shared.contracts.member import MemberQualified, OutcomeTakenBack, ReportCredited
from shared.contracts.proof import OF_NONE, extended
from shared.contracts.reference import Reference
from shared.contracts.report import ReportFiled
from shared.contracts.routing import logs
from shared.eventsourcing.codec import PLAIN, Codec
from shared.eventsourcing.event_store import AggregateKey, RecordedEvent
from shared.eventsourcing.jetstream.connection import Client
from shared.eventsourcing.jetstream.ends import message_for
from shared.eventsourcing.jetstream.wire import one_line

NOT_TOLD = {
    *("text", "answer", "reason", "earned_by", "chains", "checks", "reckoning", "words"),
    *("candidates", "drawn", "passed_over", "agreed", "ties", "societies"),
}


class UnknownIdError(Exception):
    pass


@dataclass(frozen=True)
class Line:
    """One line of the explanation; it is the reason of the line above that has less `depth`. `by`
    says who did it, as far as it is known, and nobody's name."""

    depth: int
    stream: str
    sequence: int
    what: str
    text: str
    by: str = ""


async def explain(
    client: Client, given: str, codec: Codec = PLAIN, names: Names | None = None
) -> AsyncIterator[Line]:
    """`given` is `STREAM/sequence`, an event's id, or the id of a member, report or check: the
    log's own, a public one, or the number that a source gave it. Lines come as they are found,
    however many they are.

    Raises UnknownIdError before the first.
    """
    log, names, is_known = Log(client, codec), names or Names(), False
    given, public = given.removeprefix(PUBLIC_EVENT), dict[str, None]()
    async for recorded in found(log, given, names):
        is_known = True
        async for line in _chain(log, recorded, 0):
            yield line
        if recorded.event.service == "public":
            public[recorded.event.aggregate_id] = None
    async for recorded in behind(log, names, public if is_known else {given: None}):
        is_known = True
        async for line in _chain(log, recorded, 0):
            yield line
    if not is_known:
        raise UnknownIdError(
            f"nothing in the log has the id {given}; give an event's id, the id of a member, report"
            " or check (as pages show it, as a receipt does, or a source's own number), or"
            " STREAM/sequence such as PROMOTION/1203"
        )


async def _chain(log: Log, recorded: RecordedEvent, depth: int) -> AsyncIterator[Line]:
    yield _line(recorded, depth)
    event = recorded.event
    if isinstance(event, MemberQualified):
        async for line in _earned(log, recorded, depth + 1):
            yield line
        return
    if (reckoning := getattr(event, "reckoning", None)) is not None:
        yield Line(depth + 1, "", 0, "due date", in_words_of(reckoning))
    if isinstance(event, CheckersDrawn):
        yield Line(depth + 1, "", 0, "draw", await drawn_in_words(log, event))
    if (report_id := _rests_on(event)) is not None:
        key = AggregateKey("intake", "report", report_id)
        if filed := await newest(log, key, ReportFiled):
            yield _line(filed, depth + 1)
            async for line in _cause(log, filed, depth + 2):
                yield line
    async for line in _cause(log, recorded, depth + 1):
        yield line


def _rests_on(event: Event) -> str | None:
    """The report without whose filing it would not be so."""
    if isinstance(event, CheckOpened):
        return event.report_id if event.shielded else None
    is_of_report = (event.service, event.aggregate) == ("intake", "report")
    return event.aggregate_id if is_of_report and not isinstance(event, ReportFiled) else None


async def _earned(log: Log, qualified: RecordedEvent, depth: int) -> AsyncIterator[Line]:
    """The credits before it in the member's log, each with what it was given for; and whether they
    are those that it counted."""
    event, count, digest = qualified.event, 0, OF_NONE
    async for credited in _credits(log, qualified):
        count, digest = count + 1, extended(digest, credited.earned_by.id)
    if isinstance(event, MemberQualified):
        back = await _taken_back(log, qualified)
        proven = digest == event.digest and count - back == event.confirmed
        text = "as its digest says" if proven else "NOT those that its digest stands for"
        text = f"{back:,} of them taken back; {text}" if back else text
        yield Line(depth, "", 0, f"{count:,} credits", text)
    async for credited in _credits(log, qualified):
        earned = await at(log, credited.earned_by.reference)
        if earned is not None:
            async for line in _chain(log, earned, depth + 1):
                yield line


async def _taken_back(log: Log, qualified: RecordedEvent) -> int:
    key = AggregateKey("promotion", "member", qualified.event.aggregate_id)
    back = 0
    async with aclosing(history(log, key, OutcomeTakenBack)) as found:
        async for one in found:
            if one.sequence < qualified.sequence and isinstance(one.event, OutcomeTakenBack):
                back += one.event.outcome == "confirmed"
    return back


async def _credits(log: Log, qualified: RecordedEvent) -> AsyncIterator[ReportCredited]:
    key = AggregateKey("promotion", "member", qualified.event.aggregate_id)
    async with aclosing(history(log, key, ReportCredited)) as found:
        async for one in found:
            if one.sequence > qualified.sequence:
                return
            if isinstance(one.event, ReportCredited):
                yield one.event


async def _cause(log: Log, recorded: RecordedEvent, depth: int) -> AsyncIterator[Line]:
    reference = Reference.parse(recorded.cause)
    if reference is None:
        text = "released by publishing; what is public carries no trace" * (
            recorded.event.service == "public"
        )
        by = in_words(recorded.actor) or "a sweep or a command by request"
        yield Line(depth, "", 0, text or f"{by}; no event led to it", "")
    elif reference.stream in logs():
        cause = await at(log, reference)
        if cause is not None:
            async for line in _chain(log, cause, depth):
                yield line
    else:
        yield await _upstream(log, reference, depth)


async def _upstream(log: Log, reference: Reference, depth: int) -> Line:
    """Without its `ce-id`, which may say who somebody is; it stands in the inbox, and in receipts.
    Whatever may stand in a header, nothing of it steers a terminal."""
    message = await message_for(log.client, reference.stream, {"seq": reference.sequence})
    if message is None:
        return Line(depth, *reference, "upstream event", "not kept any more")
    kind = message.subject.split(".", 2)[2]
    said = message.headers.get("ce-time")
    return Line(depth, *reference, one_line(kind), one_line(f"at {said}") if said else "")


def _line(recorded: RecordedEvent, depth: int) -> Line:
    """Everything but free text, which may be personal, and long lists."""
    body = json.loads(recorded.event.model_dump_json(exclude=NOT_TOLD))
    told = {k: v for k, v in body.items() if v is not None and k not in ("confidential", "source")}
    text = " ".join(f"{name}={value}" for name, value in told.items())
    what, by = type(recorded.event).__name__, in_words(recorded.actor)
    return Line(depth, *recorded.reference, what, text, by)
