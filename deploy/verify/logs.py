"""The logs by themselves: each event can be read, is there once, and follows the one before."""

import json
from collections.abc import Sequence

from deploy.verify.case import Case
from deploy.verify.expectations import Expectation
from deploy.verify.scratch import EventRow, ExpectedRow
from deploy.verify.states import Standing
from shared.contracts.reference import Reference
from shared.contracts.routing import logs
from shared.eventsourcing.errors import NewerEventError
from shared.eventsourcing.event_store import AggregateKey, RecordedEvent
from shared.eventsourcing.jetstream.reader import Message


async def check_log(
    case: Case, stream: str, expected: Sequence[Expectation], *, folds: bool
) -> None:
    """Notes each event for the questions that come later, and what has to follow from it; `folds`
    where aggregates stand behind the events."""
    if stream not in case.ends:
        return
    case.say(f"log {stream}: sequences, ids, revisions, folding")
    due = {each.flow.name: _handled(case, each) for each in expected}
    count = 0
    async for message in case.read(stream):
        count += 1
        recorded = _decoded(case, stream, message)
        if recorded is None:
            continue
        _note(case, stream, recorded)
        if folds:
            _follow(case, stream, recorded)
        for each in expected:
            _expect(case, each, due[each.flow.name], recorded)
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


def _decoded(case: Case, stream: str, message: Message) -> RecordedEvent | None:
    where = f"{stream}/{message.sequence}"
    try:
        recorded = case.codec.decode(message.headers, message.body, message.sequence)
    except NewerEventError as error:
        case.wrong(f"events of {stream} newer than this program", f"{where}: {error}")
    except Exception as error:  # noqa: BLE001  whatever it is, look at the others
        kind = type(error).__name__
        case.wrong(f"no events in {stream}", f"{where}: is no event that can be read ({kind})")
    else:
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
    event, where = recorded.event, Reference(stream, recorded.sequence)
    key = AggregateKey(event.service, event.aggregate, event.aggregate_id)
    category = case.states.category(key)
    if category is None or key.stream != stream:
        case.wrong(f"strangers in {stream}", f"{where}: does not belong into this log")
        return
    revision, state, is_sound = case.states.of(key)
    if recorded.revision != revision + 1:
        is_sound = False
        case.wrong(
            f"revisions in {stream}",
            f"{where}: revision {recorded.revision} of {key.id} follows {revision}",
        )
    try:
        state = category.decider.evolve(state, event)
    except Exception as error:  # noqa: BLE001
        is_sound = False
        line = f"{where}: does not fold ({type(error).__name__})"
        case.wrong(f"folding of {stream}", line)
    case.states.put(key, Standing(recorded.revision, state, is_sound))


def _handled(case: Case, each: Expectation) -> tuple[int, frozenset[str]]:
    """Up to where a flow has come, with which types."""
    at = case.positions[each.flow.name]
    return at.sequence, at.handles & each.handles


def _expect(
    case: Case, each: Expectation, done: tuple[int, frozenset[str]], recorded: RecordedEvent
) -> None:
    kind = recorded.event.type_name()
    if kind not in each.handles:
        return
    through, handled = done
    is_due = recorded.sequence <= through and kind in handled
    try:
        ids = each.ids(recorded)
    except Exception:  # noqa: BLE001  then its message has to lie in DEAD
        ids = [""]
    for expected_id in ids:
        case.scratch.add(
            ExpectedRow(
                each.flow.name,
                each.flow.target,
                expected_id,
                recorded.stream,
                recorded.sequence,
                is_due,
            )
        )
