"""The logs by themselves: each event can be read, is there once, and follows the one before."""

import json
from collections.abc import Sequence

from deploy.verify.case import Case
from deploy.verify.expectations import Expectation
from deploy.verify.rows import Rows, rows_on
from deploy.verify.scratch import EventRow, ExpectedRow
from deploy.verify.states import Standing
from shared.contracts.reference import Reference
from shared.contracts.routing import log_of, logs
from shared.eventsourcing.errors import NewerEventError, UnreadableEventError
from shared.eventsourcing.event_store import AggregateKey, RecordedEvent
from shared.eventsourcing.jetstream.reader import Message
from shared.eventsourcing.projections.decoding import Decoded

NOT_FOLDED = (log_of("gate"), log_of("public"))
"""No aggregates stand behind their events."""


async def prove_log(case: Case, stream: str, expected: Sequence[Expectation]) -> None:
    """By itself, and the rows that derive from it: read and decoded once for both."""
    leads_on = [each for each in expected if each.flow.stream == stream]
    async with rows_on(case, stream) as rows:
        await _check_log(case, stream, leads_on, rows)


async def _check_log(
    case: Case, stream: str, expected: Sequence[Expectation], rows: Sequence[Rows]
) -> None:
    """Notes each event for the questions that come later, and what has to follow from it."""
    if stream not in case.ends:
        return
    case.say(f"log {stream}: sequences, ids, revisions, folding")
    due, folds, count = _due(case, expected), stream not in NOT_FOLDED, 0
    async for batch in case.read(stream):
        count += len(batch)
        found = Decoded([], [])
        for message in batch:
            recorded = _decoded(case, stream, message, found)
            if recorded is None:
                continue
            _note(case, stream, recorded)
            if folds:
                _follow(case, stream, recorded)
            for each, through in due.get(recorded.event.type_name(), ()):
                _expect(case, each, recorded, is_due=recorded.sequence <= through)
        for of_service in rows:
            of_service.take(stream, found, batch[-1].sequence)
    case.verdict.looked_at.append(f"{stream}: {count:,} events")


def check_ids(case: Case) -> None:
    """An id stands for one event; that it is there twice is found by comparing them all."""
    case.scratch.ready()
    twice = case.scratch.ask(
        "SELECT stream, id, MIN(sequence), MAX(sequence) FROM event GROUP BY stream, id"
        " HAVING COUNT(*) > 1 ORDER BY 3"
    )
    for stream, event_id, first, last in twice:
        line = f"{stream}/{last}: the id {event_id} came before, at {first}"
        case.wrong(f"ids that occur twice in {stream}", line)


def check_causes(case: Case) -> None:
    """What an event names as its cause has to be there, if it stands in a log."""
    lost = case.scratch.ask(
        "SELECT one.stream, one.sequence, one.cause_stream, one.cause_sequence,"
        " cause.stream IS NULL FROM event one"
        " LEFT JOIN event cause ON cause.stream = one.cause_stream"
        " AND cause.sequence = one.cause_sequence"
        " WHERE one.cause_stream IN (SELECT value FROM json_each(?))"
        " AND (cause.stream IS NULL OR cause.id <> one.cause_id)"
        " ORDER BY 1, 2",
        json.dumps(logs()),
    )
    for stream, sequence, cause_stream, cause_sequence, is_gone in lost:
        what = "is not there" if is_gone else "is another event now"
        line = f"{stream}/{sequence} came of {cause_stream}/{cause_sequence}, which {what}"
        case.wrong(f"events of {stream} without their cause", line)


def _decoded(case: Case, stream: str, message: Message, found: Decoded) -> RecordedEvent | None:
    """None for what can't be proven. `found` gets what read models take of it, who only look."""
    where = f"{stream}/{message.sequence}"
    try:
        recorded = case.codec.decode(message.headers, message.body, message.sequence)
    except NewerEventError as error:
        case.wrong(f"events of {stream} newer than this program", f"{where}: {error}")
        found.add(message, case.codec)
    except Exception as error:  # noqa: BLE001  whatever it is, look at the others
        kind = type(error).__name__
        case.wrong(f"no events in {stream}", f"{where}: is no event that can be read ({kind})")
        found.unreadable.append((message, UnreadableEventError(kind)))
    else:
        found.events.append(recorded)
        if message.subject not in recorded.event.subjects:
            case.wrong(f"subjects in {stream}", f"{where}: stands on the wrong subject")
        return recorded
    return None


def _note(case: Case, stream: str, recorded: RecordedEvent) -> None:
    cause = Reference.parse(recorded.cause) or Reference(recorded.cause.partition("/")[0], 0)
    case.scratch.add(
        EventRow(
            stream,
            recorded.sequence,
            recorded.id,
            recorded.event.aggregate_id,
            cause.stream,
            cause.sequence,
            recorded.causation_id,
        )
    )


def _follow(case: Case, stream: str, recorded: RecordedEvent) -> None:
    event = recorded.event
    key = AggregateKey(event.service, event.aggregate, event.aggregate_id)
    category = case.states.category(key)
    if category is None or key.stream != stream:
        line = f"{stream}/{recorded.sequence}: does not belong into this log"
        case.wrong(f"strangers in {stream}", line)
        return
    revision, state, is_sound = case.states.of(key)
    if recorded.revision != revision + 1:
        is_sound = False
        case.wrong(
            f"revisions in {stream}",
            f"{stream}/{recorded.sequence}: revision {recorded.revision} of {key.id} follows"
            f" {revision}",
        )
    try:
        state = category.decider.evolve(state, event)
    except Exception as error:  # noqa: BLE001
        is_sound = False
        line = f"{stream}/{recorded.sequence}: does not fold ({type(error).__name__})"
        case.wrong(f"folding of {stream}", line)
    case.states.put(key, Standing(recorded.revision, state, is_sound))


def _due(case: Case, expected: Sequence[Expectation]) -> dict[str, list[tuple[Expectation, int]]]:
    """By type of event: what is expected of it, and up to where its flow has come."""
    found: dict[str, list[tuple[Expectation, int]]] = {}
    for each in expected:
        at = case.positions[each.flow.name]
        for kind in each.handles:
            through = at.sequence if kind in at.handles else 0
            found.setdefault(kind, []).append((each, through))
    return found


def _expect(case: Case, each: Expectation, recorded: RecordedEvent, *, is_due: bool) -> None:
    flow = each.flow
    try:
        ids = each.ids(recorded)
    except Exception:  # noqa: BLE001  then its message has to lie in DEAD
        ids = [""]
    for id_ in ids:
        row = ExpectedRow(flow.name, flow.target, id_, flow.stream, recorded.sequence, is_due)
        case.scratch.add(row)
